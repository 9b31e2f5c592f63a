import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { aliases, syntax } from "../../../../stacks/bundling.ts";
import { twimlFaults, verbsIn, wordsIn } from "../../../core/src/conversations/fixtures/twiml-schema.ts";
import { bodyOf, type Service, startService } from "../fixtures/services.ts";
import { CALLER, numberItem, OUR_NUMBER, post, sid, startTelephony, walletItem } from "../fixtures/twilio.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const HANDLERS = ["handle-call", "handle-sms", "telephony-status", "telephony-fallback"] as const;
const source = (path: string) => join(import.meta.dirname, "..", path);

let telephony: Awaited<ReturnType<typeof startTelephony>>;
let model: Service;
let folder: string;
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
  folder = await mkdtemp(join(tmpdir(), "aira-telephony-"));
  await build({
    entryPoints: Object.fromEntries(HANDLERS.map((name) => [name, source(`webhooks/${name}.ts`)])),
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    minify: true,
    platform: "node",
    format: "esm",
    target: "node24",
    mainFields: ["module", "main"],
    supported: syntax,
    alias: Object.fromEntries(Object.entries(aliases).map(([module, stub]) => [module, source(stub)])),
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
});
afterAll(async () => {
  await model?.stop();
  await telephony?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A handler out of its bundle. `fresh`: as a container that has just started. */
async function bundled(name: (typeof HANDLERS)[number], fresh = ""): Promise<Parameters<typeof post>[0]> {
  return ((await import(`${pathToFileURL(join(folder, `${name}.mjs`)).href}?${fresh}`)) as { handler: Parameters<typeof post>[0] }).handler;
}

const form = { CallSid: sid("CA", 1), From: CALLER, To: OUR_NUMBER, CallStatus: "in-progress" };

async function turn(handler: Parameters<typeof post>[0], SpeechResult: string): Promise<string> {
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
