import { memoryTable } from "@aira/local/testing/memory-table-under-test";
import { paymentWorld } from "@aira/local/testing/payment-world";
import { describe, expect, test } from "vitest";
import { debit, listEntries, loadWallet, setArrears } from "../ledger/index.ts";
import { consumeEvents, readTopUp, settle } from "./index.ts";

function setting() {
  const at = paymentWorld();
  const table = memoryTable();
  const ports = at.ports(table);
  const deliver = async (...bodies: string[]) => {
    const consumed = await consumeEvents(
      ports,
      bodies.map((body, n) => ({ id: `m${n}`, body })),
    );
    return consumed.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  };
  const outcomes = async (...bodies: string[]) => (await deliver(...bodies)).map(({ outcome }) => outcome);
  const balance = async (owner: string) => (await loadWallet(table, owner)).balances.USD?.availableMinor ?? 0;
  const kinds = async (owner: string) => (await listEntries(ports, owner, { limit: 50 })).entries.map(({ kind }) => kind).toReversed();
  return { at, ports, deliver, outcomes, balance, kinds };
}

test("a completed session that is not paid yet credits nothing; its money is credited when it comes", async () => {
  const { at, ports, deliver, balance } = setting();
  const { owner, topUpId, sessionId } = await at.checkout(ports);
  at.stripe.pay(sessionId, "async");
  const completed = at.newest("checkout.session.completed");
  expect(await deliver(completed)).toMatchObject([{ outcome: "settled", deltaMinor: 0 }]);
  expect(await readTopUp(ports, { owner, topUpId })).toMatchObject({ state: "processing" });
  at.stripe.settleAsync(sessionId, "succeed");
  const succeeded = at.newest("checkout.session.async_payment_succeeded");
  expect(await deliver(succeeded)).toMatchObject([{ deltaMinor: 1_000 }]);
  expect((await deliver(completed, succeeded)).map(({ deltaMinor }) => deltaMinor)).toEqual([0, 0]);
  expect(await balance(owner)).toBe(1_000);
});

test("a bank debit that fails leaves nothing", async () => {
  const { at, ports, outcomes, balance } = setting();
  const { owner, topUpId, sessionId } = await at.checkout(ports);
  at.stripe.pay(sessionId, "async");
  at.stripe.settleAsync(sessionId, "fail");
  await outcomes(at.newest("checkout.session.completed"), at.newest("checkout.session.async_payment_failed"));
  expect(await readTopUp(ports, { owner, topUpId })).toMatchObject({ state: "failed", creditedMinor: 0 });
  expect(await balance(owner)).toBe(0);
});

test("whatever order a payment's events come in, and however often, the books come out the same", async () => {
  for (let turn = 0; turn < 6; turn++) {
    const { at, ports, outcomes, balance } = setting();
    const { owner, sessionId } = await at.checkout(ports);
    at.stripe.pay(sessionId, "card");
    at.stripe.refund({ session: sessionId }, { amountMinor: 300 });
    const refund = at.stripe.refund({ session: sessionId }, { amountMinor: 200 });
    at.stripe.failRefund(refund.id);
    const bodies = at.events.map((event) => JSON.stringify(event));
    const rotated = [...bodies.slice(turn * 2), ...bodies.slice(0, turn * 2)];
    const order = turn % 2 === 0 ? rotated : rotated.toReversed();
    for (const body of [...order, ...order]) expect(await outcomes(body)).not.toContain("failed");
    expect(await balance(owner)).toBe(700);
  }
});

test("a refund that is heard of before the payment leaves what is left of it", async () => {
  const { at, ports, outcomes, balance, kinds } = setting();
  const { owner, sessionId } = await at.checkout(ports);
  at.stripe.pay(sessionId, "card");
  const paid = at.newest("checkout.session.completed");
  at.stripe.refund({ session: sessionId }, { amountMinor: 400 });
  await outcomes(at.newest("refund.created"));
  expect(await balance(owner)).toBe(600);
  await outcomes(paid);
  expect(await balance(owner)).toBe(600);
  expect(await kinds(owner)).toEqual(["credit"]);
});

test("whoever listens is told of money for a wallet on which something waits, and of none other", async () => {
  const { at, ports, outcomes } = setting();
  const told: string[][] = [];
  const listening = { ...ports, onArrears: (owner: string, token: string) => void told.push([owner, token]) };
  const consume = (...bodies: string[]) =>
    consumeEvents(
      listening,
      bodies.map((body, n) => ({ id: `m${n}`, body })),
    );
  const first = await at.checkout(ports);
  at.stripe.pay(first.sessionId, "card");
  await consume(at.newest("checkout.session.completed"));
  expect(told).toEqual([]);

  // By the fast credit, and by a settlement.
  await setArrears(ports.table, first.owner, "token-1");
  const second = await at.checkout(ports, { owner: first.owner });
  at.stripe.pay(second.sessionId, "card");
  const paid = at.newest("checkout.session.completed");
  await consume(paid, paid);
  expect(told).toEqual([[first.owner, "token-1"]]);
  const third = await at.checkout(ports, { owner: first.owner });
  at.stripe.pay(third.sessionId, "async");
  at.stripe.settleAsync(third.sessionId, "succeed");
  await settle(listening, third.topUpId, [third.sessionId]);
  expect(told).toHaveLength(2);

  // Money that goes helps nobody, and what was done before brings none.
  at.stripe.refund({ session: first.sessionId }, { amountMinor: 100 });
  await consume(at.newest("refund.created"), paid);
  expect(told).toHaveLength(2);
  expect(await outcomes(paid)).toEqual(["already"]);
});

test("a clawback of money that was spent makes the wallet negative and restricts it", async () => {
  const { at, ports, outcomes, kinds } = setting();
  const { owner, sessionId } = await at.checkout(ports);
  at.stripe.pay(sessionId, "card");
  await outcomes(at.newest("checkout.session.completed"));
  const charge = { owner, id: `c-${owner}`, currency: "USD", amountMinor: 800, description: "test", actor: "test" } as const;
  await debit(ports, charge);
  const { id } = at.stripe.openDispute({ session: sessionId });
  await outcomes(at.newest("charge.dispute.created"));
  await expect(debit(ports, { ...charge, id: `d-${owner}`, amountMinor: 1 })).rejects.toMatchObject({ code: "wallet.restricted" });
  at.stripe.winDispute(id);
  await outcomes(at.newest("charge.dispute.closed"));
  expect(await debit(ports, { ...charge, id: `d-${owner}`, amountMinor: 200 })).toMatchObject({ repeated: false });
  expect(await kinds(owner)).toEqual(["credit", "debit", "clawback", "reinstatement", "debit"]);
});

test("a paid session that names a top-up of ours which does not exist fails, so that it ends where somebody sees it", async () => {
  const { at, deliver } = setting();
  const metadata = { app: "aira", stage: "test", top_up_id: "top_none", owner: "asha" };
  const session = at.stripe.createSession({
    mode: "payment",
    client_reference_id: "top_none",
    line_items: [{ quantity: 1, price_data: { currency: "usd", unit_amount: 500, product_data: { name: "Top-up" } } }],
    metadata,
    payment_intent_data: { metadata },
    success_url: "https://aira.example/",
  });
  at.stripe.pay(session.id, "card");
  const [consumed] = await deliver(at.newest("checkout.session.completed"));
  expect(consumed?.outcome).toBe("failed");
  expect(String(consumed?.error)).toContain("top_none");
});

describe("in one batch", () => {
  test("one bad message fails alone", async () => {
    const { at, ports, outcomes, balance } = setting();
    const { owner, sessionId } = await at.checkout(ports);
    at.stripe.pay(sessionId, "card");
    expect(await outcomes("{", at.newest("checkout.session.completed"), "null")).toEqual(["failed", "credited", "failed"]);
    expect(await balance(owner)).toBe(1_000);
  });

  test("every message has its own result, in whatever mix", async () => {
    const { at, ports, outcomes, balance } = setting();
    const [a, b] = [await at.checkout(ports), await at.checkout(ports)];
    at.stripe.pay(a.sessionId, "card");
    const paidA = at.newest("checkout.session.completed");
    at.stripe.pay(b.sessionId, "card");
    const paidB = at.newest("checkout.session.completed");
    at.stripe.refund({ session: b.sessionId });
    const bodies = [paidA, paidA, paidB, at.newest("refund.created"), at.newest("charge.succeeded")];
    expect(await outcomes(...bodies)).toHaveLength(5);
    expect(await outcomes(...bodies)).not.toContain("failed");
    expect([await balance(a.owner), await balance(b.owner)]).toEqual([1_000, 0]);
  });
});

test("events of other apps, stages and modes are told apart from what concerns nobody", async () => {
  const { at, ports, outcomes } = setting();
  const { sessionId } = await at.checkout(ports);
  at.stripe.pay(sessionId, "card");
  const event = JSON.parse(at.newest("checkout.session.completed"));
  const foreign = structuredClone(event);
  foreign.data.object.metadata.stage = "another";
  expect(await outcomes(JSON.stringify(foreign), JSON.stringify({ ...event, livemode: true }), at.newest("charge.succeeded"))).toEqual([
    "foreign",
    "foreign",
    "irrelevant",
  ]);
});
