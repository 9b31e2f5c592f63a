import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  createRequestLog,
  createSwitches,
  createTwilioState,
  createWaiting,
  SANDBOX_ACCOUNT_SID,
  SANDBOX_AUTH_TOKEN,
  type SwitchInput,
  sandboxFetch,
  startTwilioSandbox,
  type TwilioSandbox,
} from "./index.ts";
import { failure, sdkAt } from "./testing/sdk.ts";

const START_MS = Date.UTC(2026, 0, 31, 12);

let nowMs = START_MS;
let sandbox: TwilioSandbox;
let client: ReturnType<typeof sdkAt>;
beforeAll(async () => {
  sandbox = await startTwilioSandbox({ port: 0, clock: () => nowMs });
  client = sdkAt(sandbox.url, sandbox.accountSid, sandbox.authToken);
});
beforeEach(() => {
  nowMs = START_MS;
  sandbox.reset();
});
afterEach(() => void sandbox.release());
afterAll(() => sandbox.stop());

const NUMBER = "+15005550006";
const failNext = (...failures: NonNullable<SwitchInput["failNext"]>) => sandbox.switches.set({ failNext: failures });
const buy = (phoneNumber = NUMBER) => client.incomingPhoneNumbers.create({ phoneNumber });
const owned = () => sandbox.state.store.numbers.size;
const asked = () => sandbox.log.entries({ operation: "numbers.create" }).map(({ number, status }) => [number, status]);

describe("a purchase that goes wrong", () => {
  test("429 and 5xx before the effect have done nothing", async () => {
    failNext({ operation: "numbers.create", answer: 429 }, { operation: "numbers.create", answer: 500 }, { answer: 503 }, { answer: 502 });
    expect(await failure(buy())).toMatchObject({ status: 429, code: 20429 });
    expect(await failure(buy())).toMatchObject({ status: 500, code: 20500 });
    expect(await failure(buy())).toMatchObject({ status: 503, code: 20503 });
    expect(await failure(buy())).toMatchObject({ status: 502 });
    expect(owned()).toBe(0);
    expect(await buy()).toMatchObject({ phoneNumber: NUMBER });
  });

  test("5xx after the effect has bought", async () => {
    failNext({ operation: "numbers.create", answer: 500, when: "after" });
    expect(await failure(buy())).toMatchObject({ status: 500, code: 20500 });
    expect(await client.incomingPhoneNumbers.list({ phoneNumber: NUMBER })).toHaveLength(1);
  });

  test.each([
    ["before", 0],
    ["after", 1],
  ] as const)("a connection that ends %s the effect leaves %i numbers, and the client an error without a status", async (when, numbers) => {
    failNext({ operation: "numbers.create", answer: "reset", when });
    const error = await failure(buy());
    expect(error).toMatchObject({ code: "ECONNRESET" });
    expect(error.status).toBeUndefined();
    expect(owned()).toBe(numbers);
    expect(asked()).toEqual([[NUMBER, "dropped"]]);
  });

  test("an answer that never comes: the client gives up, and what was done is done", async () => {
    const impatient = sdkAt(sandbox.url, sandbox.accountSid, sandbox.authToken, { timeout: 50 });
    failNext({ operation: "numbers.create", answer: "timeout" }, { operation: "numbers.create", answer: "timeout", when: "after" });
    for (const numbers of [0, 1]) {
      expect(await failure(impatient.incomingPhoneNumbers.create({ phoneNumber: NUMBER }))).toMatchObject({ code: "ECONNABORTED" });
      expect(owned()).toBe(numbers);
    }
  });

  test("a purchase can be done long after its caller gave up and looked", async () => {
    const impatient = sdkAt(sandbox.url, sandbox.accountSid, sandbox.authToken, { timeout: 50 });
    failNext({ operation: "numbers.create", hold: true });
    expect(await failure(impatient.incomingPhoneNumbers.create({ phoneNumber: NUMBER }))).toMatchObject({ code: "ECONNABORTED" });
    expect(await client.incomingPhoneNumbers.list({ phoneNumber: NUMBER })).toEqual([]);
    expect([sandbox.held(), asked()]).toEqual([1, [[NUMBER, "pending"]]]);
    expect(sandbox.release()).toBe(1);
    await expect.poll(owned).toBe(1);
  });

  test("a slow answer arrives, its effect at once or late", async () => {
    failNext({ operation: "numbers.create", delayMs: 40, when: "after" }, { operation: "numbers.delete", delayMs: 40 });
    const buying = buy();
    await expect.poll(owned).toBe(1);
    const { sid } = await buying;
    const begin = performance.now();
    await client.incomingPhoneNumbers(sid).remove();
    expect(performance.now() - begin).toBeGreaterThanOrEqual(35);
  });

  test("a number is taken between the search and the purchase", async () => {
    const [number] = await client.availablePhoneNumbers("US").local.list({ limit: 1 });
    failNext({ operation: "numbers.create", number: number!.phoneNumber, answer: "taken" });
    expect(await failure(buy(number!.phoneNumber))).toMatchObject({ code: 21422 });
    expect(await failure(buy(number!.phoneNumber))).toMatchObject({ code: 21422 });
    expect(await client.availablePhoneNumbers("US").local.list({ contains: number!.phoneNumber })).toEqual([]);
  });

  test.each([21404, 21452, 21613, 21615, 21631, 21649, 21650, 21651, 22300])("error %i can be asked for", async (code) => {
    failNext({ operation: "numbers.create", answer: { code } });
    expect(await failure(buy())).toMatchObject({ status: 400, code, moreInfo: `https://www.twilio.com/docs/errors/${code}` });
    expect(owned()).toBe(0);
  });
});

describe("which calls fail", () => {
  test("as many as were named, after as many as may pass, of that operation and number only", async () => {
    failNext({ operation: "numbers.list", skip: 1, times: 2, answer: 503 });
    const results = [];
    for (let call = 0; call < 4; call += 1)
      results.push(
        await client.incomingPhoneNumbers.list().then(
          () => 200,
          (error) => error.status,
        ),
      );
    expect(results).toEqual([200, 503, 503, 200]);
    failNext({ number: "+14155550199", answer: 429, times: 9 });
    expect(await buy()).toMatchObject({ phoneNumber: NUMBER });
    expect(await failure(buy("+14155550199"))).toMatchObject({ code: 20429 });
  });

  test("a failure follows a number by its SID", async () => {
    const { sid } = await buy();
    failNext({ operation: "numbers.delete", number: NUMBER, answer: "reset", when: "after" });
    expect(await failure(client.incomingPhoneNumbers(sid).remove())).toMatchObject({ code: "ECONNRESET" });
    expect(await failure(client.incomingPhoneNumbers(sid).remove())).toMatchObject({ code: 20404 });
    expect(sandbox.log.entries({ operation: "numbers.delete", number: NUMBER }).map(({ status }) => status)).toEqual(["dropped", 404]);
  });
});

describe("lists and the account", () => {
  test("lists are behind: a bought number comes late, a released one goes late; by its SID each is known at once", async () => {
    sandbox.switches.set({ listLagMs: 30_000 });
    const { sid } = await buy();
    const listed = async () => (await client.incomingPhoneNumbers.list({ phoneNumber: NUMBER })).length;
    expect([await listed(), (await client.incomingPhoneNumbers(sid).fetch()).sid]).toEqual([0, sid]);
    nowMs += 30_000;
    expect(await listed()).toBe(1);
    await client.incomingPhoneNumbers(sid).remove();
    expect([await listed(), (await failure(client.incomingPhoneNumbers(sid).fetch())).code]).toEqual([1, 20404]);
    nowMs += 30_000;
    expect(await listed()).toBe(0);
  });

  test("a suspended account may only ask for its balance, and one at zero is suspended", async () => {
    const refused = { status: 403, code: 20005 };
    sandbox.switches.set({ account: "suspended" });
    expect(await failure(client.incomingPhoneNumbers.list())).toMatchObject(refused);
    sandbox.switches.set({});
    sandbox.state.setBalance("1.00");
    expect(await buy()).toMatchObject({ phoneNumber: NUMBER });
    expect((await client.balance.fetch()).balance).toBe("-0.15");
    expect(await failure(buy("+14155550199"))).toMatchObject(refused);
  });

  test("a restricted account buys nothing; a trial account owns one number", async () => {
    sandbox.switches.set({ account: "restricted" });
    expect(await failure(buy())).toMatchObject({ code: 22300 });
    sandbox.switches.set({ account: "trial" });
    await buy();
    const [other] = await client.availablePhoneNumbers("US").local.list({ limit: 1 });
    expect(await failure(buy(other!.phoneNumber))).toMatchObject({ code: 21404 });
  });
});

test("two hundred buyers of one number are counted one by one", async () => {
  await Promise.all(Array.from({ length: 200 }, () => buy()));
  expect([sandbox.log.count({ operation: "numbers.create", number: NUMBER }), owned()]).toEqual([200, 1]);
});

test("a sandbox that stops drops the calls it holds", async () => {
  const other = await startTwilioSandbox({ port: 0 });
  other.switches.set({ failNext: [{ hold: true }, { answer: "timeout" }, { delayMs: 60_000 }] });
  const elsewhere = sdkAt(other.url, other.accountSid, other.authToken);
  const calls = [1, 2, 3].map(() => failure(elsewhere.balance.fetch()));
  await expect.poll(() => other.log.count()).toBe(3);
  await other.stop();
  for (const error of await Promise.all(calls)) expect(error).toMatchObject({ code: "ECONNRESET" });
  // None of them is left to do its work behind the end.
  expect(other.log.entries().map(({ status }) => status)).toEqual(["dropped", "dropped", "dropped"]);
});

describe("in process, without sockets", () => {
  const path = `https://api.twilio.com/2010-04-01/Accounts/${SANDBOX_ACCOUNT_SID}/IncomingPhoneNumbers.json`;
  const headers = { authorization: `Basic ${btoa(`${SANDBOX_ACCOUNT_SID}:${SANDBOX_AUTH_TOKEN}`)}` };
  const world = () => {
    const state = createTwilioState({ clock: () => START_MS });
    const [switches, log, waiting] = [createSwitches(), createRequestLog(), createWaiting()];
    const call = sandboxFetch(state, { switches, log, waiting });
    const post = (signal?: AbortSignal) =>
      call(path, { method: "POST", headers, body: new URLSearchParams({ PhoneNumber: NUMBER }), ...(signal && { signal }) });
    return { state, switches, log, waiting, post };
  };

  test("the same API answers, and a lost answer fails as fetch fails", async () => {
    const { state, switches, post } = world();
    switches.set({ failNext: [{ answer: "reset", when: "after" }] });
    await expect(post()).rejects.toThrow(new TypeError("fetch failed"));
    expect(state.ownedNumber(NUMBER)).toBeDefined();
    expect((await post()).status).toBe(201);
  });

  test("a caller who gives up is let go, and the call is done when it is released", async () => {
    const { state, switches, waiting, post } = world();
    switches.set({ failNext: [{ hold: true }] });
    const caller = new AbortController();
    const posting = post(caller.signal);
    await expect.poll(() => waiting.held()).toBe(1);
    caller.abort(new Error("gave up"));
    await expect(posting).rejects.toThrow("gave up");
    expect(state.ownedNumber(NUMBER)).toBeUndefined();
    waiting.release();
    await expect.poll(() => state.ownedNumber(NUMBER)).toBeDefined();
  });
});
