import { loadWallet, setArrears } from "@aira/core/ledger";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { ledgerPorts } from "../edge/services.ts";
import { batch } from "../fixtures/batch.ts";
import { answered, contextWith, outputOf, requestOf } from "../fixtures/invocation.ts";
import { startPayments } from "../fixtures/stripe.ts";
import { handler as checkout } from "../http/create-checkout-session.ts";
import { handler as readTopUp } from "../http/top-up.ts";
import { handler as readBalance } from "../http/wallet-balance.ts";
import { handler } from "./payments.ts";

let payments: Awaited<ReturnType<typeof startPayments>>;
beforeAll(async () => {
  payments = await startPayments();
});
afterAll(() => payments?.stop());

const claims = { sub: "canary-owner" };
const consume = (...bodies: unknown[]) =>
  outputOf(() =>
    handler(
      batch(
        bodies.map((body) => (typeof body === "string" ? body : JSON.stringify(body))),
        Date.now(),
      ),
      contextWith(60_000),
    ),
  );
const metricsIn = (output: string) => JSON.parse(output.split("\n").find((line) => line.includes("CloudWatchMetrics")) ?? "{}");

async function startTopUp(key = "key-1"): Promise<string> {
  const headers = { "content-type": "application/json", "idempotency-key": key };
  const body = JSON.stringify({ currency: "USD", amountMinor: 500 });
  const { result } = await outputOf(async () =>
    answered(await checkout(requestOf({ method: "POST", headers, body, claims }), contextWith(28_000))),
  );
  return (result.body as { topUpId: string }).topUpId;
}

const paid = (topUpId: string, stage = "test") => ({
  id: "evt_1",
  type: "checkout.session.completed",
  livemode: false,
  created: 1_772_366_400,
  data: {
    object: {
      id: "cs_test_1",
      object: "checkout.session",
      payment_status: "paid",
      amount_total: 500,
      currency: "usd",
      client_reference_id: topUpId,
      metadata: { app: "aira", stage, top_up_id: topUpId, owner: claims.sub },
      payment_intent: "pi_1",
    },
  },
});

test("a paid session is credited once, however often it is announced, and what is no event comes back alone", async () => {
  const topUpId = await startTopUp();
  const { result, output } = await consume(paid(topUpId), "canary-body, not an event");
  expect(result).toEqual({ batchItemFailures: [{ itemIdentifier: "message-1" }] });
  expect(metricsIn(output)).toMatchObject({ CreditsPosted: 1, WebhookToCreditMs: expect.any(Number) });
  expect(output).not.toContain("canary");

  expect((await consume(paid(topUpId), paid(topUpId))).result).toEqual({ batchItemFailures: [] });
  const state = await outputOf(async () => answered(await readTopUp(requestOf({ params: { topUpId }, claims }), contextWith())));
  expect(state.result.body).toMatchObject({ state: "credited", creditedMinor: 500 });
  const balance = await outputOf(async () => answered(await readBalance(requestOf({ claims }), contextWith())));
  expect(balance.result.body).toMatchObject({ balances: [{ currency: "USD", availableMinor: 500 }, {}], seq: 1 });
});

test("what is not ours or moves no money is done, and counted", async () => {
  const { result, output } = await consume(paid("top_x", "another-stage"), { ...paid("top_x"), type: "customer.created" });
  expect(result).toEqual({ batchItemFailures: [] });
  expect(metricsIn(output)).toMatchObject({ EventsForeign: 1, EventsIgnored: 1 });
});

test("months that wait for money are seen to behind the credit, which stands whatever comes of that", async () => {
  const { table: wallets } = ledgerPorts();
  const arrears = async () => (await loadWallet(wallets, claims.sub, { consistent: true })).arrears;
  await setArrears(wallets, claims.sub, "token-1");
  vi.stubEnv("NUMBER_GRACE_DAYS", "never");
  const failed = await consume(paid(await startTopUp("key-2")));
  expect(failed.result).toEqual({ batchItemFailures: [] });
  expect(failed.output).toContain("months that waited for money were not charged");
  expect(metricsIn(failed.output)).toMatchObject({ CreditsPosted: 1, NumbersNotRestored: 1 });
  expect(await arrears()).toBe("token-1");

  vi.stubEnv("NUMBER_GRACE_DAYS", "3");
  const restored = await consume(paid(await startTopUp("key-3")));
  expect(metricsIn(restored.output)).toMatchObject({ CreditsPosted: 1, NumbersRestored: 0 });
  expect(await arrears()).toBeUndefined();

  const quiet = await consume(paid(await startTopUp("key-4")));
  expect(metricsIn(quiet.output)).not.toHaveProperty("NumbersRestored");
  const balance = await outputOf(async () => answered(await readBalance(requestOf({ claims }), contextWith())));
  expect(balance.result.body).toMatchObject({ balances: [{ currency: "USD", availableMinor: 2_000 }, {}], seq: 4 });
});
