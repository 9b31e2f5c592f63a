import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createControlClient } from "../sandbox/testing/control-client.ts";
import { type SandboxEvent, type StripeSandbox, startStripeSandbox } from "./index.ts";
import { sdkAt, sessionParameters, startWebhook } from "./testing/webhook.ts";

let webhook: Awaited<ReturnType<typeof startWebhook>>;
let sandbox: StripeSandbox;
beforeAll(async () => {
  webhook = await startWebhook();
  sandbox = await startStripeSandbox({ port: 0, webhookUrl: webhook.url, webhookSecret: "whsec_test" });
});
afterAll(async () => {
  await sandbox.stop();
  await webhook[Symbol.asyncDispose]();
});

const call = createControlClient<{
  id: string;
  events: { event: SandboxEvent }[];
  attempts: unknown[];
  error: { message: string };
}>(() => sandbox.url);
const post = (path: string, body?: unknown) => call("POST", path, body);
const open = async () => (await sdkAt(sandbox.url, sandbox.secretKey).checkout.sessions.create(sessionParameters())).id;
const paid = async () => {
  const id = await open();
  await post(`/sessions/${id}/pay`, { method: "card" });
  return id;
};

describe("what customers and banks do", () => {
  test("a session is paid, declined, settled or expired", async () => {
    expect(await post(`/sessions/${await open()}/pay`, { method: "card" })).toMatchObject({
      status: 200,
      body: { payment_status: "paid" },
    });
    expect(await post(`/sessions/${await open()}/pay`)).toMatchObject({ status: 200, body: { payment_status: "paid" } });
    const id = await open();
    expect(await post(`/sessions/${id}/pay`, { method: "decline" })).toMatchObject({ body: { declined: { code: "card_declined" } } });
    expect(await post(`/sessions/${id}/pay`, { method: "async" })).toMatchObject({
      body: { payment_status: "unpaid", status: "complete" },
    });
    expect(await post(`/sessions/${id}/settle`, { outcome: "succeed" })).toMatchObject({ body: { payment_status: "paid" } });
    expect(await post(`/sessions/${await open()}/expire`)).toMatchObject({ body: { status: "expired" } });
  });

  test("a refund is made outside the API, and fails later", async () => {
    const { body: refund } = await post("/refunds", { session: await paid(), amountMinor: 100 });
    expect(refund).toMatchObject({ object: "refund", status: "succeeded", amount: 100 });
    expect(await post(`/refunds/${refund.id}/fail`)).toMatchObject({ body: { status: "failed" } });
    const { body: pending } = await post("/refunds", { session: await paid(), status: "pending" });
    expect(await post(`/refunds/${pending.id}/succeed`)).toMatchObject({ body: { status: "succeeded" } });
  });

  test("a dispute is opened, answered, won, lost or closed", async () => {
    const { body: first } = await post("/disputes", { session: await paid() });
    expect(await post(`/disputes/${first.id}/answer`)).toMatchObject({ body: { status: "under_review" } });
    expect(await post(`/disputes/${first.id}/win`)).toMatchObject({ body: { status: "won" } });
    const { body: second } = await post("/disputes", { session: await paid(), amountMinor: 100, inquiry: true });
    expect(second).toMatchObject({ status: "warning_needs_response", amount: 100 });
    expect(await post(`/disputes/${second.id}/escalate`)).toMatchObject({ body: { status: "needs_response" } });
    expect(await post(`/disputes/${second.id}/lose`)).toMatchObject({ body: { status: "lost" } });
    const { body: third } = await post("/disputes", { session: await paid(), inquiry: true });
    expect(await post(`/disputes/${third.id}/close`)).toMatchObject({ body: { status: "warning_closed" } });
  });

  test("mismatches are fabricated", async () => {
    const id = await open();
    expect(await post("/tamper/altered-payment", { session: id, amountMinor: 99, metadata: { owner: "user-2" } })).toMatchObject({
      body: { id, amount_total: 99, metadata: { owner: "user-2", topUpId: "top_1" } },
    });
    const { body: second } = await post("/tamper/second-session", { session: id });
    expect(second.id).not.toBe(id);
    const { body: listed } = await call("GET", "/events");
    const { event } = listed.events.at(-1)!;
    expect((await post("/tamper/repeat-event", { event: event.id })).body).toMatchObject({ type: event.type, data: event.data });
  });
});

describe("events and switches", () => {
  test("every event is listed with what became of it", async () => {
    await paid();
    await sandbox.delivery.idle();
    const { body } = await call("GET", "/events");
    expect(body.events.at(-1)).toMatchObject({
      event: { type: "checkout.session.completed" },
      delivery: { status: "delivered", attempts: [{ copy: 1, status: 200 }] },
    });
  });

  test("an event is posted 20 times at once", async () => {
    await paid();
    await sandbox.delivery.idle();
    const { body } = await call("GET", "/events");
    const before = webhook.received.length;
    const { body: answer } = await post(`/events/${body.events.at(-1)!.event.id}/deliver`, { copies: 20, concurrent: true });
    expect(answer.attempts).toHaveLength(20);
    expect(webhook.received.length - before).toBe(20);
  });

  test("switches are set as a whole, and what is held is let go when holding ends", async () => {
    expect(await call("PUT", "/switches", { hold: true, duplicate: 1 })).toMatchObject({
      status: 200,
      body: { hold: true, duplicate: 1, delayMs: 0 },
    });
    await paid();
    const before = webhook.received.length;
    expect(await post("/release")).toMatchObject({ body: { released: 4 } });
    await sandbox.delivery.idle();
    expect(webhook.received.length - before).toBe(8);
    await paid();
    await call("PUT", "/switches", {});
    await sandbox.delivery.idle();
    expect(webhook.received.length - before).toBe(12);
    expect((await call("GET", "/switches")).body).toMatchObject({ hold: false, duplicate: 0 });
  });
});

test.each([
  ["POST", "/sessions/cs_test_none/pay", { method: "card" }, 404, "No such checkout.session"],
  ["POST", "/sessions/x/pay", { method: "cash" }, 400, "method: "],
  ["POST", "/sessions/x/settle", {}, 400, "outcome: "],
  ["POST", "/disputes", {}, 400, "exactly one of session, paymentIntent, charge"],
  ["POST", "/disputes", { session: "a", charge: "b" }, 400, "exactly one of"],
  ["POST", "/disputes", { session: "a", colour: "red" }, 400, "colour"],
  ["PUT", "/switches", { parallel: 0 }, 400, "parallel: "],
  ["PUT", "/switches", { failNext: [{ status: 200 }] }, 400, "failNext.0.status: "],
  ["PUT", "/switches", { failNext: [{}] }, 400, "failNext.0: needs a status or a delayMs"],
  ["DELETE", "/switches", undefined, 405, "takes GET and PUT, not DELETE"],
  ["POST", "/nowhere", undefined, 404, "There is nothing at POST /_sandbox/nowhere"],
  ["POST", "/events/evt_none/deliver", {}, 404, "There is no event evt_none"],
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
