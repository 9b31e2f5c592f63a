import { memoryTable } from "@aira/local/testing/memory-table-under-test";
import { paymentWorld } from "@aira/local/testing/payment-world";
import { freshOwner } from "@aira/local/testing/table-under-test";
import { describe, expect, test } from "vitest";
import { keys, type Table } from "../table/index.ts";
import { consumeEvents, createCheckoutSession, readTopUp } from "./index.ts";

const MINUTE = 60_000;

function setting() {
  const at = paymentWorld();
  const table = memoryTable();
  const request = { owner: freshOwner(), idempotencyKey: "key-1", currency: "USD", amountMinor: 1_000 } as const;
  const sessions = () => [...at.stripe.store.sessions.values()];
  return { at, table, ports: at.ports(table), request, sessions };
}

/** Stripe's client, whose creations of sessions go wrong in this way. */
const creating =
  (inner: typeof fetch, wrong: (answer: () => Promise<Response>) => Promise<Response>): typeof fetch =>
  async (input, init) => {
    const request = new Request(input, init);
    const creates = request.method === "POST" && new URL(request.url).pathname === "/v1/checkout/sessions";
    return creates ? wrong(() => inner(request)) : inner(request);
  };

describe("the same key", () => {
  test("means the same top-up and the same page", async () => {
    const { ports, request, sessions } = setting();
    const first = await createCheckoutSession(ports, request);
    expect(await createCheckoutSession(ports, request)).toEqual(first);
    expect(sessions()).toHaveLength(1);
    expect(first).toMatchObject({ state: "open", currency: "USD", amountMinor: 1_000, url: sessions()[0]?.url });
  });

  test("of another owner, or another key, is another top-up", async () => {
    const { ports, request } = setting();
    const ids = [
      await createCheckoutSession(ports, request),
      await createCheckoutSession(ports, { ...request, owner: freshOwner() }),
      await createCheckoutSession(ports, { ...request, idempotencyKey: "key-2" }),
    ].map(({ topUpId }) => topUpId);
    expect(new Set(ids).size).toBe(3);
  });

  test.each([
    { amountMinor: 1_001 },
    { currency: "INR", amountMinor: 1_000 },
    { successUrl: "https://aira.example/elsewhere" },
    { cancelUrl: "https://aira.example/elsewhere" },
    { receiptEmail: "asha@example.com" },
  ] as const)("with other terms (%o) is refused, and nothing goes to Stripe", async (other) => {
    const { ports, request, sessions } = setting();
    await createCheckoutSession(ports, request);
    await expect(createCheckoutSession(ports, { ...request, ...other })).rejects.toMatchObject({ code: "idempotency.key_reused" });
    expect(sessions()).toHaveLength(1);
  });

  test("pressed five times at once opens one page", async () => {
    const { ports, request, sessions } = setting();
    const opened = await Promise.all(Array.from({ length: 5 }, () => createCheckoutSession(ports, request)));
    expect(new Set(opened.map(({ url }) => url)).size).toBe(1);
    expect(sessions()).toHaveLength(1);
  });

  test("sends the very same to Stripe later on, so that an answer that was lost is found again", async () => {
    const { at, table, request, sessions } = setting();
    const lost = creating(at.fetch, async (answer) => {
      await answer();
      throw new DOMException("This operation was aborted", "AbortError");
    });
    await expect(createCheckoutSession(at.ports(table, lost), request)).rejects.toMatchObject({ code: "outcome.unknown" });
    at.pass(20 * MINUTE);
    const { url } = await createCheckoutSession(at.ports(table), request);
    expect(sessions().map((session) => session.url)).toEqual([url]);
  });

  test("whose page never came about is expired once there is too little time left for it", async () => {
    const { at, table, request, sessions } = setting();
    const down = creating(at.fetch, () => Promise.reject(new TypeError("fetch failed")));
    await expect(createCheckoutSession(at.ports(table, down), request)).rejects.toMatchObject({ code: "outcome.unknown" });
    at.pass(100 * MINUTE);
    await expect(createCheckoutSession(at.ports(table), request)).rejects.toMatchObject({ code: "top_up.expired", retry: false });
    expect(sessions()).toEqual([]);
  });
});

test("everything that a refund, a dispute or the sweep will need stands at Stripe", async () => {
  const { at, ports, request, sessions } = setting();
  const { topUpId } = await createCheckoutSession(ports, { ...request, receiptEmail: "asha@example.com" });
  const metadata = { app: "aira", stage: "test", top_up_id: topUpId, owner: request.owner };
  expect(sessions()[0]).toMatchObject({ client_reference_id: topUpId, metadata, adaptive_pricing: { enabled: false } });
  at.stripe.pay(sessions()[0]!.id, "card");
  expect([...at.stripe.store.intents.values()]).toMatchObject([{ metadata, receipt_email: "asha@example.com" }]);
});

test("an owner has one customer at Stripe, also after the note of it was lost", async () => {
  const { at, table, ports, request } = setting();
  await createCheckoutSession(ports, request);
  await createCheckoutSession(ports, { ...request, idempotencyKey: "key-2" });
  await table.write({ delete: keys.customer("test", request.owner) });
  await createCheckoutSession(ports, { ...request, idempotencyKey: "key-3" });
  expect(at.stripe.store.customers.size).toBe(1);
});

test("what Stripe refuses is told as such", async () => {
  const { ports, request } = setting();
  await expect(createCheckoutSession(ports, { ...request, amountMinor: 10 })).rejects.toMatchObject({
    code: "payment_provider.refused",
  });
});

describe("tying the session to the top-up", () => {
  test("when another is tied for certain, this one is closed and the other's page is the answer", async () => {
    const { at, table, request, sessions } = setting();
    const other = "https://checkout.stripe.com/c/pay/cs_other";
    // Somebody else ties theirs while Stripe makes ours.
    const crossed = creating(at.fetch, async (answer) => {
      const made = await answer();
      const { client_reference_id: topUpId } = (await made.clone().json()) as { client_reference_id: string };
      await table.write({ update: keys.topUp(topUpId), set: { sessionId: "cs_other", url: other } });
      return made;
    });
    expect(await createCheckoutSession(at.ports(table, crossed), request)).toMatchObject({ url: other });
    expect(sessions().map(({ status }) => status)).toEqual(["expired"]);
  });

  test("when the outcome is not known the page stays open, and the next try answers it", async () => {
    const { at, table, request, sessions } = setting();
    const silent: Table = {
      ...table,
      write: async (write) => ("update" in write ? { outcome: "unknown", cause: new Error("no answer") } : table.write(write)),
    };
    await expect(createCheckoutSession(at.ports(silent), request)).rejects.toMatchObject({ code: "outcome.unknown", retry: true });
    expect(sessions().map(({ status }) => status)).toEqual(["open"]);
    expect(await createCheckoutSession(at.ports(table), request)).toMatchObject({ url: sessions()[0]?.url });
  });

  test("a payment that was settled before it was tied is not lost", async () => {
    const { at, table, request, sessions } = setting();
    const silent: Table = {
      ...table,
      write: async (write) => ("update" in write ? { outcome: "unknown", cause: new Error("no answer") } : table.write(write)),
    };
    await createCheckoutSession(at.ports(silent), request).catch(() => undefined);
    at.stripe.pay(sessions()[0]!.id, "card");
    const body = at.newest("checkout.session.completed");
    expect(await consumeEvents(at.ports(table), [{ id: "m1", body }])).toMatchObject([{ outcome: "settled", deltaMinor: 1_000 }]);
    await expect(createCheckoutSession(at.ports(table), request)).rejects.toMatchObject({ code: "top_up.expired" });
  });
});

describe("a top-up", () => {
  test("is shown with its page while it can be paid, and to its owner alone", async () => {
    const { at, ports, request } = setting();
    const { topUpId, url } = await createCheckoutSession(ports, request);
    const { owner } = request;
    expect(await readTopUp(ports, { owner, topUpId })).toMatchObject({ state: "open", url, creditedMinor: 0 });
    await expect(readTopUp(ports, { owner: "mallory", topUpId })).rejects.toMatchObject({ code: "top_up.not_found" });
    await expect(readTopUp(ports, { owner, topUpId: "top_none" })).rejects.toMatchObject({ code: "top_up.not_found" });
    at.pass(2 * 60 * MINUTE);
    expect(await readTopUp(ports, { owner, topUpId })).toMatchObject({ url: null });
  });

  test("that was paid says what the wallet holds of it, and has no page", async () => {
    const { at, ports, request, sessions } = setting();
    const { topUpId } = await createCheckoutSession(ports, request);
    at.stripe.pay(sessions()[0]!.id, "card");
    await consumeEvents(ports, [{ id: "m1", body: at.newest("checkout.session.completed") }]);
    expect(await readTopUp(ports, { owner: request.owner, topUpId })).toMatchObject({ state: "credited", url: null, creditedMinor: 1_000 });
  });
});
