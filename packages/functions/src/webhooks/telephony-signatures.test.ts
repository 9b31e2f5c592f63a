import { randomInt } from "node:crypto";
import { seededRandom } from "@aira/local/random";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from "aws-lambda";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { twimlFaults } from "../../../core/src/conversations/fixtures/twiml-schema.ts";
import { mutations, type Signed } from "../fixtures/signature-mutations.ts";
import {
  CALLER,
  numberItem,
  OUR_NUMBER,
  type Pairs,
  PUBLIC_URL,
  post,
  sid,
  sign,
  startTelephony,
  TOKENS,
  walletItem,
} from "../fixtures/twilio.ts";
import { handler as call } from "./handle-call.ts";
import { handler as text } from "./handle-sms.ts";
import { handler as fallback } from "./telephony-fallback.ts";
import { handler as status } from "./telephony-status.ts";

const COUNT = 1_000;
const seed = Number(process.env.SEED ?? randomInt(2 ** 31));

let telephony: Awaited<ReturnType<typeof startTelephony>>;
beforeAll(async () => {
  telephony = await startTelephony();
  await telephony.put(numberItem(), walletItem(1_000));
});
afterAll(() => telephony?.stop());
beforeEach(() => void telephony.queue.messages.splice(0));
afterEach(() => vi.useRealTimers());

type Handler = (event: APIGatewayProxyEventV2, context: Context) => Promise<APIGatewayProxyStructuredResultV2>;
interface Webhook {
  readonly handler: Handler;
  readonly path: string;
  readonly query: string;
  readonly form: Pairs;
  /** What it answers to a good request: TwiML of a kind, or nothing. */
  readonly answers: "voice" | "messaging" | undefined;
  readonly queued: number;
}

const common = [
  ["From", CALLER],
  ["To", OUR_NUMBER],
  ["AccountSid", sid("AC", 1)],
  ["FromCity", "SAN FRANCISCO"],
  ["FromZip", ""],
  ["StirVerstat", "TN-Validation-Passed-A"],
] as const;
const inCall: Pairs = [["CallSid", sid("CA", 1)], ["CallStatus", "in-progress"], ...common];
const at = "our=14155550100&language=hi-IN&at=1795363541&cap=900&budget=89&connects=0&turn=1&silent=0";

const WEBHOOKS: Readonly<Record<string, Webhook>> = {
  "a call": { handler: call, path: "/api/voice-agent/handle-call", query: "", form: inCall, answers: "voice", queued: 1 },
  "a step of a call": {
    handler: call,
    path: "/api/voice-agent/handle-call",
    query: `step=recorded&${at}`,
    form: [...inCall, ["RecordingSid", sid("RE", 1)], ["RecordingUrl", "https://api.twilio.com/RE1"], ["RecordingDuration", "7"]],
    answers: "voice",
    queued: 1,
  },
  "a text": {
    handler: text,
    path: "/api/voice-agent/handle-sms",
    query: "",
    form: [["MessageSid", sid("SM", 1)], ["Body", "canary नमस्ते & hello +1 <b>"], ["NumMedia", "0"], ["NumSegments", "1"], ...common],
    answers: "messaging",
    queued: 1,
  },
  "a status": {
    handler: status,
    path: "/api/voice-agent/status",
    query: "",
    form: [...inCall.filter(([name]) => name !== "CallStatus"), ["CallStatus", "completed"], ["CallDuration", "61"]],
    answers: undefined,
    queued: 1,
  },
  "a fallback": {
    handler: fallback,
    path: "/api/voice-agent/fallback",
    query: "",
    form: [...inCall, ["ErrorCode", "11200"], ["ErrorUrl", `${PUBLIC_URL}/api/voice-agent/handle-call`]],
    answers: "voice",
    queued: 0,
  },
};

const urlOf = ({ path, query }: Pick<Webhook, "path" | "query">) => `${PUBLIC_URL}${path}${query === "" ? "" : `?${query}`}`;
const refusal = (body: string) => (JSON.parse(body) as { code: string }).code;

describe.each(Object.entries(WEBHOOKS))("%s", (_, webhook) => {
  const { handler, path, query, form, answers, queued } = webhook;

  test.each([
    ["as the gateway encodes forms", true, TOKENS[0]],
    ["as plain text", false, TOKENS[0]],
    ["signed with the other token", true, TOKENS[1]],
  ])("is taken %s", async (_how, base64, token) => {
    const answer = await post(handler, { path, query, form, base64, token });
    expect(answer.status).toBe(answers ? 200 : 204);
    if (answers) expect(twimlFaults(answer.body, answers)).toEqual([]);
    if (answers) expect(answer.type).toBe("text/xml; charset=utf-8");
    expect(telephony.queue.messages).toHaveLength(queued);
  });

  test("is taken with parameters of a later API, in any order", async () => {
    const later: Pairs = [
      ["ZNewThing", '{"a":1}'],
      ["ApiVersion", "2031-01-01"],
      ...form.toReversed(),
      ["constructor", "x"],
      ["__proto__", "y"],
    ];
    expect((await post(handler, { path, query, form: later })).status).toBe(answers ? 200 : 204);
  });

  test("that comes again verifies again: what it says is recorded once, by its SIDs", async () => {
    const answered = [];
    for (let time = 0; time < 5; time++) answered.push((await post(handler, { path, query, form })).status);
    expect(new Set(answered)).toEqual(new Set([answers ? 200 : 204]));
    const said = telephony.events().map(({ receivedAt: _at, ...event }) => JSON.stringify(event));
    expect(new Set(said).size).toBe(queued);
  });

  test(`${COUNT} mutations are each refused, and nothing is queued (SEED=${seed})`, { timeout: 60_000 }, async () => {
    const signed: Signed = { path, query, form, signature: sign(urlOf(webhook), form) };
    const wrong: string[] = [];
    for (const mutation of mutations(seededRandom(seed), COUNT, signed)) {
      const answer = await post(handler, mutation);
      if (answer.status !== 403 || refusal(answer.body) !== "webhook.forbidden") wrong.push(`${mutation.name}: ${answer.status}`);
    }
    expect(wrong).toEqual([]);
    expect(telephony.queue.messages).toEqual([]);
  });

  test("without a signature, and with one of another host, is refused and counted", async () => {
    const none = await post(handler, { path, query, form, signature: undefined });
    expect(none.status).toBe(403);
    expect(none.output).toContain('"SignaturesRefused":1');
    const elsewhere = sign(urlOf(webhook).replace("aira", "elsewhere"), form);
    expect((await post(handler, { path, query, form, signature: elsewhere })).status).toBe(403);
  });

  test("that is too large is refused before it is read", async () => {
    const answer = await post(handler, { path, query, form: [...form, ["Padding", "x".repeat(70_000)]] });
    expect([answer.status, refusal(answer.body)]).toEqual([413, "request.too_large"]);
  });

  test("without our own secret fails closed", async () => {
    vi.stubEnv("TWILIO_AUTH_TOKENS", "");
    const answer = await post(handler, { path, query, form });
    vi.stubEnv("TWILIO_AUTH_TOKENS", TOKENS.join(", "));
    expect(answer.status).toBe(500);
    expect(telephony.queue.messages).toEqual([]);
  });

  test("leaves no number, body, token or signature in a log", async () => {
    for (const signature of [sign(urlOf(webhook), form), sign(urlOf(webhook), form, "0".repeat(32))]) {
      const { output } = await post(handler, { path, query, form, signature });
      expect(output).toContain("invocation");
      for (const canary of ["canary", "4155550", "नमस्ते", "SAN FRANCISCO", signature, ...TOKENS]) expect(output).not.toContain(canary);
    }
  });
});

describe("a field that is needed and is not there once", () => {
  const without = (form: Pairs, gone: string) => form.filter(([name]) => name !== gone);
  const { "a call": aCall, "a text": aText, "a status": aStatus } = WEBHOOKS;
  test.each<[string, Webhook | undefined, (form: Pairs) => Pairs, string | undefined]>([
    ["a call without its SID", aCall, (form) => without(form, "CallSid"), "body.CallSid"],
    ["a call with two SIDs", aCall, (form) => [...form, ["CallSid", sid("CA", 2)]], "body.CallSid"],
    ["a call to two numbers", aCall, (form) => [...form, ["To", "+14155550111"]], "body.To"],
    ["a call with a SID that is none", aCall, (form) => [...without(form, "CallSid"), ["CallSid", "CA1"]], "body.CallSid"],
    ["a text without its SID", aText, (form) => without(form, "MessageSid"), "body.MessageSid"],
    ["a text from two senders", aText, (form) => [...form, ["From", "+14155550111"]], "body.From"],
    ["a text with two bodies", aText, (form) => [...form, ["Body", "STOP"]], "body.Body"],
    ["a text to nobody", aText, (form) => without(form, "To"), "body.To"],
    ["a status of nothing", aStatus, (form) => without(form, "CallSid"), undefined],
    ["a status without a status", aStatus, (form) => without(form, "CallStatus"), undefined],
    [
      "a status with a length that is none",
      aStatus,
      (form) => [...without(form, "CallDuration"), ["CallDuration", "-1"]],
      "body.CallDuration",
    ],
  ])("%s is a clear refusal, and nothing is queued", async (_, webhook, change, field) => {
    if (!webhook) throw new Error("no such webhook");
    const form = change(webhook.form);
    // Signed as Twilio would sign it: of a name that stands twice, its values in order.
    const fields = [...form].sort(([a, x], [b, y]) => (a === b ? (x < y ? -1 : 1) : a < b ? -1 : 1));
    const answer = await post(webhook.handler, { path: webhook.path, query: webhook.query, form, signature: sign(urlOf(webhook), fields) });
    const problem = JSON.parse(answer.body) as { code: string; errors?: { field: string }[] };
    expect([answer.status, problem.code, problem.errors?.[0]?.field]).toEqual([400, "request.invalid", field]);
    expect(answer.body).not.toContain("4155550");
    expect(telephony.queue.messages).toEqual([]);
  });
});
