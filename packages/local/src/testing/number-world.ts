import { adjust } from "@aira/core/ledger";
import { createTwilioProvider, type NumberPorts, type NumberProvider, type PurchaseNumber, purchaseNumber } from "@aira/core/numbers";
import { keys, shardOf, shards, type Table } from "@aira/core/table";
import { createRequestLog, createTwilioState, SANDBOX_ACCOUNT_SID, SANDBOX_AUTH_TOKEN, sandboxFetch } from "../twilio/index.ts";
import { freshOwner, ledgerPorts } from "./table-under-test.ts";

const DAY_MS = 86_400_000;

export const NUMBER_PRICE = { setUpMinor: 100, monthlyMinor: 115, dueNowMinor: 215 } as const;

let worlds = 0;

/** Numbers that some run has: worlds may share a table. */
const used = new Set<string>();

const SHARD = shards[7];

/** What is on sale, of one shard: so whoever walks through what is due finds each of them at the same step of the way. */
async function* onSale(provider: NumberProvider): AsyncGenerator<string, void> {
  const everywhere = (await provider.search({ country: "US", type: "local", limit: 1_000 })).map(({ phoneNumber }) => phoneNumber);
  const isOurs = (phoneNumber: string) => shardOf(phoneNumber) === SHARD;
  yield* everywhere.filter(isOurs);
  for (const areaCode of new Set(everywhere.map((phoneNumber) => phoneNumber.slice(2, 5)))) {
    const found = await provider.search({ country: "US", type: "local", areaCode, limit: 1_000 });
    yield* found.map(({ phoneNumber }) => phoneNumber).filter((phoneNumber) => isOurs(phoneNumber) && !everywhere.includes(phoneNumber));
  }
}

/** A Twilio of its own behind the real adapter, and a clock that a test can push: what stands around core/numbers. */
export type NumberWorld = ReturnType<typeof numberWorld>;

export function numberWorld(startMs: number = Date.now()) {
  let nowMs = startMs;
  const clock = () => nowMs;
  const twilio = createTwilioState({ clock, seed: ++worlds });
  const log = createRequestLog();
  const sandbox = sandboxFetch(twilio, { log });
  const ports = (table: Table, fetchLike: typeof fetch = sandbox): NumberPorts => ({
    ...ledgerPorts(table),
    clock,
    provider: createTwilioProvider({
      accountSid: SANDBOX_ACCOUNT_SID,
      authToken: SANDBOX_AUTH_TOKEN,
      addresses: () => undefined,
      bundles: () => undefined,
      wait: async () => undefined,
      fetch: fetchLike,
    }),
    prices: { quote: async (_country, _type, currency) => ({ currency, ...NUMBER_PRICE }) },
    policy: {
      numbersPerOwner: 200,
      purchasesPerDay: 200,
      reminderDays: 0,
      graceDays: 5,
      suspendedDays: 10,
      coolDownDays: 2,
    },
    stage: "test",
    publicUrl: "https://aira.example",
  });

  let stock: AsyncGenerator<string, void> | undefined;
  return {
    twilio,
    log,
    /** What goes to Twilio, for laying faults over it. */
    fetch: sandbox,
    clock,
    ports,
    pass(ms: number) {
      nowMs += ms;
    },
    passDays(days: number) {
      nowMs += days * DAY_MS;
    },
    /** A number that is on sale and that no other run has. */
    async freshNumber(table: Table): Promise<string> {
      stock ??= onSale(ports(table).provider);
      for (;;) {
        const { value, done } = await stock.next();
        if (done) throw new Error("the sandbox has sold every number of the shard");
        if (used.has(value)) continue;
        used.add(value);
        return value;
      }
    },
    /** What somebody asks for who has the money for it, and `restMinor` beside. */
    async request(table: Table, { restMinor = 0, owner = freshOwner("number-owner") } = {}): Promise<PurchaseNumber> {
      await this.fund(table, owner, NUMBER_PRICE.dueNowMinor + restMinor);
      const phoneNumber = await this.freshNumber(table);
      const what = { phoneNumber, country: "US", type: "local", currency: "USD", expectedMinor: NUMBER_PRICE.dueNowMinor } as const;
      return { owner, idempotencyKey: freshOwner("key"), ...what };
    },
    fund(table: Table, owner: string, amountMinor: number) {
      const adjustmentId = freshOwner("number-money");
      return adjust(ports(table), { owner, adjustmentId, currency: "USD", amountMinor, reason: "Test", actor: "operator" });
    },
    /** A number that somebody has bought. */
    async bought(table: Table, terms?: { readonly restMinor?: number; readonly owner?: string }) {
      const request = await this.request(table, terms);
      const { number } = await purchaseNumber(ports(table), request);
      return { request, number };
    },
    /** Out of the way of the runs behind, whose schedule would find it due. */
    forget: (table: Table, phoneNumber: string) => table.write({ delete: keys.number(phoneNumber) }),
  };
}
