import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startTwilioSandbox, type TwilioSandbox } from "./index.ts";
import { segmentsOf } from "./segments.ts";
import { failure, sdkAt } from "./testing/sdk.ts";

const START_MS = Date.UTC(2026, 0, 31, 12);
const DAY_MS = 24 * 3600_000;
const CALLER = "+14155550123";

let nowMs = START_MS;
let sandbox: TwilioSandbox;
let client: ReturnType<typeof sdkAt>;
let ours: string;
beforeAll(async () => {
  sandbox = await startTwilioSandbox({ port: 0, clock: () => nowMs });
  client = sdkAt(sandbox.url, sandbox.accountSid, sandbox.authToken);
});
beforeEach(() => {
  nowMs = START_MS;
  sandbox.reset();
  ours = sandbox.state.plantNumber().phone_number;
});
afterAll(() => sandbox.stop());

describe("texts", () => {
  test("a text is queued without a price, and has one later", async () => {
    const sent = await client.messages.create({ from: ours, to: CALLER, body: "hello" });
    expect(sent).toMatchObject({ status: "queued", direction: "outbound-api", numSegments: "1", price: null, from: ours, to: CALLER });
    sandbox.state.updateMessage(sent.sid, { status: "delivered", price: "-0.0083" });
    expect(await client.messages(sent.sid).fetch()).toMatchObject({ status: "delivered", price: "-0.0083", priceUnit: "USD" });
    expect(await failure(client.messages("SM0").fetch())).toMatchObject({ code: 20404 });
  });

  test("texts are listed by day and by party", async () => {
    for (const body of ["first", "second", "third"]) {
      sandbox.state.addMessage({ from: CALLER, to: ours, body, direction: "inbound", status: "received" });
      nowMs += DAY_MS;
    }
    const bodies = async (filter: object) => (await client.messages.list(filter)).map(({ body }) => body);
    expect(await bodies({ to: ours })).toEqual(["third", "second", "first"]);
    expect(await bodies({ from: ours })).toEqual([]);
    expect(await bodies({ dateSent: new Date(START_MS + DAY_MS) })).toEqual(["second"]);
    expect(await bodies({ dateSentAfter: new Date(START_MS + DAY_MS) })).toEqual(["third", "second"]);
    expect(await bodies({ dateSentBefore: new Date(START_MS + DAY_MS) })).toEqual(["second", "first"]);
  });

  test.each([
    [{ to: "" }, 21604],
    [{ from: "" }, 21603],
    [{ body: "" }, 21602],
    [{ body: "x".repeat(1601) }, 21617],
    [{ to: "12" }, 21211],
    [{ from: "Aira" }, 21212],
    [{ from: "+14155550100" }, 21606],
    [{ to: "+15005550004" }, 21610],
    [{ to: "+15005550009" }, 21614],
  ])("%j is refused with code %i", async (change, code) => {
    const text = { from: ours, to: CALLER, body: "hello", ...change };
    expect(await failure(client.messages.create(text))).toMatchObject({ status: 400, code });
  });

  test("a number that can't text doesn't", async () => {
    const from = sandbox.state.plantNumber({ country: "GB" }).phone_number;
    expect(await failure(client.messages.create({ from, to: CALLER, body: "hello" }))).toMatchObject({ code: 21606 });
  });

  test.each([
    ["a".repeat(160), 1],
    ["a".repeat(161), 2],
    ["€".repeat(80), 1],
    ["€".repeat(81), 2],
    ["न".repeat(70), 1],
    ["न".repeat(71), 2],
    ["", 1],
  ])("%s is %i segments", (body, segments) => expect(segmentsOf(body)).toBe(segments));
});

test("a call is fetched and listed, and its recording heard", async () => {
  const call = sandbox.state.addCall({ from: CALLER, to: ours, direction: "inbound", status: "in-progress" });
  nowMs += 61_500;
  sandbox.state.endCall(call.sid, "completed");
  expect(await client.calls(call.sid).fetch()).toMatchObject({
    status: "completed",
    duration: "62",
    price: null,
    phoneNumberSid: sandbox.state.ownedNumber(ours)!.sid,
    startTime: new Date(START_MS),
  });
  sandbox.state.updateCall(call.sid, { price: "-0.0170" });
  expect((await client.calls.list({ to: ours, startTimeAfter: new Date(START_MS) }))[0]).toMatchObject({ price: "-0.0170" });
  expect(await client.calls.list({ status: "busy" })).toEqual([]);

  const recording = sandbox.state.addRecording(call.sid, 3);
  expect((await client.calls(call.sid).recordings.list()).map(({ sid }) => sid)).toEqual([recording.sid]);
  const { mediaUrl, duration } = await client.recordings(recording.sid).fetch();
  expect(duration).toBe("3");
  const headers = { authorization: `Basic ${btoa(`${sandbox.accountSid}:${sandbox.authToken}`)}` };
  const sound = await fetch(mediaUrl, { headers });
  expect(sound.headers.get("content-type")).toBe("audio/x-wav");
  expect((await sound.arrayBuffer()).byteLength).toBe(44 + 3 * 8000);
  // A page plays it without a token, as at Twilio unless the account asks for more.
  expect((await fetch(mediaUrl)).status).toBe(200);
});
