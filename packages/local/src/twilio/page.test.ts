import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createControlClient } from "../sandbox/testing/control-client.ts";
import type { callView } from "./feed.ts";
import { startTwilioSandbox, type TwilioSandbox } from "./index.ts";
import { type FakeApp, startFakeApp, twiml } from "./testing/fake-app.ts";
import type { WebhookRecord } from "./webhooks.ts";

const CALLER = "+14155550123";

let sandbox: TwilioSandbox;
let app: FakeApp;
let ours: string;
beforeAll(async () => {
  app = await startFakeApp(() => sandbox.authToken);
  sandbox = await startTwilioSandbox({ port: 0 });
});
beforeEach(() => {
  sandbox.reset();
  app.reset();
  ours = sandbox.state.plantNumber({ settings: { VoiceUrl: `${app.url}/voice`, SmsUrl: `${app.url}/sms` } }).phone_number;
  app.answers["/voice"] = twiml('<Gather input="speech dtmf" action="/turn"><Say>Hello</Say></Gather>');
  app.answers["/turn"] = twiml('<Record action="/done" finishOnKey="#"/>');
  app.answers["/done"] = twiml(`<Dial>+14155550188</Dial>`);
  app.answers["/sms"] = twiml("<Message>Thanks</Message>");
});
afterEach(() => sandbox.idle());
afterAll(async () => {
  await sandbox.stop();
  await app.stop();
});

const control = createControlClient<
  ReturnType<typeof callView> & {
    calls: unknown[];
    texts: { body: string }[];
    webhooks: readonly [WebhookRecord];
    attempts: unknown[];
    alerts: unknown[];
    version: number;
    numbers: unknown[];
    error: { message: string };
  }
>(() => sandbox.url);

describe("the control API", () => {
  test("places a call and drives it to its end", async () => {
    const placed = await control("POST", "/calls", { from: CALLER, to: ours });
    expect(placed).toMatchObject({ status: 200, body: { status: "in-progress", heard: ["Hello"], listening: { for: "answer" } } });
    const at = `/calls/${placed.body.sid}`;
    expect((await control("POST", `${at}/say`, { text: "A message, please" })).body.listening).toMatchObject({ for: "voicemail" });
    await control("POST", `${at}/say`, { text: "Call me" });
    expect((await control("POST", `${at}/press`, { keys: "#" })).body).toMatchObject({
      listening: { for: "callee" },
      recordings: [{ seconds: 1 }],
    });
    await control("POST", `${at}/callee`, { does: "answer" });
    await control("POST", `${at}/callee-says`, { text: "Yes?" });
    expect((await control("POST", `${at}/silence`, { seconds: 30 })).body.status).toBe("in-progress");
    expect((await control("POST", `${at}/hang-up`)).body).toMatchObject({ status: "completed", listening: null });
    const { transcript, durationSeconds } = (await control("GET", at)).body;
    expect(durationSeconds).toBeGreaterThanOrEqual(30);
    expect(transcript.map(({ by, text }) => `${by}: ${text}`)).toEqual([
      "app: Hello",
      "caller: A message, please",
      "line: Beep",
      "caller: Call me",
      "caller: #",
      "line: Recorded 1 s",
      "line: Ringing +14155550188",
      "line: Connected to +14155550188",
      "callee: Yes?",
      "caller: Hung up",
    ]);
    expect((await control("POST", `${at}/say`, { text: "hello?" })).status).toBe(409);
    expect((await control("GET", "/calls")).body.calls).toHaveLength(1);
  });

  test("sends a text and answers the thread", async () => {
    const sent = await control("POST", "/texts", { from: CALLER, to: ours, body: "Hi" });
    expect(sent.body).toMatchObject({ text: { body: "Hi", direction: "inbound" }, replies: [{ body: "Thanks", to: CALLER }] });
    await control("POST", "/texts", { from: "+14155550199", to: ours, body: "Another" });
    const { texts } = (await control("GET", `/texts?number=${encodeURIComponent(ours)}&with=${encodeURIComponent(CALLER)}`)).body;
    expect(texts.map(({ body }) => body)).toEqual(["Hi", "Thanks"]);
  });

  test("lists webhooks and sends one again; alerts are listed", async () => {
    app.answers["/sms"] = { status: 500 };
    await control("POST", "/texts", { from: CALLER, to: ours, body: "Hi" });
    const [{ id, url }] = (await control("GET", "/webhooks")).body.webhooks;
    expect(url).toBe(`${app.url}/sms`);
    expect((await control("POST", `/webhooks/${id}/deliver`, { copies: 2 })).body.attempts).toHaveLength(2);
    expect((await control("GET", "/alerts")).body.alerts).toMatchObject([{ code: 11200 }]);
  });

  test.each([
    ["POST", "/calls", { from: CALLER }, 400, "to: "],
    ["POST", "/calls", { from: CALLER, to: "+14155550100" }, 404, "There is no number"],
    ["POST", "/calls", { from: "<b>", to: "+14155550100" }, 400, "from: must be"],
    ["POST", "/calls/CA0/say", { text: "hello" }, 404, "There is no call CA0"],
    ["POST", "/calls/CA0/press", { keys: "A" }, 400, "keys: must be"],
    ["POST", "/calls/CA0/callee", { does: "sing" }, 400, "does: "],
    ["POST", "/texts", { from: CALLER, to: "+14155550100", body: "Hi" }, 404, "There is no number"],
    ["POST", "/webhooks/77/deliver", {}, 404, "There is no webhook 77"],
    ["GET", "/feed?version=x", undefined, 400, "version: "],
  ])("%s %s %j is refused with a sentence", async (method, path, body, status, message) => {
    const answer = await control(method, path, body);
    expect(answer.status).toBe(status);
    expect(answer.body.error.message).toContain(message);
  });
});

describe("the page", () => {
  test("is static, and its policy allows nothing from elsewhere", async () => {
    const response = await fetch(sandbox.url);
    const html = await response.text();
    const policy = response.headers.get("content-security-policy")!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain("unsafe");
    expect(html).toContain('<html lang="en">');
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=/);
    const files = [...html.matchAll(/(?:src|href)="(\/softphone[^"]+)"/g)].map(([, path]) => path!);
    expect(files).toEqual(["/softphone/style.css", "/softphone/main.js"]);
  });

  test("every module that a module names is served", async () => {
    const seen = new Set<string>();
    const visit = async (path: string): Promise<void> => {
      if (seen.has(path)) return;
      seen.add(path);
      const response = await fetch(`${sandbox.url}${path}`);
      expect([path, response.status, response.headers.get("content-type")]).toEqual([path, 200, "text/javascript; charset=utf-8"]);
      const source = await response.text();
      for (const [, name] of source.matchAll(/from "\.\/([\w.]+)"/g)) await visit(`/softphone/${name}`);
    };
    await visit("/softphone/main.js");
    expect(seen.size).toBeGreaterThan(3);
  });

  test("nothing but its files is served, and only to read", async () => {
    expect((await fetch(`${sandbox.url}/softphone/page.ts`)).status).toBe(401);
    expect((await fetch(`${sandbox.url}/softphone/../index.ts`)).status).toBe(401);
    expect((await fetch(sandbox.url, { method: "POST" })).status).toBe(405);
    expect((await fetch(`${sandbox.url}/softphone/recordings/RE${"0".repeat(32)}`)).status).toBe(404);
  });

  test("recordings can be heard without credentials", async () => {
    const call = sandbox.state.addCall({ from: CALLER, to: ours, direction: "inbound" });
    const { sid } = sandbox.state.addRecording(call.sid, 2);
    const sound = await fetch(`${sandbox.url}/softphone/recordings/${sid}`);
    expect(sound.headers.get("content-type")).toBe("audio/wav");
    expect((await sound.arrayBuffer()).byteLength).toBe(44 + 16_000);
  });

  test("its feed waits for news, and brings them at once", async () => {
    const { version, numbers } = (await control("GET", "/feed")).body;
    expect(numbers).toMatchObject([{ phoneNumber: ours, voice: true, voiceUrl: `${app.url}/voice` }]);
    let arrived = false;
    const news = control("GET", `/feed?version=${version}`).then((feed) => {
      arrived = true;
      return feed;
    });
    await control("GET", "/calls");
    expect(arrived).toBe(false);
    const call = sandbox.call({ from: CALLER, to: ours });
    expect((await news).body.calls).toMatchObject([{ sid: call.sid, from: CALLER }]);
    await call.hangUp();
  });
});
