import { createHmac } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { answered, contextWith, outputOf, problemIn, requestOf } from "../fixtures/invocation.ts";
import { startQueue } from "../fixtures/services.ts";
import { handler } from "./stripe.ts";

const SECRET = "whsec_current";
const PREVIOUS = "whsec_previous";
let queue: Awaited<ReturnType<typeof startQueue>>;

beforeAll(async () => {
  queue = await startQueue();
});
afterAll(() => queue.stop());
beforeEach(() => {
  queue.messages.length = 0;
  queue.down = false;
  vi.stubEnv("PAYMENTS_QUEUE_URL", queue.url);
  vi.stubEnv("STRIPE_WEBHOOK_SECRETS", `${SECRET}, ${PREVIOUS}`);
  return () => vi.unstubAllEnvs();
});

const event = JSON.stringify({ id: "evt_1", object: "event", note: "canary-text canary@example.com नमस्ते" }, null, 2);
const nowSeconds = () => Math.floor(Date.now() / 1_000);

function sign(body: string | Buffer, { secret = SECRET, at = nowSeconds() } = {}): string {
  return `t=${at},v1=${createHmac("sha256", secret).update(`${at}.`).update(body).digest("hex")}`;
}

async function deliver(body: string | Buffer, signature: string | undefined = sign(body)) {
  const headers = {
    "content-type": "application/json; charset=utf-8",
    ...(signature === undefined ? {} : { "stripe-signature": signature }),
  };
  const request = requestOf({ method: "POST", path: "/api/payment/webhook", headers, body });
  const { result, output } = await outputOf(async () => answered(await handler(request, contextWith())));
  return { answer: result, output };
}

test("a signed event is queued as it came and then answered", async () => {
  const { answer } = await deliver(event);
  expect(answer).toEqual({
    status: 200,
    headers: { "cache-control": "no-store", "x-request-id": "request-1", "content-type": "application/json" },
    body: { received: true },
  });
  expect(queue.messages).toEqual([event]);
});

test("a body that the gateway flagged as base64 is the same event", async () => {
  expect((await deliver(Buffer.from(event))).answer.status).toBe(200);
  expect(queue.messages).toEqual([event]);
});

test("the previous secret still verifies", async () => {
  expect((await deliver(event, sign(event, { secret: PREVIOUS }))).answer.status).toBe(200);
});

describe("an event that is not signed by Stripe is refused, counted and not queued", () => {
  test.each<[string, () => string | undefined]>([
    ["no signature", () => ""],
    ["a forged one", () => sign(event, { secret: "whsec_forged" })],
    ["one over another body", () => sign(`${event} `)],
    ["a stale one", () => sign(event, { at: nowSeconds() - 302 })],
    ["one from the future", () => sign(event, { at: nowSeconds() + 305 })],
    ["nonsense", () => "v1=,t=,,="],
  ])("%s", async (_, signature) => {
    const { answer, output } = await deliver(event, signature());
    expect(problemIn(answer)).toEqual({
      status: 400,
      type: "application/problem+json",
      code: "webhook.signature_invalid",
      detail: "The Stripe-Signature header does not verify over this body.",
    });
    expect(queue.messages).toEqual([]);
    const metric = output.split("\n").find((line) => line.includes("CloudWatchMetrics"));
    expect(JSON.parse(metric ?? "{}")).toMatchObject({ SignaturesRefused: 1 });
  });
});

test("while the queue is down, Stripe is told to deliver again", async () => {
  queue.down = true;
  const { answer } = await deliver(event);
  expect(problemIn(answer)).toMatchObject({ status: 503, code: "service.busy" });
  expect(answer.headers["retry-after"]).toBe("1");
});

test("what is signed and no JSON is refused", async () => {
  expect(problemIn((await deliver("not json")).answer)).toMatchObject({ status: 400, code: "request.not_json" });
  expect(problemIn((await deliver(Buffer.from([0x22, 0xff, 0x22]))).answer)).toMatchObject({ status: 400, code: "request.not_json" });
  expect(queue.messages).toEqual([]);
});

test("an event of 1 MiB goes through, and one byte more is refused", async () => {
  const sized = (bytes: number) => JSON.stringify({ id: "evt_1" }).padEnd(bytes);
  expect((await deliver(sized(1_048_576))).answer.status).toBe(200);
  expect(problemIn((await deliver(sized(1_048_577))).answer)).toMatchObject({ status: 413, code: "request.too_large" });
});

test("a name that Stripe could repeat or a broken character in it does not stop an event: it is signed", async () => {
  const odd = '{"id":"evt_1","name":"\\ud800","id":"evt_1"}';
  expect((await deliver(odd)).answer.status).toBe(200);
  expect(queue.messages).toEqual([odd]);
});

test("without its secret the handler fails closed", async () => {
  vi.stubEnv("STRIPE_WEBHOOK_SECRETS", "");
  const { answer } = await deliver(event);
  expect(problemIn(answer)).toMatchObject({ status: 500, code: "internal.failure" });
  expect(queue.messages).toEqual([]);
});

test("nothing of an event, its signature or the secrets is logged", async () => {
  for (const signature of [sign(event), sign(event, { secret: "whsec_forged" })]) {
    const { output } = await deliver(event, signature);
    expect(output).toContain("invocation");
    for (const canary of ["canary", "example.com", "whsec_", signature.slice(-20), "v1="]) expect(output).not.toContain(canary);
  }
});
