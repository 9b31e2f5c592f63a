import { memoryTable } from "@aira/local/testing/memory-table-under-test";
import { paymentWorld } from "@aira/local/testing/payment-world";
import { describe, expect, test } from "vitest";
import { fingerprintOf, listEntries } from "../ledger/index.ts";
import { AiraError, deriveId, InvariantError } from "../lib/index.ts";
import { keys, lists, type WriteResult } from "../table/index.ts";
import {
  consumeEvents,
  createCheckoutSession,
  listQuarantined,
  type PaymentPorts,
  replayQuarantined,
  settle,
  settlePayment,
} from "./index.ts";
import { closeQuarantined } from "./quarantine.store.ts";

const NOW_MS = Date.parse("2026-01-31T10:00:00.000Z");
const MARK = { entryKey: expect.stringMatching(/^ENTRY#/), at: expect.any(String) };

function setting() {
  const at = paymentWorld(NOW_MS);
  const table = memoryTable();
  const ports: PaymentPorts = { ...at.ports(table), wait: async () => {}, random: () => 1 };
  const over = (provider: Partial<PaymentPorts["provider"]>): PaymentPorts => ({ ...ports, provider: { ...ports.provider, ...provider } });
  const checkout = async () => {
    const one = await at.checkout(ports);
    const run = (use = ports) => settle(use, one.topUpId, [one.sessionId]);
    const item = () => table.get(keys.topUp(one.topUpId));
    const newest = async () => (await listEntries(ports, one.owner, { limit: 1 })).entries[0];
    return { ...one, run, item, newest };
  };
  const paid = async () => {
    const one = await checkout();
    at.stripe.pay(one.sessionId, "card");
    return one;
  };
  const open = () => Array.fromAsync(listQuarantined(ports));
  return { at, table, ports, over, checkout, paid, open };
}

describe("a settlement leaves on the top-up and in the statement what it did", () => {
  test("when it brings the money, takes some of it, and gives it back", async () => {
    const { at, paid } = setting();
    const { owner, topUpId, sessionId, run, item, newest } = await paid();
    const terms = { owner, currency: "USD" };
    expect(await run()).toEqual([{ outcome: "settled", deltaMinor: 1_000 }]);
    const credit = { ...MARK, fingerprint: fingerprintOf({ kind: "credit", id: topUpId, ...terms, amountMinor: 1_000 }) };
    const mark = (v: number, amountMinor: number) => ({
      ...MARK,
      fingerprint: fingerprintOf({ kind: "settle", id: `${topUpId}@${v}`, ...terms, amountMinor }),
    });
    expect(await item()).toMatchObject({ v: 1, postedMinor: 1_000, state: "credited", sessionId, seen: {}, credit, last: mark(0, 1_000) });
    // A late event of the payment is told this entry, whatever was posted since.
    const { credit: first } = (await item())!;
    const reference = { type: "top_up", id: topUpId };
    const common = { currency: "USD", heldMinor: 0, reference, actor: "system:stripe" };
    expect(await newest()).toMatchObject({ ...common, kind: "credit", amountMinor: 1_000, description: "Top-up" });

    at.pass(60_000);
    const refund = at.stripe.refund({ session: sessionId }, { amountMinor: 300, status: "pending" });
    const dispute = at.stripe.openDispute({ session: sessionId }, { amountMinor: 200 });
    expect(await run()).toEqual([{ outcome: "settled", deltaMinor: -500 }]);
    expect(await item()).toMatchObject({
      v: 2,
      postedMinor: 500,
      state: "partially_reversed",
      seen: { [refund.id]: "pending:300", [dispute.id]: "needs_response:200" },
      credit: first,
      last: mark(1, -500),
      updatedAt: "2026-01-31T10:01:00.000Z",
    });
    expect(await newest()).toMatchObject({ ...common, kind: "clawback", amountMinor: -500, description: "Refund and dispute of a top-up" });

    at.stripe.failRefund(refund.id);
    expect(await run()).toEqual([{ outcome: "settled", deltaMinor: 300 }]);
    expect(await item()).toMatchObject({ v: 3, postedMinor: 800, seen: { [refund.id]: "failed:300" }, credit: first, last: mark(2, 300) });
    expect(await newest()).toMatchObject({ ...common, kind: "reinstatement", amountMinor: 300, description: "Top-up reinstated" });

    expect(await run()).toEqual([{ outcome: "settled", deltaMinor: 0 }]);
    expect(await item()).toMatchObject({ v: 4, postedMinor: 800, credit: first, last: mark(2, 300) });
  });

  test("when there is no money in it", async () => {
    const { at, checkout } = setting();
    const { sessionId, run, item } = await checkout();
    at.stripe.pay(sessionId, "async");
    at.pass(1_000);
    expect(await run()).toEqual([{ outcome: "settled", deltaMinor: 0 }]);
    const settled = await item();
    expect(settled).toMatchObject({
      v: 1,
      postedMinor: 0,
      state: "processing",
      sessionId,
      seen: {},
      updatedAt: "2026-01-31T10:00:01.000Z",
    });
    expect(settled).not.toHaveProperty("credit");
    expect(settled).not.toHaveProperty("last");
  });

  test("by the fast way of an event", async () => {
    const { at, ports, paid } = setting();
    const { owner, topUpId, sessionId, item } = await paid();
    at.pass(1_000);
    await consumeEvents(ports, [{ id: "m", body: at.newest("checkout.session.completed") }]);
    const mark = {
      entryKey: expect.stringMatching(/^ENTRY#/),
      fingerprint: fingerprintOf({ kind: "credit", id: topUpId, owner, currency: "USD", amountMinor: 1_000 }),
      at: "2026-01-31T10:00:01.000Z",
    };
    expect(await item()).toMatchObject({
      v: 1,
      postedMinor: 1_000,
      state: "credited",
      sessionId,
      credit: mark,
      last: mark,
      updatedAt: "2026-01-31T10:00:01.000Z",
    });
  });
});

describe("a settlement that others are faster than", () => {
  test.each([
    ["with money", true],
    ["without", false],
  ])("is tried twenty times, with waits up to a tenth of a second, and is then busy (%s)", async (_, money) => {
    const { at, table, ports, paid, checkout } = setting();
    const one = money ? await paid() : await checkout();
    if (!money) at.stripe.expire(one.sessionId);
    const waits: number[] = [];
    const moved = { found: new Map([[0, undefined]]), outcome: "refused" } as const;
    let tries = 0;
    const refusing: PaymentPorts = {
      ...ports,
      wait: async (ms) => void waits.push(ms),
      table: {
        ...table,
        write: async () => moved,
        transact: async () => ({ outcome: "refused", found: new Map([[2, { v: 99 }]]) }),
      },
      provider: {
        ...ports.provider,
        getSession: (id) => {
          tries++;
          return ports.provider.getSession(id);
        },
      },
    };
    await expect(one.run(refusing)).rejects.toMatchObject({ code: "wallet.busy", retryAfterSeconds: 1 });
    expect(tries).toBe(20);
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, ...Array(13).fill(100)]);
  });

  test("and did the very same moves no money of its own", async () => {
    const { table, ports, paid } = setting();
    const { run, item } = await paid();
    let raced = false;
    const slow: PaymentPorts = {
      ...ports,
      table: {
        ...table,
        transact: async (writes) => {
          if (!raced) {
            raced = true;
            expect(await run()).toEqual([{ outcome: "settled", deltaMinor: 1_000 }]);
          }
          return table.transact(writes);
        },
      },
    };
    expect(await run(slow)).toEqual([{ outcome: "settled", deltaMinor: 0 }]);
    expect(await item()).toMatchObject({ v: 1, postedMinor: 1_000 });
  });

  test("is read again when the top-up has moved on without money", async () => {
    const { at, table, ports, checkout } = setting();
    const { sessionId, run, item } = await checkout();
    at.stripe.expire(sessionId);
    let raced = false;
    const slow: PaymentPorts = {
      ...ports,
      table: {
        ...table,
        write: async (write) => {
          if (!raced) {
            raced = true;
            await run();
          }
          return table.write(write);
        },
      },
    };
    expect(await run(slow)).toEqual([{ outcome: "settled", deltaMinor: 0 }]);
    expect(await item()).toMatchObject({ v: 2, state: "expired" });
  });
});

test("a settlement sees the top-up as it is: every read of it is consistent", async () => {
  const { table, ports, paid } = setting();
  const { run, topUpId } = await paid();
  const asked: (boolean | undefined)[] = [];
  const noting: PaymentPorts = {
    ...ports,
    table: {
      ...table,
      get: (key, options) => {
        if (key.pk === keys.topUp(topUpId).pk) asked.push(options?.consistent);
        return table.get(key, options);
      },
    },
  };
  await run(noting);
  expect(asked).toEqual([true, true, true]);
});

test("a payment is settled by its session, also before that was tied to the top-up", async () => {
  const { table, ports, paid } = setting();
  const { topUpId, sessionId, item } = await paid();
  const { paymentIntentId } = await ports.provider.getSession(sessionId);
  await table.write({ update: keys.topUp(topUpId), set: {}, remove: ["sessionId"] });
  expect(await settlePayment(ports, paymentIntentId!)).toEqual([{ outcome: "settled", deltaMinor: 1_000 }]);
  expect(await item()).toMatchObject({ sessionId });
});

describe("what can't be ours", () => {
  test("a payment of another stage is foreign, and its session is not even looked for", async () => {
    const { over } = setting();
    const ports = over({ getPaymentMetadata: async () => ({ app: "other" }), findSession: () => expect.fail("nobody asks") });
    expect(await settlePayment(ports, "pi_1")).toEqual([{ outcome: "ignored", why: "foreign" }]);
  });

  test("a session that lost its metadata is foreign", async () => {
    const { ports, over, paid } = setting();
    const { run } = await paid();
    const stripped = over({ getSession: async (id) => ({ ...(await ports.provider.getSession(id)), metadata: {} }) });
    expect(await run(stripped)).toEqual([{ outcome: "ignored", why: "foreign" }]);
  });

  test("a payment of ours without a session settles the top-up's own", async () => {
    const { ports, over, paid } = setting();
    const { sessionId } = await paid();
    const { paymentIntentId } = await ports.provider.getSession(sessionId);
    const missing = over({ findSession: async () => undefined });
    expect(await settlePayment(missing, paymentIntentId!)).toEqual([{ outcome: "settled", deltaMinor: 1_000 }]);
  });

  test.each([
    ["that is not paid is nothing", { paymentStatus: "unpaid" }, 0, true],
    ["that is paid is a failure", { paymentStatus: "paid" }, 0, false],
    ["whose money has gone back is nothing", { paymentStatus: "paid" }, 1_000, true],
    ["of which some money is left is a failure", { paymentStatus: "paid" }, 999, false],
    ["that cost nothing is nothing", { paymentStatus: "no_payment_required", amountMinor: null }, 0, true],
  ] as const)("a session of an unknown top-up %s", async (_, change, refundedMinor, fine) => {
    const { at, ports, over, paid } = setting();
    const { sessionId } = await paid();
    if (refundedMinor > 0) at.stripe.refund({ session: sessionId }, { amountMinor: refundedMinor });
    const use = over({ getSession: async (id) => ({ ...(await ports.provider.getSession(id)), ...change }) });
    const settled = settle(use, "top_none", [sessionId]);
    if (fine) expect(await settled).toEqual([{ outcome: "ignored", why: "irrelevant" }]);
    else await expect(settled).rejects.toBeInstanceOf(InvariantError);
  });

  test("a session without a payment has no refunds to ask for", async () => {
    const { ports, over, paid } = setting();
    const { run } = await paid();
    const nobody = () => expect.fail("nobody asks");
    const free = over({
      getSession: async (id) => ({ ...(await ports.provider.getSession(id)), paymentIntentId: null, paymentStatus: "no_payment_required" }),
      listRefunds: nobody,
      listDisputes: nobody,
    });
    expect(await run(free)).toEqual([{ outcome: "settled", deltaMinor: 1_000 }]);
  });
});

describe("sessions beside the top-up's own", () => {
  test("are looked at once each, and one that is not paid is nothing", async () => {
    const { at, ports, table, over, paid } = setting();
    const { topUpId, sessionId, run } = await paid();
    await run();
    const second = at.stripe.tamper.paySecondSession(sessionId);
    let asked = 0;
    const unpaid = over({
      getSession: async (id) => {
        if (id === sessionId) return ports.provider.getSession(id);
        asked++;
        return { ...(await ports.provider.getSession(id)), paymentStatus: "unpaid" };
      },
    });
    expect(await settle({ ...unpaid, table }, topUpId, [second.id, sessionId, second.id])).toEqual([
      { outcome: "settled", deltaMinor: 0 },
      { outcome: "ignored", why: "irrelevant" },
    ]);
    expect(asked).toBe(1);
  });

  test("a top-up that no session was ever made for has nothing to settle", async () => {
    const { over, ports } = setting();
    const lost = over({ createSession: () => Promise.reject(new AiraError("outcome.unknown", "lost")) });
    const ask = { owner: "asha", idempotencyKey: "k", currency: "USD", amountMinor: 500 } as const;
    await expect(createCheckoutSession(lost, ask)).rejects.toMatchObject({ code: "outcome.unknown" });
    const topUpId = deriveId("topUp", "asha", "POST /api/payment/create-checkout-session", "k");
    expect(await settle(ports, topUpId, [])).toEqual([]);
  });
});

describe("a finding", () => {
  const forged = async () => {
    const made = setting();
    const one = await made.checkout();
    made.at.stripe.tamper.payAltered(one.sessionId, { amountMinor: 999 });
    return { ...made, ...one };
  };

  test("tells the operator what was expected and what was found", async () => {
    const { run, open, topUpId, sessionId, owner } = await forged();
    const [settlement] = await run();
    expect(settlement).toEqual({ outcome: "quarantined", quarantineId: expect.any(String), reason: "amount" });
    expect(await open()).toEqual([
      {
        quarantineId: (settlement as { quarantineId: string }).quarantineId,
        reason: "amount",
        topUpId,
        sessionId,
        state: "open",
        expected: `1000 USD of ${owner}, session ${sessionId}`,
        found: `999 USD of ${owner}, session ${sessionId}`,
        at: "2026-01-31T10:00:00.000Z",
      },
    ]);
  });

  test("says so when nobody is named, and when no session was bound", async () => {
    const { at, table, ports, open, paid } = setting();
    const { topUpId, sessionId, run, owner } = await paid();
    await table.write({ update: keys.topUp(topUpId), set: {}, remove: ["sessionId"] });
    const anonymous: PaymentPorts = {
      ...ports,
      provider: {
        ...ports.provider,
        getSession: async (id) => {
          const session = await ports.provider.getSession(id);
          const { owner: _, ...metadata } = session.metadata;
          return { ...session, metadata };
        },
      },
    };
    await run(anonymous);
    expect(at.stripe.store.sessions.has(sessionId)).toBe(true);
    expect(await open()).toMatchObject([
      { reason: "owner", expected: `1000 USD of ${owner}, session not bound`, found: `1000 USD of nobody, session ${sessionId}` },
    ]);
  });

  test.each(["contended", "unknown"] as const)("that could not be kept (%s) must be asked again", async (outcome) => {
    const { table, ports, run, open } = await forged();
    const cause = new Error("lost");
    const failing: PaymentPorts = { ...ports, table: { ...table, write: async () => ({ outcome, cause }) } };
    await expect(run(failing)).rejects.toMatchObject({ code: "service.busy", retryAfterSeconds: 1, cause });
    expect(await open()).toEqual([]);
  });

  test("that was closed opens again when its money is nobody's once more", async () => {
    const { at, ports, run, open, sessionId } = await forged();
    await run();
    const [finding] = await open();
    const refund = at.stripe.refund({ session: sessionId }, { status: "pending" });
    at.pass(1_000);
    expect(await replayQuarantined(ports, finding!.quarantineId)).toEqual([{ outcome: "ignored", why: "irrelevant" }]);
    expect(await open()).toEqual([]);
    at.stripe.failRefund(refund.id);
    await run();
    expect(await open()).toMatchObject([{ quarantineId: finding!.quarantineId, state: "open", at: "2026-01-31T10:00:01.000Z" }]);
  });

  test("that stays open keeps the time when it was found", async () => {
    const { at, run, open } = await forged();
    await run();
    at.pass(1_000);
    expect(await run()).toMatchObject([{ outcome: "quarantined" }]);
    expect(await open()).toMatchObject([{ at: "2026-01-31T10:00:00.000Z" }]);
  });

  test.each([
    ["contended", "service.busy"],
    ["unknown", "service.busy"],
    ["refused", undefined],
  ] as const)("whose closing is %s", async (outcome, code) => {
    const { at, table, ports, run, open, sessionId } = await forged();
    await run();
    const [finding] = await open();
    at.stripe.refund({ session: sessionId });
    const cause = new Error("lost");
    const result: WriteResult = outcome === "refused" ? { outcome, found: new Map() } : { outcome, cause };
    const failing: PaymentPorts = { ...ports, table: { ...table, write: async () => result } };
    const replayed = replayQuarantined(failing, finding!.quarantineId);
    if (code) await expect(replayed).rejects.toMatchObject({ code, retryAfterSeconds: 1, cause });
    else expect(await replayed).toMatchObject([{ outcome: "ignored" }]);
  });

  test("is listed behind another, oldest first, also behind one that was closed", async () => {
    const { at, ports, checkout, open } = setting();
    for (let n = 0; n < 3; n++) {
      const { sessionId, run } = await checkout();
      at.stripe.tamper.payAltered(sessionId, { amountMinor: 999 });
      await run();
      at.pass(1_000);
    }
    const all = await open();
    expect(all.map((one) => one.at)).toEqual(["2026-01-31T10:00:00.000Z", "2026-01-31T10:00:01.000Z", "2026-01-31T10:00:02.000Z"]);
    expect(await Array.fromAsync(listQuarantined(ports, all[0]))).toEqual(all.slice(1));
    at.stripe.refund({ session: all[1]!.sessionId });
    await replayQuarantined(ports, all[1]!.quarantineId);
    expect(await Array.fromAsync(listQuarantined(ports, all[1]))).toEqual(all.slice(2));
    expect(await open()).toEqual([all[0], all[2]]);
  });

  test("of a session beside the top-up's own stays until that session's money has gone back", async () => {
    const { at, ports, open, paid } = setting();
    const { sessionId, topUpId, run } = await paid();
    await run();
    const second = at.stripe.tamper.paySecondSession(sessionId);
    await settle(ports, topUpId, [second.id]);
    const [finding] = await open();
    expect(await replayQuarantined(ports, finding!.quarantineId)).toMatchObject([{ outcome: "settled" }, { outcome: "quarantined" }]);
    expect(await open()).toEqual([finding]);
    at.stripe.refund({ session: second.id });
    await replayQuarantined(ports, finding!.quarantineId);
    expect(await open()).toEqual([]);
  });

  test("is named by what it is about, read as it is, and leaves the list for good", async () => {
    const { at, table, ports, run, topUpId, sessionId } = await forged();
    await run();
    at.stripe.refund({ session: sessionId });
    const quarantineId = deriveId("quarantine", topUpId, sessionId, "amount");
    const asked: unknown[] = [];
    const get: typeof table.get = (key, options) => {
      if (key.sk === "QUARANTINE") asked.push(options);
      return table.get(key, options);
    };
    await replayQuarantined({ ...ports, table: { ...table, get } }, quarantineId);
    expect(asked).toEqual([{ consistent: true }]);
    const closed = await table.get(keys.quarantine(quarantineId));
    expect(closed).toMatchObject({ state: "closed" });
    expect(closed).not.toHaveProperty("gsi2pk");
    expect(closed).not.toHaveProperty("gsi2sk");
    expect(await closeQuarantined(table, "qtn_none")).toMatchObject({ outcome: "refused" });
    expect(await table.get(keys.quarantine("qtn_none"))).toBeUndefined();
  });

  test("is listed however short the pages are, and not while only the index still names it", async () => {
    const { at, table, ports, checkout, open } = setting();
    for (let n = 0; n < 4; n++) {
      const { sessionId, run } = await checkout();
      at.stripe.tamper.payAltered(sessionId, { amountMinor: 999 });
      await run();
      at.pass(1_000);
    }
    const all = await open();
    const { items } = await table.query({ pk: lists.quarantine, index: "gsi2" });
    const [closed, gone] = all;
    await closeQuarantined(table, closed!.quarantineId);
    await table.write({ delete: keys.quarantine(gone!.quarantineId) });
    const lagging: typeof table.query = async ({ after }) => {
      const at = after ? items.indexOf(after) + 1 : 0;
      return { items: items.slice(at, at + 1), lastKey: at < items.length - 1 ? items[at] : undefined };
    };
    expect(await Array.fromAsync(listQuarantined({ ...ports, table: { ...table, query: lagging } }))).toEqual(all.slice(2));
  });

  test("stays while a second reason stands, and a failing settlement closes nothing", async () => {
    const { table, ports, run, open, sessionId, over } = await forged();
    await run();
    const [finding] = await open();
    const down = over({ getSession: () => Promise.reject(new AiraError("payment_provider.unavailable", "not now")) });
    await expect(replayQuarantined(down, finding!.quarantineId)).rejects.toMatchObject({ code: "payment_provider.unavailable" });
    expect(await open()).toEqual([finding]);
    // Another reason is another finding: this one is closed, that one opened.
    const other = over({ getSession: async (id) => ({ ...(await ports.provider.getSession(id)), currency: "INR" }) });
    expect(await replayQuarantined({ ...other, table }, finding!.quarantineId)).toMatchObject([
      { outcome: "quarantined", reason: "currency" },
    ]);
    expect(await open()).toMatchObject([{ reason: "currency", sessionId }]);
  });
});
