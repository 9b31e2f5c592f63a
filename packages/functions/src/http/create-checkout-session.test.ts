import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { answered, contextWith, outputOf, problemIn, requestOf } from "../fixtures/invocation.ts";
import { startPayments } from "../fixtures/stripe.ts";
import { handler } from "./create-checkout-session.ts";
import { handler as readTopUp } from "./top-up.ts";

let payments: Awaited<ReturnType<typeof startPayments>>;
beforeAll(async () => {
  payments = await startPayments();
});
afterAll(() => payments?.stop());
beforeEach(() => {
  payments.stripe.calls.length = 0;
  payments.stripe.down = false;
});

let keys = 0;
const freshKey = () => `key-${++keys}`;
const body = (amountMinor = 500) => JSON.stringify({ amountMinor, currency: "USD", receiptEmail: "canary@example.com" });
const run = async (invoke: () => Promise<APIGatewayProxyStructuredResultV2>) => {
  const { result, output } = await outputOf(async () => answered(await invoke()));
  for (const canary of ["canary", "example.com"]) expect(output).not.toContain(canary);
  return result;
};
const checkout = (key: string, text = body(), sub = "owner-1") =>
  run(() =>
    handler(
      requestOf({
        method: "POST",
        headers: { "content-type": "application/json", "idempotency-key": key },
        body: text,
        claims: { sub },
      }),
      contextWith(28_000),
    ),
  );
const topUpOf = (topUpId: string, sub = "owner-1") =>
  run(() => readTopUp(requestOf({ params: { topUpId }, claims: { sub } }), contextWith()));

interface Session {
  readonly topUpId: string;
}

test("a top-up starts with Stripe's page to pay on, and can be read by its owner alone", async () => {
  const answer = await checkout(freshKey());
  expect(answer).toMatchObject({
    status: 201,
    body: {
      topUpId: expect.stringMatching(/^top_/),
      url: "https://pay.example/cs_test_1",
      currency: "USD",
      amountMinor: 500,
      state: "open",
    },
  });
  const { topUpId } = answer.body as Session;
  expect(await topUpOf(topUpId)).toMatchObject({ status: 200, body: { topUpId, state: "open", creditedMinor: 0 } });
  expect(problemIn(await topUpOf(topUpId, "owner-2"))).toMatchObject({ status: 404, code: "top_up.not_found" });
});

test("a repeat gets the first answer without asking Stripe again, whatever the order of its fields", async () => {
  const key = freshKey();
  const first = await checkout(key);
  const asked = payments.stripe.calls.length;
  const again = await checkout(key, JSON.stringify({ receiptEmail: "canary@example.com", currency: "USD", amountMinor: 500 }));
  expect(again).toMatchObject({ status: 201, body: first.body, headers: { "idempotency-replayed": "true" } });
  expect(payments.stripe.calls).toHaveLength(asked);
  expect(first.headers).not.toHaveProperty("idempotency-replayed");
});

test("the same key for another amount is refused", async () => {
  const key = freshKey();
  await checkout(key);
  expect(problemIn(await checkout(key, body(600)))).toMatchObject({ status: 422, code: "idempotency.key_reused" });
});

test("a key belongs to its owner", async () => {
  const key = freshKey();
  const [mine, other] = [await checkout(key), await checkout(key, body(), "owner-2")];
  expect((mine.body as Session).topUpId).not.toBe((other.body as Session).topUpId);
});

test("a refusal of Stripe's says nothing of Stripe's words, and the key is good for another try: the same top-up", async () => {
  const key = freshKey();
  payments.stripe.down = true;
  const refused = await checkout(key);
  expect(problemIn(refused)).toMatchObject({ code: "payment_provider.refused" });
  expect(JSON.stringify(refused)).not.toContain("canary");
  payments.stripe.down = false;
  const answer = await checkout(key);
  expect(answer.status).toBe(201);
  const sessions = payments.stripe.calls.filter(({ path }) => path === "/v1/checkout/sessions");
  expect(new Set(sessions.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
});
