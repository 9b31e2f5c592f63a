import { randomUUID } from "node:crypto";
import {
  currentNumber,
  listNumbers,
  loadNumber,
  type NumberRecord,
  purchaseNumber,
  releaseNumber,
  renewsAt,
  searchNumbers,
  tendNumbers,
  updateNumber,
} from "@aira/core/numbers";
import { createNumberPrices, parseExchangeRates } from "@aira/core/pricing";
import { keys, type Table } from "@aira/core/table";
import { asRequest, type OperationRow, type Stage } from "./operation.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const LISTED = 100;

export const PURCHASE = "purchase of a number";
export const PURCHASE_REQUEST = "the same as a request, with its record";
export const LOOKUP = "whose is the number that is called";
export const MONTH = "schedule of numbers, one month charged";
export const NOTHING_DUE = "schedule of numbers, nothing due";
export const LISTING = `a list of ${LISTED} numbers`;

const table = ({ ports }: Stage): Table => ports.table;

/** A number that somebody has, with money for a month. */
async function boughtNumber(stage: Stage): Promise<NumberRecord> {
  return (await stage.numbers.bought(table(stage), { restMinor: 1_000 })).number;
}

async function purchase(stage: Stage) {
  // As identity providers name their users: a key is part of what is billed.
  const request = await stage.numbers.request(table(stage), { owner: randomUUID() });
  return { request, run: () => purchaseNumber(stage.numbers.ports(table(stage)), request) };
}

async function purchaseRequest(stage: Stage) {
  const { request, run } = await purchase(stage);
  const body = async () => ({ status: 201, body: JSON.stringify((await run()).number) });
  return asRequest(stage, { owner: request.owner, route: "POST /api/numbers/purchase", input: request }, body);
}

const REMINDER_DAYS = 3;

/** What is due is looked for in the whole table, so a number is left alone in it, and the clock put to where `when` says. */
async function alone(stage: Stage, when: (number: NumberRecord) => number): Promise<() => Promise<unknown>> {
  for (const { phone_number } of stage.numbers.twilio.store.numbers.values()) await stage.numbers.forget(table(stage), phone_number);
  const given = stage.numbers.ports(table(stage));
  const ports = { ...given, policy: { ...given.policy, reminderDays: REMINDER_DAYS } };
  const { number } = await purchaseNumber(ports, await stage.numbers.request(table(stage), { restMinor: 1_000 }));
  stage.numbers.pass(when(number) - stage.numbers.clock());
  return () => tendNumbers(ports);
}

/** From a search to giving a number back. */
export const numberOperations: readonly OperationRow[] = [
  {
    name: "search for numbers",
    floor: "none",
    prepare: async (stage) => {
      const { provider } = stage.numbers.ports(table(stage));
      const rates = parseExchangeRates("INR=90.00");
      const prices = createNumberPrices({ provider, clock: stage.numbers.clock, rates, onFailure: () => {} });
      const query = { country: "GB", type: "local", currency: "USD", limit: 20 } as const;
      // A container asks for a country's prices once in hours.
      await prices.quote(query.country, query.type, query.currency);
      return () => searchNumbers({ provider, prices }, query);
    },
  },
  { name: PURCHASE, floor: "wallet + entry", prepare: async (stage) => (await purchase(stage)).run },
  { name: PURCHASE_REQUEST, floor: "wallet + entry", prepare: purchaseRequest },
  {
    name: "the same purchase once more, its record gone",
    floor: "none",
    prepare: async (stage) => {
      const { run } = await purchase(stage);
      await run();
      return run;
    },
  },
  {
    name: "the same purchase once more",
    floor: "none",
    prepare: async (stage) => {
      const again = await purchaseRequest(stage);
      await again();
      return again;
    },
  },
  {
    name: LOOKUP,
    floor: "read",
    prepare: async (stage) => {
      const { phoneNumber } = await boughtNumber(stage);
      return () => loadNumber(table(stage), phoneNumber);
    },
  },
  {
    name: LISTING,
    floor: "page",
    prepare: async (stage) => {
      const number = await boughtNumber(stage);
      // Nothing is ever due for the copies.
      const { gsi2pk: _, gsi2sk: __, ...item } = (await table(stage).get(keys.number(number.phoneNumber))) ?? {};
      for (let n = 1; n < LISTED; n++) {
        const numberId = `${number.numberId.slice(0, -4)}${1_000 + n}`;
        await table(stage).write({ put: { ...item, ...keys.number(`+1999000${1_000 + n}`), numberId, gsi1sk: numberId } });
      }
      return () => listNumbers({ table: table(stage) }, { owner: number.owner, limit: LISTED });
    },
  },
  {
    name: "one number",
    floor: "read",
    prepare: async (stage) => {
      const { owner, numberId } = await boughtNumber(stage);
      return () => currentNumber({ table: table(stage) }, owner, numberId);
    },
  },
  {
    name: "change of its settings",
    floor: "item",
    prepare: async (stage) => {
      const { owner, numberId } = await boughtNumber(stage);
      const { clock } = stage.numbers;
      return () => updateNumber({ table: table(stage), clock }, { owner, numberId, patch: { greeting: "Good morning" } });
    },
  },
  {
    name: "give a number back",
    floor: "item",
    prepare: async (stage) => {
      const { owner, numberId } = await boughtNumber(stage);
      return () => releaseNumber(stage.numbers.ports(table(stage)), { owner, numberId, dryRun: false });
    },
  },
  { name: NOTHING_DUE, floor: "none", prepare: (stage) => alone(stage, ({ createdAt }) => Date.parse(createdAt)) },
  { name: "schedule of numbers, one reminder", floor: "item", prepare: (stage) => alone(stage, (number) => renewsAt(number) - DAY_MS) },
  {
    name: MONTH,
    floor: "wallet + entry",
    prepare: async (stage) => {
      const remind = await alone(stage, (number) => renewsAt(number) - DAY_MS);
      await remind();
      stage.numbers.pass(DAY_MS + HOUR_MS);
      return remind;
    },
  },
];
