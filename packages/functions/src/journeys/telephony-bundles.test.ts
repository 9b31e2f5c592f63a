import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { twimlFaults, verbsIn, wordsIn } from "../../../core/src/conversations/fixtures/twiml-schema.ts";
import { startBundles } from "../fixtures/bundles.ts";
import { bodyOf, type Service, startService } from "../fixtures/services.ts";
import { CALLER, numberItem, OUR_NUMBER, post, sid, startTelephony, walletItem } from "../fixtures/twilio.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const HANDLERS = ["handle-call", "handle-sms", "telephony-status", "telephony-fallback"] as const;

let telephony: Awaited<ReturnType<typeof startTelephony>>;
let model: Service;
let bundles: Awaited<ReturnType<typeof startBundles>>;
beforeAll(async () => {
  telephony = await startTelephony();
  await telephony.put(numberItem(), walletItem(1_000));
  model = await startService(async (request, response) => {
    const { messages } = JSON.parse(await bodyOf(request)) as { messages: { content: { text: string }[] }[] };
    const text = `The model heard: ${messages.at(-1)?.content[0]?.text}`;
    const usage = { inputTokens: 1, outputTokens: 1, totalTokens: 2 };
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ output: { message: { role: "assistant", content: [{ text }] } }, stopReason: "end_turn", usage }));
  });
  bundles = await startBundles(Object.fromEntries(HANDLERS.map((name) => [name, `webhooks/${name}.ts`])));
});
afterAll(async () => {
  await model?.stop();
  await telephony?.stop();
  await bundles?.stop();
});

type Handler = Parameters<typeof post>[0];

/** A handler out of its bundle, in a container of that name. */
const bundled = async (name: (typeof HANDLERS)[number], container?: string): Promise<Handler> =>
  (await bundles.load<{ readonly handler: Handler }>(name, container)).handler;

const form = { CallSid: sid("CA", 1), From: CALLER, To: OUR_NUMBER, CallStatus: "in-progress" };

async function turn(handler: Handler, SpeechResult: string): Promise<string> {
  const path = "/api/voice-agent/handle-call";
  const first = await post(handler, { path, form });
  expect(twimlFaults(first.body, "voice")).toEqual([]);
  const query = verbsIn(first.body)[0]?.attributes.action?.split("?")[1] ?? "";
  const second = await post(handler, { path, query, form: { ...form, SpeechResult } });
  expect(twimlFaults(second.body, "voice")).toEqual([]);
  return wordsIn(second.body)[0] ?? "";
}

test("what the bundles leave out is missed by no call: greeted, answered by the embedded responder, then told of", async () => {
  expect(await turn(await bundled("handle-call"), "When are you open?")).toBe("We can be reached at any time.");
  const status = await post(await bundled("telephony-status"), {
    path: "/api/voice-agent/status",
    form: { ...form, CallStatus: "completed" },
  });
  expect(status.status).toBe(204);
  const fallback = await post(await bundled("telephony-fallback"), { path: "/api/voice-agent/fallback", form });
  expect(wordsIn(fallback.body)).toHaveLength(2);
});

test("by no call and no text that a model of Bedrock answers", async () => {
  vi.stubEnv("RESPONDER", "bedrock");
  vi.stubEnv("BEDROCK_MODEL_ID", "vendor.model-v1:0");
  vi.stubEnv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", model.url);
  expect(await turn(await bundled("handle-call", "bedrock"), "क्या आप खुले हैं?")).toContain("The model heard:");
  const text = { MessageSid: sid("SM", 1), From: CALLER, To: OUR_NUMBER, Body: "Hello & <goodbye>" };
  const answer = await post(await bundled("handle-sms", "bedrock"), { path: "/api/voice-agent/handle-sms", form: text });
  expect(twimlFaults(answer.body, "messaging")).toEqual([]);
  expect(wordsIn(answer.body)[0]).toContain("The model heard:");
});
