import type { AvailableNumber, OwnedNumber, Problem } from "@aira/contract";
import { type Client, createClient } from "@aira/contract/client";
import { adjust } from "@aira/core/ledger";
import { purchaseNumber, tendNumbers } from "@aira/core/numbers";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import type * as z from "zod/mini";
import { type Runtime, startRuntime } from "../../../local/src/runtime.ts";
import type { SwitchInput } from "../../../local/src/twilio/index.ts";
import { ledgerPorts, numberPorts } from "../edge/services.ts";

vi.setConfig({ testTimeout: 90_000 });
// Before the handlers are imported, who would fill the test's output.
vi.hoisted(() => {
  process.env.POWERTOOLS_METRICS_DISABLED = "true";
});

type Available = z.infer<typeof AvailableNumber>;
type Owned = z.infer<typeof OwnedNumber>;

let app: Runtime;
beforeAll(async () => {
  app = await startRuntime({ environment: { LOG_LEVEL: "ERROR", PURCHASES_PER_DAY: "3" }, log: () => {} });
});
afterEach(() => twilio().switches.set({}));
afterAll(() => app?.stop());

const DAY_MS = 86_400_000;
const twilio = () => app.twilio!;
const clientOf = (sub: string, groups: readonly string[] = []): Client =>
  createClient({ baseUrl: app.url, token: async () => (await app.identity?.mint({ sub, groups })) ?? "" });

let names = 0;
/** A customer with so much money. */
async function customerWith(amountMinor: number) {
  const owner = `customer-${++names}`;
  await adjust(ledgerPorts(), { owner, adjustmentId: `adj_${owner}`, currency: "USD", amountMinor, reason: "test", actor: "test" });
  return { owner, client: clientOf(owner) };
}

const usd = async (client: Client) => (await client.getBalance()).balances.find(({ currency }) => currency === "USD");
const problemOf = (promise: Promise<unknown>): Promise<Problem> =>
  promise.then(
    () => Promise.reject(new Error("it was not refused")),
    (error) => error.problem,
  );

/** A number that nobody has taken in this file yet. */
async function available(client: Client): Promise<Available> {
  const { numbers } = await client.searchNumbers({ query: { country: "US", areaCode: "415", limit: 50 } });
  return numbers[0]!;
}

const termsOf = ({ phoneNumber, price }: Available) => ({ phoneNumber, currency: price.currency, expectedMinor: price.dueNowMinor });

let keys = 0;
const freshKey = () => `purchase-${++keys}`;

/** With its status and headers, which the client keeps to itself. */
async function purchase(owner: string, key: string, body: object) {
  const answer = await fetch(`${app.url}/api/numbers/purchase`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${await app.identity?.mint({ sub: owner })}`,
      "content-type": "application/json",
      "idempotency-key": key,
    },
    body: JSON.stringify(body),
  });
  return { status: answer.status, replayed: answer.headers.get("idempotency-replayed"), body: (await answer.json()) as Owned };
}

const switchOn = (settings: SwitchInput) => void twilio().switches.set(settings);
const ordered = () => twilio().log.entries({ operation: "numbers.create" }).length;

test("numbers of three countries are found with our price in the wallet's currency, and what is not sold is an empty list with its reason", async () => {
  const client = clientOf("searcher");
  for (const [country, type] of [
    ["US", "local"],
    ["GB", "mobile"],
    ["CA", "toll_free"],
  ] as const) {
    const { numbers, types, reason } = await client.searchNumbers({ query: { country, type, currency: "INR", limit: 5 } });
    expect(reason, country).toBeNull();
    expect(types, country).toContain(type);
    expect(numbers.length, country).toBeGreaterThan(0);
    for (const number of numbers) {
      expect(number).toMatchObject({ country, type, price: { currency: "INR" } });
      expect(number.price.dueNowMinor).toBe(number.price.setUpMinor + number.price.monthlyMinor);
      expect(Object.keys(number.price).sort()).toEqual(["currency", "dueNowMinor", "monthlyMinor", "setUpMinor"]);
    }
  }
  expect(await client.searchNumbers({ query: { country: "KP" } })).toMatchObject({ numbers: [], reason: { code: "country_not_sold" } });
  expect(await client.searchNumbers({ query: { country: "US", type: "mobile" } })).toMatchObject({ reason: { code: "type_not_sold" } });
  const voices = await client.searchNumbers({ query: { country: "US", capabilities: "voice,sms", contains: "415*" } });
  for (const { capabilities } of voices.numbers) expect(capabilities).toEqual(expect.arrayContaining(["voice", "sms"]));
  const { countries } = await client.listNumberCountries();
  expect(countries.find(({ country }) => country === "US")).toMatchObject({ name: "United States", types: ["local", "toll_free"] });
});

test("a number is bought, listed, changed and given back, and the statement explains it", async () => {
  const { owner, client } = await customerWith(1_000);
  const number = await available(client);
  const key = freshKey();
  const bought = await purchase(owner, key, { ...termsOf(number), friendlyName: "Front desk" });
  const { numberId, purchaseId } = bought.body;
  expect(bought).toMatchObject({
    status: 201,
    body: { phoneNumber: number.phoneNumber, state: "active", settings: { friendlyName: "Front desk" } },
  });
  const orders = ordered();
  const again = await purchase(owner, key, { ...termsOf(number), friendlyName: "Front desk" });
  expect(again).toEqual({ ...bought, replayed: "true" });
  expect(ordered()).toBe(orders);
  expect(await usd(client)).toMatchObject({ availableMinor: 700, heldMinor: 0 });

  expect((await client.listNumbers()).numbers).toEqual([bought.body]);
  const params = { numberId };
  expect(await client.getNumber({ params })).toEqual(bought.body);
  const changed = await client.updateNumber({
    params,
    body: {
      greeting: "Namaste",
      language: "hi-IN",
      businessHours: { timeZone: "Asia/Kolkata", days: { mon: [{ from: "09:00", to: "17:30" }] } },
    },
  });
  expect(changed.settings).toMatchObject({ friendlyName: "Front desk", greeting: "Namaste", language: "hi-IN" });
  expect(await client.getNumber({ params })).toEqual(changed);

  const asked = await client.releaseNumber({ params, body: { dryRun: true } });
  expect(asked).toMatchObject({ dryRun: true, refundMinor: 0, number: { state: "active" } });
  expect(asked.losses.join(" ")).toContain("can't be got back");
  const released = await client.releaseNumber({ params, body: {} });
  expect(released).toMatchObject({ dryRun: false, number: { state: "released", renewsAt: null } });
  expect(twilio().state.store.numbers.size).toBe(0);
  expect((await client.listNumbers()).numbers).toEqual([]);
  expect((await client.listNumbers({ query: { state: "released" } })).numbers).toMatchObject([{ numberId }]);
  expect((await client.listNotices()).notices).toMatchObject([{ kind: "number.released", numberId }]);
  const { transactions } = await client.listTransactions({ query: { reference: purchaseId } });
  expect(transactions.map(({ kind, amountMinor, heldMinor }) => [kind, amountMinor, heldMinor])).toEqual([
    ["capture", 0, -300],
    ["authorization", -300, 300],
  ]);
  // In its cool-down it is nobody's, although Twilio would sell it.
  expect(await problemOf(client.purchaseNumber({ body: termsOf(number) }, { idempotencyKey: freshKey() }))).toMatchObject({
    code: "number.not_available",
  });
});

test("another customer's number is not found, whatever is asked of it", async () => {
  const { client } = await customerWith(1_000);
  const params = await client.purchaseNumber({ body: termsOf(await available(client)) }, { idempotencyKey: freshKey() });
  const stranger = clientOf("stranger");
  for (const attempt of [
    () => stranger.getNumber({ params }),
    () => stranger.updateNumber({ params, body: { greeting: "mine" } }),
    () => stranger.releaseNumber({ params, body: {} }),
    () => stranger.releaseNumber({ params, body: { dryRun: true } }),
  ])
    expect(await problemOf(attempt())).toMatchObject({ status: 404, code: "number.not_found" });
  expect(await client.getNumber({ params })).toEqual(params);
});

test("a purchase without an answer is 202 with the money held, is kept for no repeat, and the same key finds out", async () => {
  const { owner, client } = await customerWith(1_000);
  const number = await available(client);
  const key = freshKey();
  // Bought, the answer lost, and the list does not know of it yet.
  switchOn({ listLagMs: 3_600_000, failNext: [{ operation: "numbers.create", when: "after", answer: "reset" }] });
  const first = await purchase(owner, key, termsOf(number));
  expect(first).toMatchObject({ status: 202, replayed: null, body: { state: "pending", paidThrough: null } });
  expect(await usd(client)).toMatchObject({ availableMinor: 700, heldMinor: 300 });
  expect(await purchase(owner, key, termsOf(number))).toMatchObject({ status: 202, replayed: null });
  expect(await problemOf(client.releaseNumber({ params: first.body, body: {} }))).toMatchObject({ status: 409, code: "number.pending" });

  switchOn({});
  const orders = ordered();
  expect(await purchase(owner, key, termsOf(number))).toMatchObject({ status: 201, replayed: null, body: { state: "active" } });
  expect(await purchase(owner, key, termsOf(number))).toMatchObject({ status: 201, replayed: "true" });
  expect(ordered()).toBe(orders);
  expect(await usd(client)).toMatchObject({ availableMinor: 700, heldMinor: 0 });
});

test("a purchase without an answer is settled by the schedule, whether or not anybody asks again", async () => {
  const { owner, client } = await customerWith(1_000);
  switchOn({ listLagMs: 3_600_000, failNext: [{ operation: "numbers.create", when: "after", answer: 503 }] });
  const { body } = await purchase(owner, freshKey(), termsOf(await available(client)));
  expect(body.state).toBe("pending");
  switchOn({});
  const ports = await numberPorts();
  await tendNumbers({ ...ports, clock: () => Date.now() + 60_000 });
  expect(await client.getNumber({ params: body })).toMatchObject({ state: "active" });
});

test("a price that moved is refused with the new one, too little money with what is missing; neither uses the key up", async () => {
  const { owner, client } = await customerWith(250);
  const number = await available(client);
  const key = freshKey();
  const moved = await purchase(owner, key, { ...termsOf(number), expectedMinor: 299 });
  expect(moved).toMatchObject({ status: 409, body: { code: "number.price_moved", price: number.price } });
  expect(await purchase(owner, key, { ...termsOf(number), expectedMonthlyMinor: 199 })).toMatchObject({ status: 409 });
  const poor = await purchase(owner, key, termsOf(number));
  expect(poor).toMatchObject({ status: 402, body: { code: "wallet.insufficient_funds", missingMinor: 50 } });
  await adjust(ledgerPorts(), { owner, adjustmentId: "adj_more", currency: "USD", amountMinor: 50, reason: "test", actor: "test" });
  expect(await purchase(owner, key, termsOf(number))).toMatchObject({ status: 201 });
});

test("what Twilio refuses is said in words that help, and the money is back", async () => {
  const { owner, client } = await customerWith(1_000);
  const refuse = (code: number) => switchOn({ failNext: [{ operation: "numbers.create", answer: { code } }] });
  refuse(21649);
  const bundle = await purchase(owner, freshKey(), termsOf(await available(client)));
  expect(bundle).toMatchObject({ status: 409, body: { code: "number.bundle_required" } });
  switchOn({ failNext: [{ operation: "numbers.create", answer: "taken" }] });
  const taken = await purchase(owner, freshKey(), termsOf(await available(client)));
  expect(taken).toMatchObject({ status: 409, body: { code: "number.not_available" } });
  for (const { body } of [bundle, taken]) expect(JSON.stringify(body)).not.toMatch(/twilio\.com|\b2\d{4}\b/i);
  expect(await usd(client)).toMatchObject({ availableMinor: 1_000, heldMinor: 0 });
});

test("the key of one purchase is refused for another, and so is the fourth purchase of a day", async () => {
  const { owner, client } = await customerWith(2_000);
  const keys = [freshKey(), freshKey(), freshKey()];
  for (const key of keys) expect(await purchase(owner, key, termsOf(await available(client)))).toMatchObject({ status: 201 });
  const body = termsOf(await available(client));
  expect(await purchase(owner, keys[0] ?? "", body)).toMatchObject({ status: 422, body: { code: "idempotency.key_reused" } });
  expect(await purchase(owner, freshKey(), body)).toMatchObject({ status: 409, body: { code: "number.limit_reached" } });
});

/** A number whose second month is due since `days`. */
async function withMonthDue(owner: string, client: Client, days = 1): Promise<Owned> {
  const { phoneNumber, price } = await available(client);
  const then = Date.now() - (31 + days) * DAY_MS;
  const ports = { ...(await numberPorts()), clock: () => then };
  await adjust(ports, { owner, adjustmentId: `adj_for_${owner}`, currency: "USD", amountMinor: 300, reason: "test", actor: "test" });
  const terms = { phoneNumber, currency: price.currency, expectedMinor: price.dueNowMinor };
  const { number } = await purchaseNumber(ports, { owner, idempotencyKey: freshKey(), ...terms });
  return client.getNumber({ params: { numberId: number.numberId } });
}

test.each<[string, (amountMinor: number, owner: string, client: Client) => Promise<unknown>]>([
  [
    "a top-up",
    async (amountMinor, _, client) => {
      const { url } = await client.createCheckoutSession({ body: { currency: "USD", amountMinor } }, { idempotencyKey: freshKey() });
      app.stripe?.state.pay(new URL(url).pathname.split("/").at(-1) ?? "", "card");
    },
  ],
  [
    "an operator's correction",
    (amountMinor, owner) =>
      clientOf("op-1", ["operators"]).adjustWallet(
        { body: { owner, currency: "USD", amountMinor, reason: "Goodwill" } },
        { idempotencyKey: freshKey() },
      ),
  ],
])("a month that could not be paid is charged as soon as %s brings the money, without a schedule", async (_, pay) => {
  const owner = `debtor-${++names}`;
  const client = clientOf(owner);
  const { numberId } = await withMonthDue(owner, client, 5);
  const params = { numberId };
  await app.tick("tendNumbers");
  expect(await client.getNumber({ params })).toMatchObject({ state: "suspended", unpaidNext: { action: "release" } });
  expect((await client.listNotices()).notices.map(({ kind }) => kind).sort()).toEqual(
    expect.arrayContaining(["number.suspended", "number.unpaid"]),
  );
  await pay(500, owner, client);
  await vi.waitFor(async () => expect(await client.getNumber({ params })).toMatchObject({ state: "active", unpaidSince: null }), {
    timeout: 20_000,
    interval: 50,
  });
  expect(await usd(client)).toMatchObject({ availableMinor: 300, heldMinor: 0 });
  expect((await client.listTransactions()).transactions[0]).toMatchObject({ kind: "debit", amountMinor: -200 });
});

test("wrong webhooks are set again by an operator, and by the reconciliation, whose report an operator reads", async () => {
  const operator = clientOf("op-1", ["operators"]);
  const { client } = await customerWith(1_000);
  const { phoneNumber } = await client.purchaseNumber({ body: termsOf(await available(client)) }, { idempotencyKey: freshKey() });
  const voiceUrl = () => [...twilio().state.store.numbers.values()].find((each) => each.phone_number === phoneNumber)?.voice_url;
  const right = `${app.url}/api/voice-agent/handle-call`;
  expect(voiceUrl()).toBe(right);
  twilio().state.changeNumber(phoneNumber, { VoiceUrl: "https://elsewhere.example" });
  expect(await operator.repairNumber({ body: { phoneNumber } })).toEqual({ phoneNumber, repaired: true });
  expect(voiceUrl()).toBe(right);
  expect(await problemOf(operator.repairNumber({ body: { phoneNumber: "+14155550000" } }))).toMatchObject({ code: "number.not_found" });

  twilio().state.changeNumber(phoneNumber, { VoiceUrl: "https://elsewhere.example" });
  const orphan = twilio().state.plantNumber({ settings: { FriendlyName: "aira:local:pur_lost" } }).phone_number;
  twilio().state.plantNumber({ settings: { FriendlyName: "somebody's own" } });
  await app.tick("reconcileNumbers");
  expect(voiceUrl()).toBe(right);
  const day = new Date().toISOString().slice(0, 10);
  const { days } = await operator.listNumberReconciliations({ query: { from: day, to: day } });
  expect(days).toMatchObject([{ day, foreign: 1, differenceCount: 2, balance: { currency: "USD" } }]);
  expect(days[0]?.differences).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ kind: "webhooks", phoneNumber, mended: true }),
      // Giving it back can't be undone, so a person does it.
      expect.objectContaining({ kind: "orphan", phoneNumber: orphan, purchaseId: "pur_lost", mended: false }),
    ]),
  );
});
