import { memoryTable } from "@aira/local/testing/memory-table-under-test";
import { paymentWorld } from "@aira/local/testing/payment-world";
import { describe, expect, test } from "vitest";
import { keys, type Table, type WriteResult } from "../table/index.ts";
import { type CreateCheckoutSession, createCheckoutSession, type PaymentPorts, readTopUp } from "./index.ts";
import type { SessionTerms } from "./provider.ts";
import { bindSession, loadTopUp } from "./top-up.store.ts";

const NOW_MS = Date.parse("2026-01-31T10:00:00.999Z");
const AT = "2026-01-31T10:00:00.999Z";
/** Two hours on, in whole seconds. */
const EXPIRES_AT = "2026-01-31T12:00:00.000Z";
const MINUTE = 60_000;
const REQUEST: CreateCheckoutSession = { owner: "asha", idempotencyKey: "key-1", currency: "USD", amountMinor: 1_000 };

function setting() {
  const at = paymentWorld(NOW_MS);
  const memory = memoryTable();
  const calls: unknown[] = [];
  const waits: number[] = [];
  const real = at.ports(memory);
  const over = (change: Partial<Table>, provider: Partial<PaymentPorts["provider"]> = {}): PaymentPorts => ({
    ...real,
    random: () => 1,
    wait: async (ms) => void waits.push(ms),
    table: { ...memory, ...change },
    provider: {
      ...real.provider,
      createCustomer: (...asked) => {
        calls.push(["customer", ...asked]);
        return real.provider.createCustomer(...asked);
      },
      createSession: (...asked) => {
        calls.push(["session", ...asked]);
        return real.provider.createSession(...asked);
      },
      ...provider,
    },
  });
  return { at, memory, calls, waits, over, ports: over({}) };
}

describe("what is asked of Stripe", () => {
  test("is everything, under keys that name the top-up and the owner", async () => {
    const { ports, calls, memory } = setting();
    const session = await createCheckoutSession(ports, REQUEST);
    const { topUpId } = session;
    const metadata = { app: "aira", stage: "test", top_up_id: topUpId, owner: "asha" };
    const topUp = await loadTopUp(memory, topUpId);
    const terms: SessionTerms = {
      topUpId,
      currency: "USD",
      amountMinor: 1_000,
      customerId: topUp!.terms.customerId,
      successUrl: "https://aira.example/?paid=1",
      cancelUrl: "https://aira.example/?cancelled=1",
      receiptEmail: undefined,
      expiresAtMs: Date.parse(EXPIRES_AT),
      metadata,
    };
    expect(calls).toEqual([
      ["customer", { owner: "asha", metadata: { app: "aira", stage: "test", owner: "asha" } }, "aira:test:customer:asha"],
      ["session", terms, `aira:test:session:${topUpId}`],
    ]);
    expect(session).toEqual({
      topUpId,
      url: topUp?.url,
      currency: "USD",
      amountMinor: 1_000,
      state: "open",
      expiresAt: EXPIRES_AT,
    });
    expect(topUp).toEqual({
      topUpId,
      owner: "asha",
      currency: "USD",
      amountMinor: 1_000,
      v: 0,
      postedMinor: 0,
      state: "created",
      terms: { ...terms, receiptEmail: undefined },
      sessionId: expect.stringMatching(/^cs_/),
      url: expect.stringMatching(/^https:/),
      credit: undefined,
      last: undefined,
      seen: {},
      createdAt: AT,
      updatedAt: AT,
    });
  });

  test("names the caller's own pages and address when given, and no customer twice", async () => {
    const { ports, calls } = setting();
    await createCheckoutSession(ports, REQUEST);
    calls.length = 0;
    const own = { successUrl: "https://aira.example/a", cancelUrl: "https://aira.example/b", receiptEmail: "asha@example.com" };
    await createCheckoutSession(ports, { ...REQUEST, ...own, idempotencyKey: "key-2" });
    expect(calls).toMatchObject([["session", own, expect.any(String)]]);
  });
});

test("neither a new top-up nor a repeat costs a read of it", async () => {
  const { memory, over } = setting();
  const read: unknown[] = [];
  const noting = over({
    get: (key, options) => {
      read.push(key.pk.split("#")[0]);
      return memory.get(key, options);
    },
  });
  const first = await createCheckoutSession(noting, REQUEST);
  expect(await createCheckoutSession(noting, REQUEST)).toEqual(first);
  expect(read).not.toContain("TOPUP");
});

describe("a top-up without a page", () => {
  test("gets one as long as Stripe can open it for half an hour, to the millisecond", async () => {
    const { at, over, ports } = setting();
    const failing = over({}, { createSession: () => Promise.reject(new Error("lost")) });
    await expect(createCheckoutSession(failing, REQUEST)).rejects.toThrow("lost");
    at.pass(Date.parse(EXPIRES_AT) - NOW_MS - 31 * MINUTE + 1);
    await expect(createCheckoutSession(ports, REQUEST)).rejects.toMatchObject({ code: "top_up.expired" });
    at.pass(-1);
    expect(await createCheckoutSession(ports, REQUEST)).toMatchObject({ state: "open", expiresAt: EXPIRES_AT });
  });

  test("is shown as created, and without a page", async () => {
    const { memory, over } = setting();
    const ids: string[] = [];
    const failing = over(
      {
        write: (write) => {
          if ("put" in write && write.put.pk.startsWith("TOPUP#")) ids.push(write.put.pk.slice("TOPUP#".length));
          return memory.write(write);
        },
      },
      { createSession: () => Promise.reject(new Error("lost")) },
    );
    await expect(createCheckoutSession(failing, REQUEST)).rejects.toThrow("lost");
    const [topUpId = ""] = ids;
    expect(await readTopUp(failing, { owner: "asha", topUpId })).toEqual({
      topUpId,
      state: "created",
      currency: "USD",
      amountMinor: 1_000,
      creditedMinor: 0,
      url: null,
      createdAt: AT,
      updatedAt: AT,
      expiresAt: EXPIRES_AT,
    });
  });
});

describe("a top-up whose writing was not answered", () => {
  const unsure = (memory: Table, outcome: "contended" | "unknown", lands: boolean): Partial<Table> => ({
    write: async (write) => {
      if (!("put" in write && write.put.pk.startsWith("TOPUP#"))) return memory.write(write);
      if (lands) await memory.write(write);
      return { outcome, cause: new Error("lost") };
    },
  });

  test.each(["contended", "unknown"] as const)("(%s) goes on if it stands", async (outcome) => {
    const { memory, over } = setting();
    expect(await createCheckoutSession(over(unsure(memory, outcome, true)), REQUEST)).toMatchObject({ state: "open" });
  });

  test.each(["contended", "unknown"] as const)("(%s) is asked for again if it does not, and Stripe hears nothing", async (outcome) => {
    const { memory, over, calls } = setting();
    await expect(createCheckoutSession(over(unsure(memory, outcome, false)), REQUEST)).rejects.toMatchObject({
      code: "service.busy",
      retryAfterSeconds: 1,
    });
    expect(calls).toHaveLength(1);
  });

  test("is looked for consistently, and other terms are still refused", async () => {
    const { memory, over } = setting();
    await createCheckoutSession(over({}), REQUEST);
    const asked: unknown[] = [];
    const blind = over({
      ...unsure(memory, "unknown", false),
      get: (key, options) => {
        if (key.pk.startsWith("TOPUP#")) asked.push(options);
        return memory.get(key, options);
      },
    });
    await expect(createCheckoutSession(blind, { ...REQUEST, amountMinor: 999 })).rejects.toMatchObject({ code: "idempotency.key_reused" });
    expect(asked).toEqual([{ consistent: true }]);
  });
});

describe("tying the page to the top-up", () => {
  const binding = (memory: Table, answer: () => Promise<WriteResult>): Partial<Table> => ({
    write: (write) => ("update" in write ? answer() : memory.write(write)),
  });

  test.each(["contended", "unknown"] as const)(
    "is tried five times when it is %s, with growing waits, and then nobody knows",
    async (outcome) => {
      const { memory, over, waits, at } = setting();
      const ports = over(binding(memory, async () => ({ outcome, cause: new Error("lost") })));
      await expect(createCheckoutSession(ports, REQUEST)).rejects.toMatchObject({ code: "outcome.unknown", retryAfterSeconds: 1 });
      expect(waits).toEqual([10, 20, 40, 80, 160]);
      expect([...at.stripe.store.sessions.values()].map(({ status }) => status)).toEqual(["open"]);
    },
  );

  test("closes the page when the top-up is another's, which has none to show", async () => {
    const { memory, over, at } = setting();
    const ports = over(binding(memory, async () => ({ outcome: "refused", found: new Map([[0, undefined]]) })));
    await expect(createCheckoutSession(ports, REQUEST)).rejects.toMatchObject({ code: "top_up.expired" });
    expect([...at.stripe.store.sessions.values()].map(({ status }) => status)).toEqual(["expired"]);
  });

  test("says so when Stripe has no page any more", async () => {
    const { over, ports } = setting();
    const gone = over({}, { createSession: async (...asked) => ({ ...(await ports.provider.createSession(...asked)), url: null }) });
    await expect(createCheckoutSession(gone, REQUEST)).rejects.toMatchObject({ code: "top_up.expired" });
    await expect(createCheckoutSession(ports, REQUEST)).rejects.toMatchObject({ code: "top_up.expired" });
  });

  test("makes no top-up out of one that is not there", async () => {
    const { ports, memory } = setting();
    const { topUpId } = await createCheckoutSession(ports, REQUEST);
    const topUp = (await loadTopUp(memory, topUpId))!;
    await memory.write({ delete: keys.topUp(topUpId) });
    expect(await bindSession(memory, topUp, { id: "cs_1", url: null })).toMatchObject({ outcome: "refused" });
    expect(await loadTopUp(memory, topUpId)).toBeUndefined();
  });
});

test("a page is shown until the very millisecond it closes, read consistently", async () => {
  const { at, memory, ports, over } = setting();
  const { topUpId, url } = await createCheckoutSession(ports, REQUEST);
  const asked: unknown[] = [];
  const noting = over({
    get: (key, options) => {
      asked.push(options);
      return memory.get(key, options);
    },
  });
  at.pass(Date.parse(EXPIRES_AT) - NOW_MS - 1);
  expect(await readTopUp(noting, { owner: "asha", topUpId })).toMatchObject({ state: "open", url });
  expect(asked).toEqual([{ consistent: true }]);
  at.pass(1);
  expect(await readTopUp(ports, { owner: "asha", topUpId })).toMatchObject({ state: "open", url: null });
});
