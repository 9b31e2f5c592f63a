import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createControlClient } from "../sandbox/testing/control-client.ts";
import { startTwilioSandbox, type TwilioSandbox } from "./index.ts";
import { failure, sdkAt } from "./testing/sdk.ts";

let sandbox: TwilioSandbox;
let client: ReturnType<typeof sdkAt>;
beforeAll(async () => {
  sandbox = await startTwilioSandbox({ port: 0 });
  client = sdkAt(sandbox.url, sandbox.accountSid, sandbox.authToken);
});
beforeEach(() => sandbox.reset());
afterAll(() => sandbox.stop());

const call = createControlClient<{
  phone_number: string;
  numbers: unknown[];
  requests: unknown[];
  account: string;
  failNext: unknown[];
  error: { message: string };
}>(() => sandbox.url);

test("a number is planted, pointed elsewhere and released behind the client's back", async () => {
  const planted = await call("POST", "/numbers", { country: "GB", type: "toll_free", settings: { FriendlyName: "stray" } });
  expect(planted).toMatchObject({ status: 200, body: { phone_number: expect.stringMatching(/^\+44808/), friendly_name: "stray" } });
  const { phone_number: phoneNumber } = planted.body;
  expect((await client.incomingPhoneNumbers.list()).map((number) => number.phoneNumber)).toEqual([phoneNumber]);
  await call("POST", `/numbers/${encodeURIComponent(phoneNumber)}`, { VoiceUrl: "https://elsewhere.example/" });
  expect((await client.incomingPhoneNumbers.list())[0]).toMatchObject({ voiceUrl: "https://elsewhere.example/" });
  expect((await call("GET", "/numbers")).body.numbers).toHaveLength(1);
  expect(await call("DELETE", `/numbers/${phoneNumber}`)).toMatchObject({ status: 200, body: { phone_number: phoneNumber } });
  expect(await client.incomingPhoneNumbers.list()).toEqual([]);
});

test("another customer takes a number and gives it back", async () => {
  const [number] = await client.availablePhoneNumbers("US").local.list({ limit: 1 });
  const { phoneNumber } = number!;
  expect((await call("POST", "/taken", { phoneNumber })).body).toEqual({ taken: [phoneNumber] });
  expect(await failure(client.incomingPhoneNumbers.create({ phoneNumber }))).toMatchObject({ code: 21422 });
  expect((await call("DELETE", `/taken/${phoneNumber}`)).body).toEqual({ taken: [] });
  await client.incomingPhoneNumbers.create({ phoneNumber });
  expect(await call("POST", "/taken", { phoneNumber })).toMatchObject({ status: 400, body: { error: { code: 21422 } } });
});

test("balance, prices and bundles are set", async () => {
  expect((await call("PUT", "/balance", { balance: "12.5" })).body).toEqual({ balance: "12.50" });
  expect((await client.balance.fetch()).balance).toBe("12.50");
  await call("PUT", "/prices", { country: "CA", type: "local", price: "2" });
  expect((await client.pricing.v1.phoneNumbers.countries("CA").fetch()).phoneNumberPrices[0]!.currentPrice).toBe("2");
  expect((await call("PUT", "/prices", { country: "CA", type: "local", price: null })).body).toEqual({ prices: {} });
  expect((await call("POST", "/bundles", { country: "SE", type: "mobile" })).body).toMatchObject({ status: "twilio-approved" });
});

test("switches are set as a whole, and held calls are let go", async () => {
  expect(await call("PUT", "/switches", { failNext: [{ operation: "balance.fetch", hold: true }] })).toMatchObject({
    status: 200,
    body: { account: "active", listLagMs: 0, failNext: [{ operation: "balance.fetch", hold: true, times: 1, when: "before" }] },
  });
  const asking = client.balance.fetch();
  await expect.poll(async () => (await call("GET", "/held")).body).toEqual({ held: 1 });
  expect((await call("POST", "/release")).body).toEqual({ released: 1 });
  expect((await asking).currency).toBe("USD");
  expect((await call("GET", "/switches")).body.failNext).toEqual([]);
});

test("what was asked is listed by operation and number, and can be forgotten", async () => {
  await client.incomingPhoneNumbers.create({ phoneNumber: "+15005550006" });
  await failure(client.incomingPhoneNumbers.create({ phoneNumber: "+15005550000" }));
  await client.balance.fetch();
  const { requests } = (await call("GET", "/log?operation=numbers.create&number=%2B15005550000")).body;
  expect(requests).toEqual([
    { id: expect.any(Number), atMs: expect.any(Number), operation: "numbers.create", number: "+15005550000", status: 400 },
  ]);
  expect((await call("GET", "/log")).body.requests).toHaveLength(3);
  await call("DELETE", "/log");
  expect((await call("GET", "/log")).body.requests).toEqual([]);
});

test("a reset is a new account", async () => {
  await call("POST", "/numbers");
  await call("PUT", "/balance", { balance: "1" });
  await call("PUT", "/switches", { account: "trial" });
  expect(await call("POST", "/reset")).toMatchObject({ status: 200 });
  expect(await client.incomingPhoneNumbers.list()).toEqual([]);
  expect((await client.balance.fetch()).balance).toBe("10000.00");
  expect((await call("GET", "/switches")).body.account).toBe("active");
});

test.each([
  ["POST", "/numbers", { phoneNumber: "123" }, 400, "phoneNumber: must be a number in E.164"],
  ["POST", "/numbers", { country: "AQ" }, 404, "There is no such number in stock"],
  ["POST", "/numbers", { colour: "red" }, 400, "colour"],
  ["POST", "/numbers/+14155550000", { VoiceUrl: "https://a.example" }, 404, "There is no number +14155550000"],
  ["PUT", "/balance", { balance: 12 }, 400, "balance: "],
  ["PUT", "/prices", { country: "US", type: "mobile", price: "1.00" }, 404, "There is no mobile number in US"],
  ["PUT", "/switches", { failNext: [{ answer: 404 }] }, 400, "failNext.0.answer: "],
  ["PUT", "/switches", { failNext: [{}] }, 400, "failNext.0: needs an answer, a delayMs or hold"],
  ["PUT", "/switches", { failNext: [{ answer: { code: 1 } }] }, 400, "failNext.0.answer"],
  ["PUT", "/switches", { failNext: [{ answer: "taken" }] }, 400, "taken is for numbers.create"],
  ["GET", "/log?operation=nothing", undefined, 400, "operation: must be one of "],
  ["DELETE", "/switches", undefined, 405, "takes GET and PUT, not DELETE"],
  ["POST", "/nowhere", undefined, 404, "There is nothing at POST /_sandbox/nowhere"],
])("%s %s %j is refused with a sentence that names what is wrong", async (method, path, body, status, message) => {
  const answer = await call(method, path, body);
  expect(answer.status).toBe(status);
  expect(answer.body.error.message).toContain(message);
});

test("a body that is not JSON is refused, also as the form of another site", async () => {
  const send = (contentType: string, body: string) =>
    fetch(`${sandbox.url}/_sandbox/switches`, { method: "PUT", body, headers: { "content-type": contentType } });
  expect((await send("text/plain", "{}")).status).toBe(415);
  expect((await send("application/json", "{")).status).toBe(400);
});
