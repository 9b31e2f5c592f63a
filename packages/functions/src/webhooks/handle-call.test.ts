import { randomInt } from "node:crypto";
import { seededRandom } from "@aira/local/random";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { twimlFaults, verbsIn, wordsIn } from "../../../core/src/conversations/fixtures/twiml-schema.ts";
import { handler as consume } from "../consumers/telephony.ts";
import { documentClient } from "../edge/services.ts";
import { batch } from "../fixtures/batch.ts";
import { contextWith, outputOf } from "../fixtures/invocation.ts";
import { CALLER, numberItem, OUR_NUMBER, OWNER, post, sid, startTelephony, walletItem } from "../fixtures/twilio.ts";
import { handler } from "./handle-call.ts";
import { handler as fallback } from "./telephony-fallback.ts";
import { handler as status } from "./telephony-status.ts";

const path = "/api/voice-agent/handle-call";
const PHONE = "+14155550177";
const seed = Number(process.env.SEED ?? randomInt(2 ** 31));

let telephony: Awaited<ReturnType<typeof startTelephony>>;
beforeAll(async () => {
  telephony = await startTelephony();
});
afterAll(() => telephony?.stop());

let calls = 0;
let CallSid = "";
beforeEach(async () => {
  CallSid = sid("CA", ++calls);
  telephony.queue.messages.length = 0;
  telephony.queue.down = false;
  await telephony.put(numberItem(), walletItem(1_000));
});

const form = (more: Record<string, string> = {}) => ({
  CallSid,
  From: CALLER,
  To: OUR_NUMBER,
  CallStatus: "in-progress",
  FromZip: "",
  ...more,
});

async function ask(query = "", more: Record<string, string> = {}) {
  const answer = await post(handler, { path, query, form: form(more) });
  if (answer.status === 200) expect(twimlFaults(answer.body, "voice")).toEqual([]);
  const verbs = answer.status === 200 ? verbsIn(answer.body) : [];
  const addressOf = (url: string | undefined) => url?.split("?")[1] ?? "";
  const found = (attribute: string) =>
    addressOf(verbs.flatMap((verb) => [verb, ...verb.children]).find(({ attributes }) => attributes[attribute])?.attributes[attribute]);
  return {
    ...answer,
    verbs: verbs.map(({ name }) => name),
    words: answer.status === 200 ? wordsIn(answer.body) : [],
    action: found("action"),
    leg: found("statusCallback"),
    transcript: found("transcribeCallback"),
  };
}

const tell = (more: Record<string, string>) => post(status, { path: "/api/voice-agent/status", form: form(more) });

async function record(bodies: readonly string[] = telephony.queue.messages) {
  const { result, output } = await outputOf(() => consume(batch([...bodies], Date.now()), contextWith(60_000)));
  return { failed: result.batchItemFailures.length, output };
}

const conversation = async () =>
  (await telephony.table.query({ pk: `OWNER#${OWNER}#CONVERSATIONS`, index: "gsi1", newestFirst: true })).items[0];
const wallet = async () => (await telephony.table.get(walletItem(0), { consistent: true }))?.balances;

test("a call: greeted, answered, ended; recorded with its words, charged once", async () => {
  const first = await ask();
  expect(first.verbs).toEqual(["Gather"]);
  expect(first.words[0]).toContain("Asha Dental");
  await record(telephony.queue.messages.splice(0));
  const second = await ask(first.action, { SpeechResult: "When are you open?", Confidence: "0.9" });
  expect(second.words).toEqual(["We can be reached at any time."]);
  expect((await ask(second.action, { SpeechResult: "" })).words).toEqual(["I'm sorry, I did not hear you. Please say it again."]);
  expect((await tell({ CallStatus: "completed", CallDuration: "61" })).status).toBe(204);
  expect((await record()).failed).toBe(0);
  expect(await conversation()).toMatchObject({
    kind: "call",
    status: "completed",
    peer: CALLER,
    lengthSeconds: 61,
    costMinor: 10,
    recent: [{ speaker: "system" }, { speaker: "caller", text: "When are you open?" }, { speaker: "assistant" }],
  });
  expect(await wallet()).toEqual({ USD: { availableMinor: 990, heldMinor: 0 } });
});

test(`a forwarded call and a voicemail, each event ten times in any order: recorded once, charged once (SEED=${seed})`, async () => {
  const random = seededRandom(seed);
  await telephony.put(numberItem({}, { answeringMode: "forward", forwardTo: PHONE }), walletItem(1_000));
  const first = await ask();
  expect(first.verbs).toEqual(["Dial"]);
  const legSid = sid("CA", 1_000_000 + calls);
  const ended = { CallSid: legSid, ParentCallSid: CallSid, From: CALLER, To: PHONE, CallStatus: "completed", CallDuration: "61" };
  expect((await ask(first.leg, ended)).status).toBe(204);
  const dialed = await ask(first.action, { DialCallSid: legSid, DialCallStatus: "no-answer", DialCallDuration: "61" });
  expect(dialed.verbs).toEqual(["Say", "Record", "Say", "Hangup"]);
  const RecordingSid = sid("RE", calls);
  const left = await ask(dialed.action, {
    RecordingSid,
    RecordingUrl: "https://api.twilio.com/RE",
    RecordingDuration: "20",
    Digits: "hangup",
  });
  expect(left.verbs).toEqual(["Say", "Hangup"]);
  const words = { RecordingSid, TranscriptionStatus: "completed", TranscriptionText: "Please call me back" };
  expect((await ask(dialed.transcript, words)).status).toBe(204);
  for (const CallStatus of ["ringing", "in-progress", "completed"])
    await tell({ CallStatus, ...(CallStatus === "completed" ? { CallDuration: "130" } : {}) });

  const [started = "", ...rest] = telephony.queue.messages.splice(0);
  const repeats = Array.from({ length: 10 }, () => [started, ...rest]).flat();
  const shuffled = repeats.map((body) => ({ body, at: random() })).sort((a, b) => a.at - b.at);
  // What is not recorded yet comes back, as from the queue.
  let left10 = shuffled.map(({ body }) => body);
  for (let round = 0; left10.length > 0 && round < 5; round++) {
    const failed: string[] = [];
    for (let at = 0; at < left10.length; at += 10) {
      const slice = left10.slice(at, at + 10);
      const { result } = await outputOf(() => consume(batch(slice, Date.now()), contextWith(60_000)));
      failed.push(...result.batchItemFailures.map(({ itemIdentifier }) => slice[Number(itemIdentifier.slice("message-".length))] ?? ""));
    }
    left10 = failed;
  }
  expect(left10).toEqual([]);
  // Three minutes in, two minutes on to the other phone, a minute put into words: 15, 5 and 7 cents.
  expect(await conversation()).toMatchObject({
    status: "completed",
    costMinor: 27,
    lengthSeconds: 130,
    voicemail: { lengthSeconds: 20, transcript: "Please call me back" },
  });
  expect(await wallet()).toEqual({ USD: { availableMinor: 973, heldMinor: 0 } });
});

describe("calls to the SDK on the way", () => {
  const sent: string[] = [];
  beforeAll(() => {
    documentClient().middlewareStack.add(
      (next, { commandName }) =>
        (sending) => {
          sent.push(String(commandName));
          return next(sending);
        },
      { step: "initialize", name: "counted" },
    );
  });
  afterAll(() => void documentClient().middlewareStack.remove("counted"));
  const counted = async (run: () => Promise<unknown>) => {
    sent.length = 0;
    const before = telephony.queue.messages.length;
    await run();
    return [...sent, ...telephony.queue.messages.slice(before).map(() => "SendMessage")];
  };

  test("the first answer: three", async () => {
    expect(await counted(() => ask())).toEqual(["GetItemCommand", "BatchGetItemCommand", "SendMessage"]);
  });

  test("a turn: two at once, then the turn", async () => {
    const { action } = await ask();
    const turn = await counted(() => ask(action, { SpeechResult: "When are you open?" }));
    expect(turn.slice(0, 2)).toEqual(["GetItemCommand", "GetItemCommand"]);
    expect(turn.at(-1)).toBe("TransactWriteItemsCommand");
    expect(turn).toHaveLength(4);
  });

  test("a key or a silence: two at once", async () => {
    const { action } = await ask();
    expect(await counted(() => ask(action, { Digits: "5" }))).toHaveLength(2);
  });
});

test("a call that is in progress when our address is changed, or another's address, ends in words", async () => {
  for (const query of ["step=turn", "step=nothing", "step=turn&our=abc"]) {
    const { status: code, words, output } = await ask(query);
    expect(code).toBe(200);
    expect(words).toHaveLength(2);
    expect(output).toContain('"TelephonyTroubles":1');
  }
});

test("what is told of a leg or a transcript while the queue is down is not taken", async () => {
  const first = await ask();
  telephony.queue.down = true;
  const state = first.action.replace("step=turn", "");
  const leg = await ask(`step=leg${state}&to=14155550177`, { ParentCallSid: sid("CA", 5), CallStatus: "completed", CallDuration: "5" });
  const transcript = await ask(`step=transcript${state}`, {
    RecordingSid: sid("RE", 5),
    TranscriptionStatus: "completed",
    TranscriptionText: "canary",
  });
  expect([leg.status, transcript.status, (await tell({ CallStatus: "completed" })).status]).toEqual([503, 503, 503]);
  expect(transcript.output).not.toContain("canary");
});

test("while the table is away a caller hears an apology, and so from the fallback", async () => {
  vi.stubEnv("TABLE_NAME", "no-such-table");
  const started = await ask();
  vi.stubEnv("TABLE_NAME", "aira");
  expect(started.verbs.at(-1)).toMatch(/Gather|Hangup/);
  const answer = await post(fallback, { path: "/api/voice-agent/fallback", form: form({ ErrorCode: "11205" }) });
  expect(wordsIn(answer.body)).toHaveLength(2);
  const text = { MessageSid: sid("SM", 1), From: CALLER, To: OUR_NUMBER, Body: "hello" };
  expect((await post(fallback, { path: "/api/voice-agent/fallback", form: text })).body).toBe(
    '<?xml version="1.0" encoding="UTF-8"?><Response/>',
  );
});
