import Stripe from "stripe";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { API_VERSION, createStripeState, type StripeSandbox, sandboxFetch, startStripeSandbox } from "./index.ts";
import { sdkAt, sessionParameters } from "./testing/webhook.ts";

let sandbox: StripeSandbox;
let stripe: Stripe;
beforeAll(async () => {
  // Nothing listens at the webhook's address: these tests are about calls, and every event is dropped.
  sandbox = await startStripeSandbox({ port: 0, webhookUrl: "http://127.0.0.1:9/", webhookSecret: "whsec_test" });
  sandbox.switches.set({ drop: ["*"] });
  stripe = sdkAt(sandbox.url, sandbox.secretKey);
});
afterAll(() => sandbox.stop());

const paid = async (change: Partial<Stripe.Checkout.SessionCreateParams> = {}) => {
  const session = await stripe.checkout.sessions.create(sessionParameters(change));
  return sandbox.state.pay(session.id, "card");
};
const failure = (call: Promise<unknown>): Promise<Stripe.errors.StripeError> =>
  call.then(
    () => expect.fail("the call was expected to fail"),
    (error) => error,
  );

describe("checkout sessions", () => {
  test("a session round-trips what it was created with, and is open and unpaid", async () => {
    const session = await stripe.checkout.sessions.create(sessionParameters());
    expect(session).toMatchObject({
      object: "checkout.session",
      status: "open",
      payment_status: "unpaid",
      amount_total: 2500,
      currency: "usd",
      client_reference_id: "top_1",
      metadata: { app: "aira", topUpId: "top_1", owner: "user-1" },
      adaptive_pricing: { enabled: false },
      payment_intent: null,
      url: `${sandbox.url}/c/pay/${session.id}`,
    });
    expect(session.id).toMatch(/^cs_test_\w+$/);
    expect(session.lastResponse).toMatchObject({ statusCode: 200, requestId: expect.stringMatching(/^req_/), apiVersion: API_VERSION });
    expect(await stripe.checkout.sessions.retrieve(session.id)).toEqual(session);
  });

  test("a paid session leads to its intent, charge and balance transaction by expand", async () => {
    const { id } = await paid();
    const session = await stripe.checkout.sessions.retrieve(id, {
      expand: ["payment_intent.latest_charge.balance_transaction", "line_items"],
    });
    expect(session).toMatchObject({
      status: "complete",
      payment_status: "paid",
      url: null,
      line_items: { data: [{ amount_total: 2500, description: "Aira top-up" }] },
      payment_intent: {
        status: "succeeded",
        amount_received: 2500,
        metadata: { topUpId: "top_1" },
        receipt_email: "asha@example.com",
        latest_charge: {
          paid: true,
          metadata: { topUpId: "top_1" },
          receipt_url: expect.stringMatching(/^https:/),
          balance_transaction: { amount: 2500, fee: 103, net: 2397, type: "charge", reporting_category: "charge" },
        },
      },
    });
  });

  test("an open session expires once; a paid one never", async () => {
    const open = await stripe.checkout.sessions.create(sessionParameters());
    expect(await stripe.checkout.sessions.expire(open.id)).toMatchObject({ status: "expired", url: null });
    expect(await failure(stripe.checkout.sessions.expire(open.id))).toBeInstanceOf(Stripe.errors.StripeInvalidRequestError);
    const { id } = await paid();
    expect((await failure(stripe.checkout.sessions.expire(id))).message).toContain('status of "complete"');
  });

  test("a customer is kept, reused and checked", async () => {
    const customer = await stripe.customers.create({ name: "Asha", email: "asha@example.com", metadata: { owner: "user-1" } });
    expect(await stripe.customers.retrieve(customer.id)).toEqual(customer);
    const session = await stripe.checkout.sessions.create(sessionParameters({ customer: customer.id }));
    expect(session).toMatchObject({ customer: customer.id, customer_details: { email: "asha@example.com" } });
    const unknown = await failure(stripe.checkout.sessions.create(sessionParameters({ customer: "cus_none" })));
    expect(unknown).toMatchObject({ statusCode: 400, code: "resource_missing", param: "customer" });
  });
});

describe("parameters are refused for what is wrong with them", () => {
  const line = (price: object) => [
    { quantity: 1, price_data: { currency: "usd", unit_amount: 2500, product_data: { name: "x" }, ...price } },
  ];
  const soon = Math.floor(Date.now() / 1000);
  const cases: [string, object, { code?: string; param?: string }][] = [
    ["payment_method_types is gone", { payment_method_types: ["card"] }, { code: "parameter_unknown", param: "payment_method_types" }],
    [
      "an unknown nested parameter",
      { line_items: line({ colour: "red" }) },
      { code: "parameter_unknown", param: "line_items[0][price_data][colour]" },
    ],
    ["no success_url", { success_url: undefined }, { code: "parameter_missing", param: "success_url" }],
    ["a relative success_url", { success_url: "/done" }, { code: "url_invalid", param: "success_url" }],
    ["an amount below 50 cents", { line_items: line({ unit_amount: 49 }) }, { code: "amount_too_small" }],
    ["rupees worth less than 50 cents", { line_items: line({ currency: "inr", unit_amount: 1180 }) }, { code: "amount_too_small" }],
    ["nine digits", { line_items: line({ unit_amount: 100_000_000 }) }, { code: "parameter_invalid_integer" }],
    [
      "an amount that is no integer",
      { line_items: line({ unit_amount: 12.5 }) },
      { code: "parameter_invalid_integer", param: "line_items[0][price_data][unit_amount]" },
    ],
    ["an unknown currency", { line_items: line({ currency: "xxx" }) }, { param: "line_items[0][price_data][currency]" }],
    ["an expiry in 29 minutes", { expires_at: soon + 29 * 60 }, { param: "expires_at" }],
    ["an expiry in 25 hours", { expires_at: soon + 25 * 3600 }, { param: "expires_at" }],
    ["51 metadata keys", { metadata: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`k${i}`, "v"])) }, { param: "metadata" }],
    ["a metadata key of 41 characters", { metadata: { ["k".repeat(41)]: "v" } }, { param: `metadata[${"k".repeat(41)}]` }],
    ["a metadata value of 501 characters", { metadata: { k: "v".repeat(501) } }, { param: "metadata[k]" }],
    ["a mode that is not payment", { mode: "subscription" }, { param: "mode" }],
    ["an e-mail without a domain", { customer_email: "asha" }, { code: "email_invalid", param: "customer_email" }],
    ["an empty string", { client_reference_id: "" }, { code: "parameter_invalid_empty", param: "client_reference_id" }],
    ["no lines", { line_items: undefined }, { code: "parameter_missing", param: "line_items" }],
    ["an expand of what is no reference", { expand: ["amount_total"] }, { param: "expand" }],
  ];
  test.each(cases)("%s", async (_, change, expected) => {
    const error = await failure(stripe.checkout.sessions.create(sessionParameters(change)));
    expect(error).toBeInstanceOf(Stripe.errors.StripeInvalidRequestError);
    expect(error).toMatchObject({ statusCode: 400, rawType: "invalid_request_error", ...expected });
  });

  test("an expiry just within 30 minutes and 24 hours is taken, and metadata at its limits", async () => {
    const metadata = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`${i}`.padEnd(40, "k"), "v".repeat(500)]));
    for (const seconds of [31 * 60, 24 * 3600 - 60]) {
      const session = await stripe.checkout.sessions.create(sessionParameters({ expires_at: soon + seconds, metadata }));
      expect(session.metadata).toEqual(metadata);
    }
  });
});

describe("refunds", () => {
  test("partial refunds add up on the charge, and more than is left is refused", async () => {
    const { payment_intent: intent } = await paid();
    const first = await stripe.refunds.create({
      payment_intent: intent!,
      amount: 1000,
      metadata: { why: "half" },
      reason: "requested_by_customer",
    });
    expect(first).toMatchObject({ status: "succeeded", amount: 1000, metadata: { why: "half" }, payment_intent: intent });
    await stripe.refunds.create({ charge: first.charge as string, amount: 500 });
    const { data } = await stripe.refunds.list({ payment_intent: intent!, expand: ["data.charge"] });
    expect(data.map((refund) => refund.amount)).toEqual([500, 1000]);
    expect(data[0]!.charge).toMatchObject({ amount_refunded: 1500, refunded: false });
    expect((await failure(stripe.refunds.create({ payment_intent: intent!, amount: 1001 }))).param).toBe("amount");
    await stripe.refunds.create({ payment_intent: intent! });
    expect(await failure(stripe.refunds.create({ payment_intent: intent! }))).toMatchObject({ code: "charge_already_refunded" });
    expect(await stripe.refunds.retrieve(first.id)).toMatchObject({ id: first.id, amount: 1000 });
  });

  test("only a refund that waits for the customer is canceled", async () => {
    const { id } = await paid();
    const waiting = sandbox.state.refund({ session: id }, { amountMinor: 100, status: "requires_action" });
    expect(await stripe.refunds.cancel(waiting.id)).toMatchObject({ status: "canceled" });
    const done = sandbox.state.refund({ session: id }, { amountMinor: 100 });
    expect((await failure(stripe.refunds.cancel(done.id))).message).toContain("cannot be canceled");
  });

  test("a charge that was charged back is not refunded", async () => {
    const { id, payment_intent: intent } = await paid();
    sandbox.state.openDispute({ session: id });
    expect(await failure(stripe.refunds.create({ payment_intent: intent! }))).toMatchObject({ code: "charge_disputed" });
  });

  test("a payment must be named, and named once", async () => {
    expect((await failure(stripe.refunds.create({ amount: 100 }))).message).toContain("Exactly one");
    expect(await failure(stripe.refunds.create({ payment_intent: "pi_none" }))).toMatchObject({ code: "resource_missing" });
  });
});

describe("disputes, balance transactions and events", () => {
  test("a lost dispute withdraws money once; a won one gives it back", async () => {
    const { id, payment_intent: intent } = await paid();
    const dispute = sandbox.state.openDispute({ session: id }, { amountMinor: 2000 });
    sandbox.state.winDispute(dispute.id);
    const found = await stripe.disputes.list({ payment_intent: intent! });
    expect(found.data).toMatchObject([{ id: dispute.id, status: "won", balance_transactions: [{ amount: -2000 }, { amount: 2000 }] }]);
    expect(await stripe.disputes.retrieve(dispute.id, { expand: ["charge"] })).toMatchObject({ charge: { disputed: true } });
    const { data } = await stripe.balanceTransactions.list({ source: dispute.id, expand: ["data.source"] });
    expect(data).toMatchObject([
      { type: "adjustment", reporting_category: "dispute_reversal", amount: 2000, source: { object: "dispute" } },
      { type: "adjustment", reporting_category: "dispute", amount: -2000, fee: 1500, net: -3500 },
    ]);
    expect(await stripe.balanceTransactions.retrieve(data[0]!.id)).toMatchObject({ source: dispute.id });
    expect((await stripe.balanceTransactions.list({ type: "charge", limit: 1 })).data).toMatchObject([{ type: "charge" }]);
  });

  test("events are listed by type with the object as it was", async () => {
    const { id } = await paid();
    const { data } = await stripe.events.list({ types: ["checkout.session.completed"], limit: 1 });
    expect(data).toMatchObject([{ type: "checkout.session.completed", data: { object: { id, payment_status: "paid" } } }]);
    expect(await stripe.events.retrieve(data[0]!.id)).toMatchObject({ id: data[0]!.id, api_version: API_VERSION, livemode: false });
    expect((await stripe.events.list({ type: "charge.succeeded", limit: 1 })).data).toHaveLength(1);
  });

  test("intents, charges and the account can be read", async () => {
    const { payment_intent: id } = await paid();
    const intent = await stripe.paymentIntents.retrieve(id!, { expand: ["latest_charge"] });
    const charges = await stripe.charges.list({ payment_intent: id! });
    expect(charges.data).toEqual([intent.latest_charge]);
    expect(await stripe.charges.retrieve(charges.data[0]!.id)).toMatchObject({ payment_intent: id });
    expect((await stripe.paymentIntents.list({ limit: 1 })).data[0]!.id).toBe(id);
    expect(await stripe.accounts.retrieveCurrent()).toMatchObject({ object: "account", default_currency: "usd" });
  });
});

describe("lists", () => {
  test("auto-pagination walks every object once, newest first; a cursor walks back", async () => {
    const { payment_intent: intent } = await paid();
    const made: string[] = [];
    for (let i = 0; i < 7; i += 1) made.unshift((await stripe.refunds.create({ payment_intent: intent!, amount: 100 })).id);
    const walked: string[] = [];
    for await (const refund of stripe.refunds.list({ payment_intent: intent!, limit: 3 })) walked.push(refund.id);
    expect(walked).toEqual(made);
    const back = await stripe.refunds.list({ payment_intent: intent!, limit: 2, ending_before: made[5]! });
    expect(back).toMatchObject({ has_more: true, data: [{ id: made[3] }, { id: made[4] }] });
    const backwards: string[] = [];
    for await (const refund of stripe.refunds.list({ payment_intent: intent!, limit: 3, ending_before: made[6]! }))
      backwards.push(refund.id);
    expect(backwards).toEqual(made.slice(0, 6).reverse());
  });

  test("`created` bounds a list, and the limits are 1 to 100", async () => {
    const now = Math.floor(Date.now() / 1000);
    expect((await stripe.checkout.sessions.list({ created: { gt: now + 60 } })).data).toEqual([]);
    expect((await stripe.checkout.sessions.list({ created: { gte: now - 600, lte: now + 60 } })).data).toHaveLength(10);
    for (const limit of [0, 101]) expect((await failure(stripe.refunds.list({ limit }))).param).toBe("limit");
    expect(await failure(stripe.refunds.list({ starting_after: "re_none" }))).toMatchObject({
      code: "resource_missing",
      param: "starting_after",
    });
  });

  test("sessions are found by their payment intent", async () => {
    const { id, payment_intent: intent } = await paid();
    expect((await stripe.checkout.sessions.list({ payment_intent: intent! })).data.map((session) => session.id)).toEqual([id]);
    expect((await stripe.checkout.sessions.list({ status: "complete", limit: 1 })).data[0]!.id).toBe(id);
  });
});

describe("idempotency keys", () => {
  test("the same parameters get the same answer again, and no second object", async () => {
    const first = await stripe.checkout.sessions.create(sessionParameters(), { idempotencyKey: "key-1" });
    const again = await stripe.checkout.sessions.create(sessionParameters(), { idempotencyKey: "key-1" });
    expect(again).toEqual(first);
    expect(again.lastResponse.headers).toMatchObject({ "idempotent-replayed": "true", "original-request": first.lastResponse.requestId });
    expect(first.lastResponse.headers).not.toHaveProperty("idempotent-replayed");
  });

  test("other parameters under the same key are an idempotency error", async () => {
    await stripe.checkout.sessions.create(sessionParameters(), { idempotencyKey: "key-2" });
    const error = await failure(
      stripe.checkout.sessions.create(sessionParameters({ client_reference_id: "top_2" }), { idempotencyKey: "key-2" }),
    );
    expect(error).toBeInstanceOf(Stripe.errors.StripeIdempotencyError);
    expect(error.statusCode).toBe(400);
  });

  test("a key is in use while its first request runs", async () => {
    sandbox.switches.set({ drop: ["*"], failNext: [{ method: "POST", path: "/v1/customers", delayMs: 150 }] });
    const [first, second] = await Promise.allSettled([
      stripe.customers.create({ name: "Asha" }, { idempotencyKey: "key-3" }),
      stripe.customers.create({ name: "Asha" }, { idempotencyKey: "key-3" }),
    ]);
    const [refused] = [first, second].filter((result) => result.status === "rejected");
    expect(refused!.reason).toMatchObject({ statusCode: 409, code: "idempotency_key_in_use" });
    expect([first, second].filter((result) => result.status === "fulfilled")).toHaveLength(1);
  });

  test("refused parameters leave the key free; a refusal by state is kept", async () => {
    await failure(stripe.checkout.sessions.create(sessionParameters({ success_url: "/x" }), { idempotencyKey: "key-4" }));
    expect(await stripe.checkout.sessions.create(sessionParameters(), { idempotencyKey: "key-4" })).toMatchObject({ status: "open" });
    const { id, payment_intent: intent } = await paid();
    const dispute = sandbox.state.openDispute({ session: id });
    await failure(stripe.refunds.create({ payment_intent: intent! }, { idempotencyKey: "key-5" }));
    sandbox.state.winDispute(dispute.id);
    const kept = await failure(stripe.refunds.create({ payment_intent: intent! }, { idempotencyKey: "key-5" }));
    expect(kept).toMatchObject({ code: "charge_disputed", headers: { "idempotent-replayed": "true" } });
  });

  test("a key is forgotten after 24 hours", async () => {
    let nowMs = Date.UTC(2026, 0, 1);
    const state = createStripeState({ clock: () => nowMs });
    const inProcess = new Stripe("sk_test_sandbox", { httpClient: Stripe.createFetchHttpClient(sandboxFetch(state)), telemetry: false });
    const create = () => inProcess.customers.create({ name: "Asha" }, { idempotencyKey: "key" });
    const { id } = await create();
    nowMs += 24 * 3600_000 - 1;
    expect((await create()).id).toBe(id);
    nowMs += 1;
    expect((await create()).id).not.toBe(id);
  });
});

describe("who may call, and how", () => {
  test("a wrong key is an authentication error that does not show the key", async () => {
    const error = await failure(sdkAt(sandbox.url, "sk_test_wrongsecret").customers.list());
    expect(error).toBeInstanceOf(Stripe.errors.StripeAuthenticationError);
    expect(error.message).not.toContain("wrongsecret");
    const bare = await fetch(`${sandbox.url}/v1/customers`);
    expect(bare.status).toBe(401);
    expect(bare.headers.get("request-id")).toMatch(/^req_/);
  });

  test("an unknown API version, path or id is refused as Stripe refuses it", async () => {
    const version = "2019-01-01" as Stripe.StripeConfig["apiVersion"];
    expect((await failure(sdkAt(sandbox.url, sandbox.secretKey, { apiVersion: version! }).customers.list())).message).toContain(
      "2019-01-01",
    );
    expect(await failure(stripe.rawRequest("GET", "/v1/nothing"))).toMatchObject({ statusCode: 404, rawType: "invalid_request_error" });
    expect(await failure(stripe.checkout.sessions.retrieve("cs_test_none"))).toMatchObject({
      statusCode: 404,
      code: "resource_missing",
      message: "No such checkout.session: 'cs_test_none'",
    });
  });
});

describe("failures that are switched on", () => {
  const failNext = (...failures: object[]) => void sandbox.switches.set({ drop: ["*"], failNext: failures });

  test("429 and 503 reach the SDK's error classes, and the next call works", async () => {
    failNext({ path: "/v1/refunds", status: 429 }, { path: "/v1/refunds*", status: 503 });
    expect(await failure(stripe.refunds.list())).toBeInstanceOf(Stripe.errors.StripeRateLimitError);
    expect(await failure(stripe.refunds.list())).toBeInstanceOf(Stripe.errors.StripeAPIError);
    expect(await stripe.refunds.list()).toMatchObject({ object: "list" });
  });

  test("503 leaves the idempotency key free; 500 is kept under it, as Stripe keeps it", async () => {
    failNext({ status: 503 });
    const create = (idempotencyKey: string) => stripe.customers.create({ name: "Asha" }, { idempotencyKey });
    await failure(create("key-503"));
    expect(await create("key-503")).toMatchObject({ object: "customer" });
    failNext({ status: 500 });
    await failure(create("key-500"));
    expect(await failure(create("key-500"))).toMatchObject({ statusCode: 500, headers: { "idempotent-replayed": "true" } });
  });

  test("a call that hangs has done nothing; one that was done and never answered is found again by its key", async () => {
    const impatient = sdkAt(sandbox.url, sandbox.secretKey, { timeout: 100 });
    const count = () => sandbox.state.store.customers.size;
    const create = (idempotencyKey: string) => impatient.customers.create({ name: "Asha" }, { idempotencyKey });
    const before = count();
    failNext({ status: "timeout" }, { status: "timeout_after" });
    expect(await failure(create("key-6"))).toBeInstanceOf(Stripe.errors.StripeConnectionError);
    expect(count()).toBe(before);
    expect(await failure(create("key-7"))).toBeInstanceOf(Stripe.errors.StripeConnectionError);
    expect(count()).toBe(before + 1);
    expect((await create("key-7")).lastResponse.headers).toMatchObject({ "idempotent-replayed": "true" });
    expect(count()).toBe(before + 1);
  });
});

test("in process, without sockets, the SDK sees the same API", async () => {
  const state = createStripeState({ clock: () => Date.UTC(2026, 0, 1) });
  const inProcess = new Stripe("sk_test_sandbox", { httpClient: Stripe.createFetchHttpClient(sandboxFetch(state)), telemetry: false });
  const session = await inProcess.checkout.sessions.create(sessionParameters());
  state.pay(session.id, "card");
  expect(await inProcess.checkout.sessions.retrieve(session.id, { expand: ["payment_intent"] })).toMatchObject({
    payment_status: "paid",
    payment_intent: { status: "succeeded" },
  });
});
