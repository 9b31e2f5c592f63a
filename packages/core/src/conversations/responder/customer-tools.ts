import { CURRENCIES, type Currency, type Proposal } from "@aira/contract";
import type * as z from "zod/mini";
import { AiraError } from "../../lib/index.ts";
import { decimalOf, minorOf } from "./money-text.ts";
import type { Tool } from "./responder.ts";
import type { CustomerToolPorts, ToolPrice } from "./tool-ports.ts";
import { TOOLS, type ToolInput, type ToolName, type ToolOutput, toolNames } from "./tools.ts";

/** How many a list tells unless asked for another number, and how many numbers a search offers. */
const LISTED = 5;
const OFFERED = 3;
/** A text thread is not missed, and neither is a call of ours. */
const MISSED: ReadonlySet<string> = new Set(["no_answer", "busy", "failed", "canceled"]);
const NOTE = "Shown to the customer. Nothing is bought or paid before they confirm it.";

interface Answer<N extends ToolName> {
  readonly data: ToolOutput<N>;
  readonly proposals?: readonly Proposal[];
}

type Runs = { readonly [N in ToolName]: (ports: CustomerToolPorts, input: ToolInput<N>) => Promise<Answer<N>> };

const priced = ({ currency, setUpMinor, monthlyMinor, dueNowMinor }: ToolPrice) => ({
  currency,
  setUpMinor,
  monthlyMinor,
  dueNowMinor,
  setUp: decimalOf(setUpMinor, currency),
  monthly: decimalOf(monthlyMinor, currency),
  dueNow: decimalOf(dueNowMinor, currency),
});

/** Each field is named: what a port knows beyond them reaches no model. */
const RUNS: Runs = {
  async read_balance(ports) {
    const { balances, frozen, restricted } = await ports.balance();
    const told = balances.map(({ currency, availableMinor, heldMinor }) => ({
      currency,
      availableMinor,
      heldMinor,
      available: decimalOf(availableMinor, currency),
      held: decimalOf(heldMinor, currency),
    }));
    return { data: { balances: told, frozen, restricted } };
  },

  async list_transactions(ports, { limit = LISTED }) {
    const entries = await ports.transactions(limit);
    const told = entries.slice(0, limit).map(({ at, kind, currency, amountMinor, heldMinor, description }) => {
      const netMinor = amountMinor + heldMinor;
      return { at, kind, currency, netMinor, net: decimalOf(netMinor, currency), description };
    });
    return { data: { transactions: told } };
  },

  async list_numbers(ports) {
    const numbers = await ports.numbers();
    const told = numbers.map(({ phoneNumber, country, type, state, currency, monthlyMinor, renewsAt }) => {
      return { phoneNumber, country, type, state, currency, monthlyMinor, monthly: decimalOf(monthlyMinor, currency), renewsAt };
    });
    return { data: { numbers: told } };
  },

  async search_numbers(ports, { country, currency, type = "local", areaCode, contains }) {
    const { numbers, reason } = await ports.search({ country, type, areaCode, contains, currency, limit: OFFERED });
    const told = numbers.slice(0, OFFERED).map((number) => ({
      phoneNumber: number.phoneNumber,
      country: number.country,
      type: number.type,
      region: number.region,
      locality: number.locality,
      capabilities: [...number.capabilities],
      addressRequirement: number.addressRequirement,
      price: priced(number.price),
    }));
    return { data: { numbers: told, reason: reason?.code ?? null } };
  },

  async number_prices(ports, { country, type, currency }) {
    const price = await ports.prices(country, type, currency);
    return { data: { price: price === undefined ? null : priced(price) } };
  },

  async list_conversations(ports, { limit = LISTED, kind }) {
    const all = await ports.conversations(limit);
    // What others said and wrote is not told: it would be read by a model that speaks with the customer.
    const told = all
      .filter((one) => kind === undefined || one.kind === kind)
      .slice(0, limit)
      .map(({ kind: of, direction, status, peer, voicemail, startedAt }) => {
        const missed = of === "call" && direction === "inbound" && (voicemail || MISSED.has(status));
        return { kind: of, direction, status, peer, missed, voicemail, startedAt };
      });
    return { data: { conversations: told } };
  },

  async propose_top_up(_ports, { currency, amount }) {
    const amountMinor = minorOf(amount, currency);
    const { floorMinor, ceilingMinor } = CURRENCIES[currency];
    if (amountMinor === undefined || amountMinor < floorMinor || amountMinor > ceilingMinor)
      throw new AiraError("request.invalid", `A top-up is from ${bounds(currency)}.`);
    return { data: { proposed: true, note: NOTE }, proposals: [{ kind: "top_up", currency, amountMinor }] };
  },

  async propose_purchase(ports, { phoneNumber, country, type, currency }) {
    // The price is ours, whatever a model believes it to be; the purchase itself verifies number, country and type.
    const price = await ports.prices(country, type, currency);
    if (price === undefined) throw new AiraError("number.not_available", "Numbers of this kind are not sold.");
    const proposal: Proposal = {
      kind: "purchase_number",
      phoneNumber,
      currency,
      expectedMinor: price.dueNowMinor,
      expectedMonthlyMinor: price.monthlyMinor,
      country,
      type,
    };
    return { data: { proposed: true, note: NOTE }, proposals: [proposal] };
  },
};

function bounds(currency: Currency): string {
  const { floorMinor, ceilingMinor } = CURRENCIES[currency];
  return `${decimalOf(floorMinor, currency)} to ${decimalOf(ceilingMinor, currency)} ${currency}`;
}

function parseInput<N extends ToolName>(name: N, input: unknown): ToolInput<N> {
  const parsed = TOOLS[name].input.safeParse(input);
  if (parsed.success) return parsed.data as ToolInput<N>;
  const errors = parsed.error.issues.map(fieldError);
  throw new AiraError("request.invalid", `The input of ${name} does not follow its schema.`, { errors });
}

const fieldError = (issue: z.core.$ZodIssue) => ({
  field: ["input", ...issue.path.map(String)].join("."),
  rule: issue.code,
  detail: issue.code === "unrecognized_keys" ? `unknown: ${issue.keys.join(", ")}` : issue.message,
});

const toolOf = <N extends ToolName>(name: N, ports: CustomerToolPorts): Tool => ({
  name,
  description: TOOLS[name].description,
  input: TOOLS[name].json,
  run: async (input) => RUNS[name](ports, parseInput(name, input)),
});

/**
 * The assistant's tools for one customer: the ports are bound to the owner already. An input that breaks its schema, or names a field that
 * the schema lacks, is refused with `request.invalid` before any port is asked. They read and propose; none buys, pays or changes anything.
 */
export const customerTools = (ports: CustomerToolPorts): readonly Tool[] => toolNames.map((name) => toolOf(name, ports));
