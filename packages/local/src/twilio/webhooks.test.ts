import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { startTwilioSandbox, type TwilioSandbox } from "./index.ts";
import { type FakeApp, startFakeApp, twiml } from "./testing/fake-app.ts";

const SENDER = "+14155550123";

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
  ours = sandbox.state.plantNumber({
    settings: { VoiceUrl: `${app.url}/voice`, SmsUrl: `${app.url}/sms`, StatusCallback: `${app.url}/status` },
  }).phone_number;
  app.answers["/voice"] = twiml('<Gather input="speech" action="/turn"/>');
  app.answers["/turn"] = twiml("<Say>Bye</Say>");
});
afterEach(() => sandbox.idle());
afterAll(async () => {
  await sandbox.stop();
  await app.stop();
});

const speakOnce = async () => {
  const phone = sandbox.call({ from: SENDER, to: ours });
  await phone.say("hello");
  await phone.done;
  await sandbox.idle();
  return phone;
};
const count = () => Object.fromEntries(["/voice", "/turn", "/status"].map((path) => [path, app.at(path).length]));

test("webhooks are repeated on request, byte for byte, and only the first answer is followed", async () => {
  sandbox.switches.set({ repeatWebhooks: 3 });
  app.answers["/turn"] = () => (app.at("/turn").length === 1 ? twiml("<Say>First</Say>") : twiml("<Say>Second</Say>"));
  const phone = await speakOnce();
  expect(phone.heard).toEqual(["First"]);
  expect(count()).toEqual({ "/voice": 4, "/turn": 4, "/status": 4 });
  for (const path of ["/voice", "/turn", "/status"]) {
    const [first, ...others] = app.at(path);
    for (const other of others) {
      expect(other).toMatchObject({ signed: true, parameters: first!.parameters });
      expect(other.headers["x-twilio-signature"]).toBe(first!.headers["x-twilio-signature"]);
      expect(other.headers["i-twilio-idempotency-token"]).toBe(first!.headers["i-twilio-idempotency-token"]);
    }
  }
});

test("status callbacks come in another order on request, the same for the same seed", async () => {
  app.answers["/sms"] = twiml('<Message statusCallback="/sent">One</Message>');
  const order = async (seed: number) => {
    app.received.length = 0;
    sandbox.switches.set({ reorderCallbacks: true, textStepMs: 0, seed });
    await sandbox.text({ from: SENDER, to: ours, body: "Hi" }).done;
    await sandbox.idle();
    return app.at("/sent").map(({ parameters }) => parameters.MessageStatus);
  };
  const orders = [];
  for (let seed = 1; seed <= 6; seed += 1) orders.push(await order(seed));
  for (const one of orders) expect([...one].sort()).toEqual(["delivered", "queued", "sent"]);
  expect(orders.some((one) => one.join() !== "queued,sent,delivered")).toBe(true);
});

test("status callbacks are late or never come, on request", async () => {
  sandbox.switches.set({ dropCallbacks: true });
  await speakOnce();
  expect(count()).toMatchObject({ "/status": 0 });
  sandbox.switches.set({ callbackDelayMs: 50 });
  const phone = sandbox.call({ from: SENDER, to: ours });
  await phone.hangUp();
  expect(count()).toMatchObject({ "/status": 0 });
  await sandbox.idle();
  expect(count()).toMatchObject({ "/status": 1 });
});

test("what was sent is listed, and can be sent again by hand, many at once", async () => {
  const phone = await speakOnce();
  const { id } = sandbox.webhooks.records().find(({ kind }) => kind === "status")!;
  const attempts = await sandbox.webhooks.deliver(id, { copies: 10, concurrent: true });
  expect(attempts).toHaveLength(10);
  expect(attempts[0]).toMatchObject({ status: 204, byHand: true });
  expect(app.at("/status")).toHaveLength(11);
  expect(app.at("/status").every(({ signed, parameters }) => signed && parameters.CallSid === phone.sid)).toBe(true);
  await expect(sandbox.webhooks.deliver(999)).rejects.toThrow("There is no webhook 999.");
});

test("a forgery and a changed body don't verify", async () => {
  await speakOnce();
  const { id } = sandbox.webhooks.records()[0]!;
  await sandbox.webhooks.deliver(id, { authToken: "another" });
  await sandbox.webhooks.deliver(id, { tamper: { From: "+14155550199" } });
  expect(app.at("/voice").map(({ signed }) => signed)).toEqual([true, false, false]);
});

test("a stop waits for nobody who doesn't answer, and ends open calls in the books", async () => {
  const other = await startTwilioSandbox({ port: 0 });
  app.answers["/slow"] = "never";
  const number = other.state.plantNumber({ settings: { VoiceUrl: `${app.url}/voice` } }).phone_number;
  const slow = other.state.plantNumber({ settings: { VoiceUrl: `${app.url}/slow` } }).phone_number;
  const open = other.call({ from: SENDER, to: number });
  await open.ready();
  const asking = other.call({ from: SENDER, to: slow });
  const begin = performance.now();
  await other.stop();
  expect(performance.now() - begin).toBeLessThan(2000);
  expect([(await open.done).status, (await asking.done).status]).toEqual(["completed", "no-answer"]);
});
