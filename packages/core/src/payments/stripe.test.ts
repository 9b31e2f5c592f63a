import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createStripeState, SANDBOX_SECRET_KEY, sandboxFetch } from "@aira/local/stripe/index";
import { afterEach, describe, expect, test, vi } from "vitest";
import { AiraError } from "../lib/index.ts";
import type { SessionTerms, Walked } from "./provider.ts";
import { createStripeProvider } from "./stripe.ts";

const NOW_MS = Date.parse("2026-01-31T10:00:00.000Z");
const NOW = NOW_MS / 1_000;
const SPAN = { from: NOW - 60, to: NOW + 60 };
const METADATA = { app: "aira", stage: "test", top_up_id: "top_1", owner: "asha" };

const terms = (customerId: string, change: Partial<SessionTerms> = {}): SessionTerms => ({
  topUpId: "top_1",
  currency: "INR",
  amountMinor: 50_000,
  customerId,
  successUrl: "https://aira.example/paid",
  cancelUrl: "https://aira.example/cancelled",
  receiptEmail: "asha@example.com",
  expiresAtMs: NOW_MS + 7_200_000,
  metadata: METADATA,
  ...change,
});

/** The adapter over the stand-in for Stripe, with every request that it made. */
function setting() {
  const stripe = createStripeState({ clock: () => NOW_MS, seed: 1 });
  const sandbox = sandboxFetch(stripe);
  const requests: Request[] = [];
  const provider = createStripeProvider({
    secretKey: SANDBOX_SECRET_KEY,
    fetch: (input, init) => {
      const request = new Request(input, init);
      requests.push(request.clone());
      return sandbox(request);
    },
  });
  const open = async (change: Partial<SessionTerms> = {}) => {
    const customerId = await provider.createCustomer({ owner: "asha", metadata: METADATA }, `customer-${requests.length}`);
    return provider.createSession(terms(customerId, change), `session-${requests.length}`);
  };
  const paid = async (change: Partial<SessionTerms> = {}) => {
    const { id } = await open(change);
    stripe.pay(id, "card");
    const session = await provider.getSession(id);
    return { session, intentId: session.paymentIntentId! };
  };
  return { stripe, provider, requests, open, paid };
}

/** The adapter over one answer, whatever it asks for. */
function answering(answer: () => Response | Promise<Response>) {
  const requests: Request[] = [];
  const provider = createStripeProvider({
    secretKey: SANDBOX_SECRET_KEY,
    fetch: (input, init) => {
      requests.push(new Request(input, init));
      return Promise.resolve().then(answer);
    },
  });
  return { provider, requests };
}

const list = (...data: object[]) => answering(() => Response.json({ object: "list", data, has_more: false, url: "/v1/list" })).provider;

const failureOf = (call: Promise<unknown>): Promise<AiraError> =>
  call.then(
    () => expect.fail("the call was expected to fail"),
    (error) => error,
  );

describe("the realm keeps what belongs to one account from another", () => {
  test.each([
    ["sk_test_1", undefined, { realm: "test", live: false }],
    ["rk_test_1", undefined, { realm: "test", live: false }],
    ["sk_live_1", undefined, { realm: "live", live: true }],
    ["rk_live_1", undefined, { realm: "live", live: true }],
    ["not_sk_live_1", undefined, { realm: "test", live: false }],
    ["sk_test_1", "http://127.0.0.1:4242", { realm: "sandbox", live: false }],
  ])("%s at %s", (secretKey, apiBase, expected) => {
    const { realm, live } = createStripeProvider({ secretKey, apiBase });
    expect({ realm, live }).toEqual(expected);
  });
});

describe("the way to Stripe", () => {
  const asked = async (apiBase?: string) => {
    const requests: Request[] = [];
    const provider = createStripeProvider({
      secretKey: "sk_test_1",
      apiBase,
      fetch: async (input, init) => {
        requests.push(new Request(input, init));
        return Response.json({ id: "pi_1", object: "payment_intent", metadata: {} }, { headers: { "request-id": "req_1" } });
      },
    });
    await provider.getPaymentMetadata("pi_1");
    await provider.getPaymentMetadata("pi_1");
    return requests;
  };

  test.each([
    [undefined, "https://api.stripe.com/v1/payment_intents/pi_1"],
    ["http://127.0.0.1:4242", "http://127.0.0.1:4242/v1/payment_intents/pi_1"],
    ["https://stripe.example", "https://stripe.example/v1/payment_intents/pi_1"],
    ["https://stripe.example:8443", "https://stripe.example:8443/v1/payment_intents/pi_1"],
  ])("with the address %s leads to %s", async (apiBase, url) => {
    expect((await asked(apiBase))[0]?.url).toBe(url);
  });

  test("names the version that our field names were checked against, and us, and measures nothing", async () => {
    const [, second] = await asked();
    expect(second?.headers.get("stripe-version")).toBe("2026-10-28.endive");
    expect(second?.headers.get("user-agent")).toMatch(/ aira$/);
    expect(second?.headers.get("x-stripe-client-telemetry")).toBeNull();
  });

  test("is tried once more when the answer was no answer", async () => {
    let calls = 0;
    const server = createServer((_, response) => {
      calls++;
      response.writeHead(calls === 1 ? 500 : 200, { "content-type": "application/json" });
      response.end(calls === 1 ? "{}" : JSON.stringify({ id: "pi_1", object: "payment_intent", metadata: METADATA }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const apiBase = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      expect(await createStripeProvider({ secretKey: "sk_test_1", apiBase }).getPaymentMetadata("pi_1")).toEqual(METADATA);
      expect(calls).toBe(2);
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });
});

describe("creations", () => {
  test("a customer says whose it is, once per key", async () => {
    const { stripe, provider, requests } = setting();
    const create = () => provider.createCustomer({ owner: "asha", metadata: METADATA }, "key-1");
    const id = await create();
    expect(await create()).toBe(id);
    expect(stripe.store.customers.size).toBe(1);
    expect(stripe.store.customers.get(id)?.metadata).toEqual(METADATA);
    expect(requests[0]?.headers.get("idempotency-key")).toBe("key-1");
  });

  test("a session carries every term, once per key", async () => {
    const { stripe, provider, requests } = setting();
    const customerId = await provider.createCustomer({ owner: "asha", metadata: METADATA }, "key-1");
    const session = await provider.createSession(terms(customerId), "key-2");
    expect(await provider.createSession(terms(customerId), "key-2")).toEqual(session);
    expect(stripe.store.sessions.size).toBe(1);
    expect(requests[1]?.headers.get("idempotency-key")).toBe("key-2");
    const metadata = (place: string) => Object.entries(METADATA).map(([name, value]) => [`${place}[${name}]`, value]);
    expect(Object.fromEntries(new URLSearchParams(await requests[1]?.text()))).toEqual({
      mode: "payment",
      customer: customerId,
      client_reference_id: "top_1",
      ...Object.fromEntries([...metadata("metadata"), ...metadata("payment_intent_data[metadata]")]),
      "payment_intent_data[receipt_email]": "asha@example.com",
      "adaptive_pricing[enabled]": "false",
      "line_items[0][quantity]": "1",
      "line_items[0][price_data][currency]": "inr",
      "line_items[0][price_data][unit_amount]": "50000",
      "line_items[0][price_data][product_data][name]": "Wallet top-up",
      success_url: "https://aira.example/paid",
      cancel_url: "https://aira.example/cancelled",
      expires_at: String(NOW + 7_200),
    });
    expect(session).toEqual({
      id: session.id,
      status: "open",
      paymentStatus: "unpaid",
      amountMinor: 50_000,
      currency: "INR",
      clientReferenceId: "top_1",
      metadata: METADATA,
      paymentIntentId: null,
      paymentIntentStatus: null,
      url: `https://checkout.stripe.com/c/pay/${session.id}`,
    });
  });

  test("a session without a receipt's address names none", async () => {
    const { open, requests } = setting();
    await open({ receiptEmail: undefined });
    expect(await requests.at(-1)?.text()).not.toContain("receipt_email");
  });
});

describe("a session", () => {
  test("that is paid leads to its payment, and the payment to it", async () => {
    const { provider, paid } = setting();
    const other = await paid({ topUpId: "top_2" });
    const { session, intentId } = await paid();
    expect(session).toMatchObject({ status: "complete", paymentStatus: "paid", paymentIntentStatus: "succeeded", url: null });
    expect(intentId).toMatch(/^pi_/);
    expect(await provider.findSession(intentId)).toEqual(session);
    expect(await provider.findSession(other.intentId)).toEqual(other.session);
    expect(await provider.getPaymentMetadata(intentId)).toEqual(METADATA);
  });

  test("that no checkout made is not found", async () => {
    expect(await setting().provider.findSession("pi_none")).toBeUndefined();
  });

  test("of which Stripe says nothing is open, and nobody's", async () => {
    const bare = { id: "cs_1", status: null, payment_status: "unpaid", amount_total: null, currency: null, metadata: null };
    const { provider } = answering(() => Response.json({ ...bare, client_reference_id: null, payment_intent: "pi_1", url: null }));
    expect(await provider.getSession("cs_1")).toEqual({
      id: "cs_1",
      status: "open",
      paymentStatus: "unpaid",
      amountMinor: null,
      currency: null,
      clientReferenceId: null,
      metadata: {},
      paymentIntentId: "pi_1",
      paymentIntentStatus: null,
      url: null,
    });
  });

  test("is closed once; one that is paid or closed already is left as it is", async () => {
    const { stripe, provider, open, paid } = setting();
    const { id } = await open();
    await provider.expireSession(id);
    expect(stripe.store.sessions.get(id)?.status).toBe("expired");
    await provider.expireSession(id);
    const { session } = await paid();
    await provider.expireSession(session.id);
    expect(stripe.store.sessions.get(session.id)?.status).toBe("complete");
  });

  test("that could not be closed is an error", async () => {
    const { provider } = answering(() => Response.json({ error: { type: "api_error", message: "down" } }, { status: 500 }));
    expect(await failureOf(provider.expireSession("cs_1"))).toMatchObject({ code: "payment_provider.unavailable" });
  });
});

describe("refunds and disputes", () => {
  test("are those of the payment, with what became of them", async () => {
    const { stripe, provider, paid } = setting();
    const { session, intentId } = await paid();
    const other = await paid({ topUpId: "top_2" });
    const refund = stripe.refund({ session: session.id }, { amountMinor: 10_000 });
    const dispute = stripe.openDispute({ session: session.id }, { amountMinor: 20_000 });
    stripe.refund({ session: other.session.id });
    stripe.openDispute({ session: other.session.id });
    expect(await provider.listRefunds(intentId)).toEqual([{ id: refund.id, status: "succeeded", amountMinor: 10_000, currency: "INR" }]);
    expect(await provider.listDisputes(intentId)).toEqual([
      { id: dispute.id, status: "needs_response", amountMinor: 20_000, currency: "INR" },
    ]);
  });

  test("are all of them, page after page, in pages of a hundred", async () => {
    const { stripe, provider, paid, requests } = setting();
    const { session, intentId } = await paid();
    for (let n = 0; n < 101; n++) stripe.refund({ session: session.id }, { amountMinor: 1 });
    requests.length = 0;
    expect(await provider.listRefunds(intentId)).toHaveLength(101);
    expect(requests).toHaveLength(2);
    stripe.openDispute({ session: session.id }, { amountMinor: 1 });
    await provider.listDisputes(intentId);
    expect(requests.map(({ url }) => new URL(url).searchParams.get("limit"))).toEqual(["100", "100", "100"]);
  });

  test("whose status Stripe leaves out have an unknown one", async () => {
    const refund = { id: "re_1", object: "refund", status: null, amount: 5, currency: "usd" };
    expect(await list(refund).listRefunds("pi_1")).toEqual([{ id: "re_1", status: "unknown", amountMinor: 5, currency: "USD" }]);
  });
});

describe("a walk", () => {
  test("over sessions sees each with its payment", async () => {
    const { provider, paid, open } = setting();
    const { session, intentId } = await paid();
    const waiting = await open({ topUpId: "top_2" });
    const { sightings, next } = await provider.walk("sessions", SPAN, undefined);
    const none = { reversal: undefined, movement: undefined };
    expect(sightings).toEqual([
      { id: waiting.id, session: waiting, paymentIntentId: null, ...none },
      { id: session.id, session, paymentIntentId: intentId, ...none },
    ]);
    expect(next).toBeUndefined();
  });

  test("over refunds and over disputes sees each with its payment", async () => {
    const { stripe, provider, paid } = setting();
    const { session, intentId } = await paid();
    const refund = stripe.refund({ session: session.id }, { amountMinor: 10_000 });
    const dispute = stripe.openDispute({ session: session.id }, { amountMinor: 20_000 });
    const none = { session: undefined, movement: undefined, paymentIntentId: intentId };
    expect((await provider.walk("refunds", SPAN, undefined)).sightings).toEqual([
      { id: refund.id, reversal: { id: refund.id, status: "succeeded", amountMinor: 10_000, currency: "INR" }, ...none },
    ]);
    expect((await provider.walk("disputes", SPAN, undefined)).sightings).toEqual([
      { id: dispute.id, reversal: { id: dispute.id, status: "needs_response", amountMinor: 20_000, currency: "INR" }, ...none },
    ]);
  });

  test.each<Walked>(["sessions", "refunds", "disputes", "balance_transactions"])(
    "over %s sees what was made in the span, both ends included, a hundred at a time",
    async (kind) => {
      const { stripe, provider, paid, requests } = setting();
      const { session } = await paid();
      stripe.refund({ session: session.id }, { amountMinor: 1 });
      stripe.openDispute({ session: session.id }, { amountMinor: 1 });
      const count = async (from: number, to: number) => (await provider.walk(kind, { from, to }, undefined)).sightings.length;
      const all = await count(NOW, NOW);
      expect(all).toBeGreaterThan(0);
      expect(await count(NOW + 1, NOW + 60)).toBe(0);
      expect(await count(NOW - 60, NOW - 1)).toBe(0);
      expect(new URL(requests.at(-1)!.url).searchParams.get("limit")).toBe("100");
    },
  );

  test.each<Walked>(["sessions", "refunds", "disputes", "balance_transactions"])(
    "over %s goes on behind where it stopped",
    async (kind) => {
      const source = { id: "ch_1", object: "charge", amount: 5, currency: "usd", payment_intent: "pi_1", metadata: {} };
      const one = { amount: 5, fee: 1, currency: "usd", status: "succeeded", payment_intent: "pi_1", metadata: {}, source };
      const data = [
        { id: "one", ...one },
        { id: "two", ...one },
        { id: "three", ...one },
      ];
      const { provider, requests } = answering(() => Response.json({ object: "list", data, has_more: true, url: "/v1/list" }));
      const { next } = await provider.walk(kind, SPAN, undefined);
      expect(next).toBe("three");
      await provider.walk(kind, SPAN, next);
      const afters = requests.map(({ url }) => new URL(url).searchParams.get("starting_after"));
      expect(afters).toEqual([null, "three"]);
    },
  );

  test("that ends on an empty page has no next one", async () => {
    const { provider } = answering(() => Response.json({ object: "list", data: [], has_more: true, url: "/v1/list" }));
    expect(await provider.walk("refunds", SPAN, undefined)).toEqual({ sightings: [], next: undefined });
  });

  test("over balance transactions sees the charge, the refund and the dispute that moved money", async () => {
    const { stripe, provider, paid } = setting();
    const { session, intentId } = await paid();
    const refund = stripe.refund({ session: session.id }, { amountMinor: 10_000 });
    const dispute = stripe.openDispute({ session: session.id }, { amountMinor: 20_000 });
    const { sightings } = await provider.walk("balance_transactions", SPAN, undefined);
    const seen = (type: string) => sightings.find(({ movement }) => movement?.cause?.type === type);
    expect(
      sightings.every(({ id, session: none, paymentIntentId }) => id.startsWith("txn_") && !none && paymentIntentId === intentId),
    ).toBe(true);
    expect(seen("charge")).toMatchObject({ reversal: undefined, movement: { metadata: METADATA, cause: { amountMinor: 50_000 } } });
    expect(seen("refund")).toMatchObject({
      reversal: { id: refund.id, status: "succeeded", amountMinor: 10_000, currency: "INR" },
      movement: { metadata: undefined, cause: { id: refund.id, amountMinor: -10_000, currency: "INR" } },
    });
    expect(seen("dispute")).toMatchObject({
      reversal: { id: dispute.id, amountMinor: 20_000, currency: "INR" },
      movement: { metadata: undefined, cause: { id: dispute.id, amountMinor: -20_000, currency: "INR" } },
    });
  });
});

describe("what a balance transaction moved", () => {
  const sighting = async (transaction: object) => {
    const { sightings } = await list({ id: "txn_1", ...transaction }).walk("balance_transactions", SPAN, undefined);
    return sightings[0];
  };
  const nothing = { id: "txn_1", session: undefined, reversal: undefined, paymentIntentId: null };

  test("is counted in the account's currency, and its cause in the customer's", async () => {
    const source = { id: "ch_1", object: "charge", amount: 50_000, currency: "inr", payment_intent: { id: "pi_1" }, metadata: METADATA };
    expect(await sighting({ amount: 590, fee: 20, currency: "usd", source })).toEqual({
      ...nothing,
      paymentIntentId: "pi_1",
      movement: {
        settled: { currency: "USD", amountMinor: 590, feeMinor: 20 },
        cause: { type: "charge", id: "ch_1", amountMinor: 50_000, currency: "INR" },
        metadata: METADATA,
      },
    });
  });

  test("goes the transaction's way: a refund that failed comes back", async () => {
    const source = {
      id: "re_1",
      object: "refund",
      amount: 300,
      currency: "usd",
      payment_intent: "pi_1",
      status: "failed",
      metadata: { a: "b" },
    };
    expect(await sighting({ amount: 300, fee: 0, currency: "usd", source })).toEqual({
      ...nothing,
      paymentIntentId: "pi_1",
      reversal: { id: "re_1", status: "failed", amountMinor: 300, currency: "USD" },
      movement: {
        settled: { currency: "USD", amountMinor: 300, feeMinor: 0 },
        cause: { type: "refund", id: "re_1", amountMinor: 300, currency: "USD" },
        metadata: undefined,
      },
    });
  });

  test("has no payment when its charge was made outside of payment intents", async () => {
    const source = { id: "ch_1", object: "charge", amount: 5, currency: "usd", payment_intent: null, metadata: {} };
    expect(await sighting({ amount: 5, fee: 0, currency: "usd", source })).toMatchObject(nothing);
    const { payment_intent: _, ...without } = source;
    expect(await sighting({ amount: 5, fee: 0, currency: "usd", source: without })).toMatchObject(nothing);
  });

  test.each([
    ["a payout", { id: "po_1", object: "payout", amount: 700, currency: "usd" }],
    ["an object that was not expanded", "po_1"],
    ["nothing", null],
  ])("is nobody's top-up when it stands for %s", async (_, source) => {
    expect(await sighting({ amount: -700, fee: 3, currency: "usd", source })).toEqual({
      ...nothing,
      movement: { settled: { currency: "USD", amountMinor: -700, feeMinor: 3 }, cause: undefined, metadata: undefined },
    });
  });
});

describe("what went wrong", () => {
  const status = (code: number) => () => Response.json({ error: { type: "api_error", message: "no" } }, { status: code });
  const throwing = (error: unknown) => (): Promise<Response> => Promise.reject(error);
  type Provider = ReturnType<typeof createStripeProvider>;

  const READS: Record<string, (provider: Provider) => Promise<unknown>> = {
    getSession: (provider) => provider.getSession("cs_1"),
    findSession: (provider) => provider.findSession("pi_1"),
    listRefunds: (provider) => provider.listRefunds("pi_1"),
    listDisputes: (provider) => provider.listDisputes("pi_1"),
    getPaymentMetadata: (provider) => provider.getPaymentMetadata("pi_1"),
    "walk sessions": (provider) => provider.walk("sessions", SPAN, undefined),
    "walk refunds": (provider) => provider.walk("refunds", SPAN, undefined),
    "walk disputes": (provider) => provider.walk("disputes", SPAN, undefined),
    "walk balance_transactions": (provider) => provider.walk("balance_transactions", SPAN, undefined),
  };
  const CREATIONS: Record<string, (provider: Provider) => Promise<unknown>> = {
    createCustomer: (provider) => provider.createCustomer({ owner: "asha", metadata: METADATA }, "key"),
    createSession: (provider) => provider.createSession(terms("cus_1"), "key"),
  };

  const timeout = new DOMException("This operation was aborted", "AbortError");
  const lost = new TypeError("fetch failed");

  const ANSWERS: readonly [string, () => Response | Promise<Response>, read: string, creation: string][] = [
    ["400", status(400), "payment_provider.refused", "payment_provider.refused"],
    ["401", status(401), "payment_provider.refused", "payment_provider.refused"],
    ["404", status(404), "payment_provider.refused", "payment_provider.refused"],
    ["409", status(409), "payment_provider.unavailable", "payment_provider.unavailable"],
    ["429", status(429), "payment_provider.unavailable", "payment_provider.unavailable"],
    ["499", status(499), "payment_provider.refused", "payment_provider.refused"],
    ["500", status(500), "payment_provider.unavailable", "outcome.unknown"],
    ["503", status(503), "payment_provider.unavailable", "outcome.unknown"],
    ["a time-out", throwing(timeout), "payment_provider.unavailable", "outcome.unknown"],
    ["a lost connection", throwing(lost), "payment_provider.unavailable", "outcome.unknown"],
    ["no JSON", () => new Response("<html>"), "payment_provider.unavailable", "outcome.unknown"],
  ];
  const RETRY_AFTER: Record<string, number | undefined> = {
    "payment_provider.refused": undefined,
    "payment_provider.unavailable": 2,
    "outcome.unknown": 2,
  };

  describe.each(ANSWERS)("%s", (_, answer, read, creation) => {
    test.each(Object.entries(READS))(`is ${read} to %s`, async (_, call) => {
      const { provider, requests } = answering(answer);
      const error = await failureOf(call(provider));
      expect(error).toBeInstanceOf(AiraError);
      expect({ code: error.code, retryAfterSeconds: error.retryAfterSeconds }).toEqual({
        code: read,
        retryAfterSeconds: RETRY_AFTER[read],
      });
      expect(error.cause).toBeInstanceOf(Error);
      expect(requests).toHaveLength(1);
    });

    test.each(Object.entries(CREATIONS))(`is ${creation} to %s`, async (_, call) => {
      const { provider, requests } = answering(answer);
      const error = await failureOf(call(provider));
      expect(error).toBeInstanceOf(AiraError);
      expect({ code: error.code, retryAfterSeconds: error.retryAfterSeconds }).toEqual({
        code: creation,
        retryAfterSeconds: RETRY_AFTER[creation],
      });
      expect(error.cause).toBeInstanceOf(Error);
      expect(requests).toHaveLength(1);
    });
  });

  test.each(["listRefunds", "listDisputes", "walk refunds"])(
    "an object that %s can't read is a mistake of ours, never an outage",
    async (name) => {
      const error = await failureOf(READS[name]!(list({ id: "re_1", amount: 5 })));
      expect(error).toBeInstanceOf(TypeError);
    },
  );
});

describe("time", () => {
  afterEach(() => void vi.useRealTimers());

  test("a call is given up after nine seconds, well before the API gives up on us", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const provider = createStripeProvider({
      secretKey: "sk_test_1",
      fetch: (_, init) => new Promise((_, reject) => init?.signal?.addEventListener("abort", () => reject(init.signal?.reason))),
    });
    let ended: string | undefined;
    const call = failureOf(provider.getSession("cs_1")).then(({ code }) => {
      ended = code;
    });
    await vi.advanceTimersByTimeAsync(8_999);
    expect(ended).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    await call;
    expect(ended).toBe("payment_provider.unavailable");
  });
});
