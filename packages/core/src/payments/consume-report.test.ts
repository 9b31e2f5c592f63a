import { memoryTable } from "@aira/local/testing/memory-table-under-test";
import { paymentWorld } from "@aira/local/testing/payment-world";
import { describe, expect, test } from "vitest";
import { listEntries, loadWallet } from "../ledger/index.ts";
import { AiraError } from "../lib/index.ts";
import { consumeEvents, type PaymentPorts } from "./index.ts";

const NOW_MS = Date.parse("2026-01-31T10:00:00.000Z");

function setting() {
  const at = paymentWorld(NOW_MS);
  const table = memoryTable();
  const ports: PaymentPorts = { ...at.ports(table), wait: async () => {} };
  const consume = async (bodies: readonly string[], use: PaymentPorts = ports) => {
    const consumed = await consumeEvents(
      use,
      bodies.map((body, n) => ({ id: `m${n}`, body })),
    );
    return consumed.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  };
  const paid = async (owner?: string) => {
    const checkout = await at.checkout(ports, owner === undefined ? {} : { owner });
    at.stripe.pay(checkout.sessionId, "card");
    return { ...checkout, body: at.newest("checkout.session.completed") };
  };
  const over = (provider: Partial<PaymentPorts["provider"]>): PaymentPorts => ({ ...ports, provider: { ...ports.provider, ...provider } });
  return { at, table, ports, consume, paid, over };
}

const down = () => Promise.reject(new AiraError("payment_provider.unavailable", "not now"));
const COMPLETED = { eventType: "checkout.session.completed", eventCreatedMs: NOW_MS };

describe("what is said of a message", () => {
  test("that credits: its event, and the money it moved; of its repeat, none", async () => {
    const { consume, paid } = setting();
    const { body } = await paid();
    expect(await consume([body])).toEqual([{ id: "m0", ...COMPLETED, outcome: "credited", deltaMinor: 1_000, error: undefined }]);
    expect(await consume([body])).toEqual([{ id: "m0", ...COMPLETED, outcome: "already", deltaMinor: 0, error: undefined }]);
  });

  test("that can't be read: why, and no event", async () => {
    const { consume } = setting();
    expect(await consume(["{"])).toEqual([
      { id: "m0", eventType: undefined, eventCreatedMs: undefined, outcome: "failed", deltaMinor: 0, error: expect.any(SyntaxError) },
    ]);
  });

  test("that concerns nobody here: what it was", async () => {
    const { at, consume, paid } = setting();
    await paid();
    expect(await consume([at.newest("charge.succeeded")])).toEqual([
      { id: "m0", eventType: "charge.succeeded", eventCreatedMs: NOW_MS, outcome: "irrelevant", deltaMinor: 0, error: undefined },
    ]);
  });
});

test("a credit says in the statement what it is and whose doing", async () => {
  const { ports, consume, paid } = setting();
  const { owner, topUpId, body } = await paid();
  await consume([body]);
  const { entries } = await listEntries(ports, owner, { limit: 10 });
  expect(entries).toMatchObject([
    {
      kind: "credit",
      currency: "USD",
      amountMinor: 1_000,
      heldMinor: 0,
      reference: { type: "top_up", id: topUpId },
      description: "Top-up",
      actor: "system:stripe",
    },
  ]);
});

test("credits of one wallet share a transaction", async () => {
  const { table, ports, consume, paid } = setting();
  const bodies = [(await paid("asha")).body, (await paid("asha")).body, (await paid("asha")).body];
  let transactions = 0;
  const counting: PaymentPorts = {
    ...ports,
    table: {
      ...table,
      transact: (writes) => {
        transactions++;
        return table.transact(writes);
      },
    },
  };
  expect((await consume(bodies, counting)).map(({ outcome }) => outcome)).toEqual(["credited", "credited", "credited"]);
  expect(transactions).toBe(1);
});

test("the wallets of a batch are read in one call, and a wallet that is alone by itself", async () => {
  const { table, ports, consume, paid } = setting();
  const reads: (string | readonly string[])[] = [];
  const noting: PaymentPorts = {
    ...ports,
    table: {
      ...table,
      get: (key, options) => {
        reads.push(key.pk);
        return table.get(key, options);
      },
      getMany: (keys) => {
        reads.push(keys.map(({ pk }) => pk));
        return table.getMany(keys);
      },
    },
  };
  const bodies = [(await paid("asha")).body, (await paid("ravi")).body];
  const alone = (await paid("mira")).body;
  expect((await consume(bodies, noting)).map(({ outcome }) => outcome)).toEqual(["credited", "credited"]);
  expect(reads).toEqual([["WALLET#asha", "WALLET#ravi"]]);
  reads.length = 0;
  expect(await consume([alone], noting)).toMatchObject([{ outcome: "credited" }]);
  expect(reads).toEqual(["WALLET#mira"]);
});

describe("events of one payment in one batch", () => {
  test("are settled together, and the money is counted once", async () => {
    const { at, consume, paid, ports, over } = setting();
    const { sessionId, body } = await paid();
    await consume([body]);
    at.stripe.refund({ session: sessionId }, { amountMinor: 400 });
    const refund = at.newest("refund.created");
    let asked = 0;
    const counting = over({
      findSession: (id) => {
        asked++;
        return ports.provider.findSession(id);
      },
    });
    const consumed = await consume([refund, at.newest("charge.refunded"), refund], counting);
    expect(consumed.map(({ outcome, deltaMinor }) => [outcome, deltaMinor])).toEqual([
      ["settled", -400],
      ["settled", 0],
      ["settled", 0],
    ]);
    expect(asked).toBe(1);
  });

  test("by its session are settled together too", async () => {
    const { at, consume, ports, over } = setting();
    const { sessionId } = await at.checkout(ports);
    at.stripe.expire(sessionId);
    const body = at.newest("checkout.session.expired");
    let asked = 0;
    const counting = over({
      getSession: (id) => {
        asked++;
        return ports.provider.getSession(id);
      },
    });
    expect((await consume([body, body], counting)).map(({ outcome }) => outcome)).toEqual(["settled", "settled"]);
    expect(asked).toBe(1);
  });

  test("fail together, and nobody else with them", async () => {
    const { at, consume, paid, over } = setting();
    const [one, other] = [await paid(), await paid()];
    await consume([one.body]);
    at.stripe.refund({ session: one.sessionId }, { amountMinor: 400 });
    const consumed = await consume([at.newest("refund.created"), at.newest("charge.refunded"), other.body], over({ findSession: down }));
    expect(consumed.map(({ outcome, deltaMinor }) => [outcome, deltaMinor])).toEqual([
      ["failed", 0],
      ["failed", 0],
      ["credited", 1_000],
    ]);
    expect(consumed[0]?.error).toMatchObject({ code: "payment_provider.unavailable" });
    expect(consumed[1]?.error).toMatchObject({ code: "payment_provider.unavailable" });
    expect(consumed[2]?.error).toBeUndefined();
  });

  test("of two sessions are both looked at: the first's money counts, and the other one waits for an operator", async () => {
    const { at, consume, ports } = setting();
    const { sessionId } = await at.checkout(ports);
    at.stripe.pay(sessionId, "async");
    at.stripe.settleAsync(sessionId, "succeed");
    const failed = JSON.parse(at.newest("checkout.session.async_payment_succeeded"));
    const own = JSON.stringify({ ...failed, type: "checkout.session.async_payment_failed" });
    const second = at.stripe.tamper.paySecondSession(sessionId);
    const other = JSON.stringify({
      ...failed,
      type: "checkout.session.expired",
      data: { object: { ...failed.data.object, id: second.id } },
    });
    expect((await consume([own, other])).map(({ outcome, deltaMinor }) => [outcome, deltaMinor])).toEqual([
      ["quarantined", 1_000],
      ["quarantined", 0],
    ]);
  });
});

test("what one of a message's sessions says outweighs the one that says nothing", async () => {
  const { at, ports, consume, paid, over } = setting();
  const { sessionId, body } = await paid();
  const second = at.stripe.tamper.paySecondSession(sessionId);
  const event = JSON.parse(body);
  const expired = (id: string) =>
    JSON.stringify({ ...event, type: "checkout.session.expired", data: { object: { ...event.data.object, id } } });
  const bodies = [expired(sessionId), expired(second.id)];
  const unpaid = async (id: string) => ({
    ...(await ports.provider.getSession(id)),
    ...(id === second.id ? { paymentStatus: "unpaid" } : {}),
  });
  const foreign = async (id: string) => ({ ...(await unpaid(id)), ...(id === sessionId ? { metadata: {} } : {}) });
  expect((await consume(bodies, over({ getSession: foreign }))).map(({ outcome }) => outcome)).toEqual(["foreign", "foreign"]);
  expect((await consume(bodies, over({ getSession: unpaid }))).map(({ outcome, deltaMinor }) => [outcome, deltaMinor])).toEqual([
    ["settled", 1_000],
    ["settled", 0],
  ]);
});

describe("a credit that does not go through fails its message", () => {
  test("when the wallet stays busy", async () => {
    const { table, ports, consume, paid } = setting();
    const { topUpId, body } = await paid();
    const busy: PaymentPorts = { ...ports, table: { ...table, transact: async () => ({ outcome: "contended", cause: undefined }) } };
    const [consumed] = await consume([body], busy);
    expect(consumed).toMatchObject({ ...COMPLETED, outcome: "failed", deltaMinor: 0 });
    expect(String(consumed?.error)).toBe(`Error: the credit of ${topUpId} is busy`);
  });

  test("when the table can't be read, and with it every credit of that wallet", async () => {
    const { table, ports, consume, paid } = setting();
    const [one, two, other] = [await paid("asha"), await paid("asha"), await paid("ben")];
    const lost = new AiraError("service.busy", "lost");
    const failing: PaymentPorts = {
      ...ports,
      table: {
        ...table,
        // What can't be read together is read for each wallet, and fails alone.
        getMany: () => Promise.reject(lost),
        get: (key, options) => (key.pk === "WALLET#asha" ? Promise.reject(lost) : table.get(key, options)),
      },
    };
    const consumed = await consume([one.body, two.body, other.body], failing);
    expect(consumed.map(({ outcome, deltaMinor, error }) => [outcome, deltaMinor, error])).toEqual([
      ["failed", 0, lost],
      ["failed", 0, lost],
      ["credited", 1_000, undefined],
    ]);
  });

  test("when a mistake of ours keeps the wallets from being read, and with it the whole batch", async () => {
    const { table, ports, consume, paid } = setting();
    const bodies = [(await paid("asha")).body, (await paid("ben")).body];
    for (const mistake of [new AiraError("wallet.not_found", "ours"), new TypeError("ours")]) {
      const failing: PaymentPorts = { ...ports, table: { ...table, getMany: () => Promise.reject(mistake) } };
      await expect(consume(bodies, failing)).rejects.toBe(mistake);
    }
    expect((await loadWallet(table, "asha")).seq).toBe(0);
  });

  test("when it names a top-up that does not exist", async () => {
    const { consume, paid } = setting();
    const { body, topUpId } = await paid();
    const [consumed] = await consume([body.replaceAll(topUpId, "top_none")]);
    expect(consumed).toMatchObject({ outcome: "failed", deltaMinor: 0 });
    expect(String(consumed?.error)).toBe("Error: a paid session names the top-up top_none, which does not exist");
  });
});

test("a payment of another stage is foreign, and one of ours that brings nothing is irrelevant", async () => {
  const { at, consume, paid, over, ports } = setting();
  const { sessionId } = await paid();
  at.stripe.refund({ session: sessionId });
  const refund = at.newest("refund.created");
  expect(
    await consume([refund], over({ getPaymentMetadata: async () => ({ app: "aira", stage: "elsewhere", top_up_id: "x" }) })),
  ).toMatchObject([{ outcome: "foreign", deltaMinor: 0 }]);
  const unknown = { app: "aira", stage: ports.stage, top_up_id: "top_none" };
  expect(await consume([refund], over({ getPaymentMetadata: async () => unknown, findSession: async () => undefined }))).toMatchObject([
    { outcome: "irrelevant", deltaMinor: 0 },
  ]);
});
