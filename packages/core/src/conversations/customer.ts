import { type LedgerPorts, listEntries, readBalances } from "../ledger/index.ts";
import { iso } from "../lib/index.ts";
import { isInUse, listNumbers, type NumberPorts, renewsAt, searchNumbers } from "../numbers/index.ts";
import { listConversations } from "./list.ts";
import type { CustomerToolPorts } from "./responder/tool-ports.ts";

/** What the assistant's tools are made of. The provider is asked for only when a tool needs it. */
export interface CustomerPorts extends LedgerPorts {
  readonly market: () => Promise<Pick<NumberPorts, "provider" | "prices">>;
}

const NUMBERS = 50;

/** What one owner's tools read. The owner is bound here and nowhere else. */
export function customerToolPorts(ports: CustomerPorts, owner: string): CustomerToolPorts {
  return {
    balance: () => readBalances(ports, owner),
    transactions: async (limit) => (await listEntries(ports, owner, { limit })).entries,
    numbers: async () => {
      const { numbers } = await listNumbers(ports, { owner, limit: NUMBERS });
      return numbers.map((number) => ({
        ...number,
        renewsAt: isInUse(number.state) ? iso(renewsAt(number)) : null,
      }));
    },
    search: async (query) => searchNumbers(await ports.market(), query),
    prices: async (country, type, currency) => (await ports.market()).prices.quote(country, type, currency),
    conversations: async (limit) => {
      const { conversations } = await listConversations(ports, { owner, limit });
      return conversations
        .filter(({ kind }) => kind !== "chat")
        .map(({ kind, direction, status, peer, voicemail, startedAt }) => ({
          kind,
          direction,
          status,
          peer: peer ?? null,
          voicemail: voicemail !== undefined,
          startedAt,
        }));
    },
  };
}
