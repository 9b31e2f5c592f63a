import { describe, expect, test } from "vitest";
import type { EventType, SandboxEvent } from "./objects.ts";
import { parseParameters } from "./parameters.ts";
import { createStripeState, type StripeState } from "./state.ts";

const START_MS = Date.UTC(2026, 0, 1);

function world(seed = 1) {
  let nowMs = START_MS;
  const state = createStripeState({ clock: () => nowMs, seed });
  const events: SandboxEvent[] = [];
  state.onEvent((event) => events.push(event));
  return {
    state,
    /** The types of the events since the last look. */
    types: () => events.splice(0).map((event) => event.type),
    last: (type: EventType) => [...state.store.events.values()].findLast((event) => event.type === type)?.data.object,
    passMs: (ms: number) => {
      nowMs += ms;
      state.advance();
    },
  };
}

const open = (state: StripeState, amountMinor = 2500) =>
  state.createSession(
    parseParameters("createSession", {
      mode: "payment",
      success_url: "https://app.example/done",
      line_items: [{ price_data: { currency: "usd", unit_amount: String(amountMinor), product_data: { name: "Top-up" } } }],
      metadata: { topUpId: "top_1" },
      payment_intent_data: { metadata: { topUpId: "top_1" } },
    }),
  ).id;

const paid = (state: StripeState, amountMinor?: number) => state.pay(open(state, amountMinor), "card");
const chargeOf = (state: StripeState, sessionId: string) => {
  const intent = state.store.intents.get(state.store.sessions.get(sessionId)!.payment_intent!)!;
  return state.store.charges.get(intent.latest_charge!)!;
};
const balanceMinor = (state: StripeState) => [...state.store.balanceTransactions.values()].reduce((sum, { amount }) => sum + amount, 0);

describe("each journey emits Stripe's events, with the objects as they were", () => {
  test("a card payment", () => {
    const { state, types, last } = world();
    const session = paid(state);
    expect(types()).toEqual(["payment_intent.created", "charge.succeeded", "payment_intent.succeeded", "checkout.session.completed"]);
    expect(session).toMatchObject({ status: "complete", payment_status: "paid" });
    expect(last("checkout.session.completed")).toEqual(session);
    expect(last("payment_intent.created")).toMatchObject({ status: "requires_payment_method", latest_charge: null });
  });

  test("a declined card, then a good one, on one payment intent", () => {
    const { state, types } = world();
    const id = open(state);
    expect(state.decline(id).message).toBe("Your card was declined.");
    expect(types()).toEqual(["payment_intent.created", "charge.failed", "payment_intent.payment_failed"]);
    expect(state.store.sessions.get(id)).toMatchObject({ status: "open", payment_status: "unpaid" });
    state.pay(id, "card");
    expect(types()).toEqual(["charge.succeeded", "payment_intent.succeeded", "checkout.session.completed"]);
    expect([...state.store.intents.values()]).toHaveLength(1);
    expect(balanceMinor(state)).toBe(2500);
  });

  test("a bank debit completes unpaid before it succeeds", () => {
    const { state, types, last } = world();
    const id = open(state);
    state.pay(id, "async");
    expect(types()).toEqual(["payment_intent.created", "charge.pending", "payment_intent.processing", "checkout.session.completed"]);
    expect(last("checkout.session.completed")).toMatchObject({ status: "complete", payment_status: "unpaid" });
    expect(balanceMinor(state)).toBe(0);
    state.settleAsync(id, "succeed");
    expect(types()).toEqual(["charge.succeeded", "payment_intent.succeeded", "checkout.session.async_payment_succeeded"]);
    expect(last("checkout.session.async_payment_succeeded")).toMatchObject({ payment_status: "paid" });
    expect(last("checkout.session.completed")).toMatchObject({ payment_status: "unpaid" });
    expect([...state.store.balanceTransactions.values()]).toMatchObject([{ type: "payment", reporting_category: "charge", amount: 2500 }]);
    expect(() => state.settleAsync(id, "succeed")).toThrow("No bank debit is under way");
  });

  test("a bank debit that fails moves no money and stays unpaid", () => {
    const { state, types } = world();
    const id = open(state);
    state.pay(id, "async");
    types();
    expect(state.settleAsync(id, "fail")).toMatchObject({ status: "complete", payment_status: "unpaid" });
    expect(types()).toEqual(["charge.failed", "payment_intent.payment_failed", "checkout.session.async_payment_failed"]);
    expect(balanceMinor(state)).toBe(0);
  });

  test("a refund, and its failure after it had succeeded", () => {
    const { state, types, last } = world();
    const { id } = paid(state);
    types();
    const refund = state.refund({ session: id }, { amountMinor: 1000 });
    expect(types()).toEqual(["refund.created", "charge.refunded"]);
    expect(last("charge.refunded")).toMatchObject({ amount_refunded: 1000, refunded: false });
    expect(balanceMinor(state)).toBe(1500);
    expect(state.failRefund(refund.id)).toMatchObject({ status: "failed", failure_balance_transaction: expect.stringMatching(/^txn_/) });
    expect(types()).toEqual(["refund.updated", "refund.failed"]);
    expect(chargeOf(state, id)).toMatchObject({ amount_refunded: 0, refunded: false });
    expect(last("charge.refunded")).toMatchObject({ amount_refunded: 1000 });
    expect(balanceMinor(state)).toBe(2500);
    expect(() => state.failRefund(refund.id)).toThrow("has a status of 'failed'");
  });

  test("the refund of a bank debit is pending, then succeeds", () => {
    const { state, types } = world();
    const id = open(state);
    state.pay(id, "async");
    state.settleAsync(id, "succeed");
    types();
    const refund = state.refund({ session: id });
    expect(refund).toMatchObject({ status: "pending", pending_reason: "processing" });
    const done = state.succeedRefund(refund.id);
    expect(done).toMatchObject({ status: "succeeded" });
    expect(done).not.toHaveProperty("pending_reason");
    expect(types()).toEqual(["refund.created", "charge.refunded", "refund.updated"]);
    expect(balanceMinor(state)).toBe(0);
  });

  test("a refund that waits for the customer moves no money until then, and none when canceled", () => {
    const { state, types } = world();
    const { id } = paid(state);
    const refund = state.refund({ session: id }, { status: "requires_action" });
    expect(balanceMinor(state)).toBe(2500);
    expect(chargeOf(state, id).refunded).toBe(true);
    types();
    state.cancelRefund(refund.id);
    expect(types()).toEqual(["refund.updated"]);
    expect(chargeOf(state, id)).toMatchObject({ refunded: false, amount_refunded: 0 });
    expect(balanceMinor(state)).toBe(2500);
  });

  test("a dispute takes the money when it opens, not when it is lost", () => {
    const { state, types, last } = world();
    const { id } = paid(state);
    types();
    const { id: dispute } = state.openDispute({ session: id });
    expect(types()).toEqual(["charge.dispute.created", "charge.dispute.funds_withdrawn"]);
    expect(balanceMinor(state)).toBe(0);
    state.submitEvidence(dispute);
    expect(last("charge.dispute.updated")).toMatchObject({ status: "under_review" });
    state.loseDispute(dispute);
    expect(types()).toEqual(["charge.dispute.updated", "charge.dispute.closed"]);
    expect(last("charge.dispute.closed")).toMatchObject({ status: "lost" });
    expect(balanceMinor(state)).toBe(0);
    expect(() => state.winDispute(dispute)).toThrow("has a status of 'lost'");
  });

  test("a won dispute gives the money back", () => {
    const { state, types, last } = world();
    const { id } = paid(state);
    const dispute = state.openDispute({ session: id }, { amountMinor: 700 });
    types();
    state.winDispute(dispute.id);
    expect(types()).toEqual(["charge.dispute.funds_reinstated", "charge.dispute.closed"]);
    expect(last("charge.dispute.closed")).toMatchObject({ status: "won", balance_transactions: [{ amount: -700 }, { amount: 700 }] });
    expect(balanceMinor(state)).toBe(2500);
  });

  test("an inquiry moves no money unless it escalates", () => {
    const { state, types, last } = world();
    const { id } = paid(state);
    types();
    const { id: first } = state.openDispute({ session: id }, { inquiry: true });
    state.closeInquiry(first);
    expect(types()).toEqual(["charge.dispute.created", "charge.dispute.closed"]);
    expect(last("charge.dispute.closed")).toMatchObject({ status: "warning_closed", balance_transactions: [] });
    expect(balanceMinor(state)).toBe(2500);
    const { id: second } = state.openDispute({ session: id }, { inquiry: true });
    expect(state.submitEvidence(second).status).toBe("warning_under_review");
    state.escalateInquiry(second);
    expect(types()).toEqual([
      "charge.dispute.created",
      "charge.dispute.updated",
      "charge.dispute.updated",
      "charge.dispute.funds_withdrawn",
    ]);
    expect(balanceMinor(state)).toBe(0);
  });
});

describe("the clock", () => {
  test("an open session expires at its time and can't be paid after it", () => {
    const { state, types, passMs } = world();
    const id = open(state);
    expect(state.nextDueMs()).toBe(START_MS + 24 * 3600_000);
    passMs(24 * 3600_000 - 1);
    expect(types()).toEqual([]);
    passMs(1);
    expect(types()).toEqual(["checkout.session.expired"]);
    expect(state.store.sessions.get(id)).toMatchObject({ status: "expired", url: null });
    expect(() => state.pay(id, "card")).toThrow('status of "expired"');
    expect(state.nextDueMs()).toBeUndefined();
  });

  test("a session that a declined card touched takes its intent with it", () => {
    const { state, types, passMs } = world();
    state.decline(open(state));
    types();
    passMs(24 * 3600_000);
    expect(types()).toEqual(["payment_intent.canceled", "checkout.session.expired"]);
  });

  test("a bank debit settles by itself when it was told to", () => {
    const { state, passMs } = world();
    const id = open(state);
    state.pay(id, "async", { outcome: "succeed", afterMs: 5000 });
    passMs(4999);
    expect(state.store.sessions.get(id)!.payment_status).toBe("unpaid");
    passMs(1);
    expect(state.store.sessions.get(id)!.payment_status).toBe("paid");
  });
});

describe("what does not match", () => {
  test("a session paid with another amount, currency and owner says so in session, intent and charge", () => {
    const { state } = world();
    const id = open(state);
    const session = state.tamper.payAltered(id, {
      amountMinor: 1,
      currency: "inr",
      metadata: { topUpId: "top_2" },
      clientReferenceId: "top_2",
    });
    expect(session).toMatchObject({ id, amount_total: 1, currency: "inr", metadata: { topUpId: "top_2" }, client_reference_id: "top_2" });
    expect(chargeOf(state, id)).toMatchObject({ amount: 1, currency: "inr", metadata: { topUpId: "top_2" } });
  });

  test("a second paid session for one top-up stands beside the first", () => {
    const { state } = world();
    const first = paid(state);
    const second = state.tamper.paySecondSession(first.id);
    expect(second.id).not.toBe(first.id);
    expect(second).toMatchObject({ metadata: first.metadata, amount_total: first.amount_total, payment_status: "paid" });
    expect(second.payment_intent).not.toBe(first.payment_intent);
    expect(state.store.sessions.get(first.id)).toEqual(first);
  });

  test("one fact may come as two events with ids of their own", () => {
    const { state } = world();
    paid(state);
    const event = [...state.store.events.values()].at(-1)!;
    const again = state.tamper.repeatEvent(event.id);
    expect(again.id).not.toBe(event.id);
    expect(again.data).toEqual(event.data);
  });
});

test("a paid session is paid once", () => {
  const { state } = world();
  const { id } = paid(state);
  for (const again of [() => state.pay(id, "card"), () => state.pay(id, "async"), () => state.decline(id), () => state.expire(id)])
    expect(again).toThrow('status of "complete"');
  expect(balanceMinor(state)).toBe(2500);
});

test("ids are those of the seed, and never come twice", () => {
  const ids = (seed: number) => {
    const { state } = world(seed);
    paid(state);
    return [...state.store.sessions.keys(), ...state.store.intents.keys(), ...state.store.charges.keys(), ...state.store.events.keys()];
  };
  expect(ids(1)).toEqual(ids(1));
  expect(ids(1)).not.toEqual(ids(2));
  expect(new Set(ids(1)).size).toBe(ids(1).length);
});

test("a world continues from its snapshot, with new ids", () => {
  const { state } = world();
  const { id } = paid(state);
  const waiting = open(state);
  const again = createStripeState({ clock: () => START_MS + 25 * 3600_000, snapshot: JSON.parse(JSON.stringify(state.snapshot())) });
  expect(again.store.sessions.get(id)).toEqual(state.store.sessions.get(id));
  again.advance();
  expect(again.store.sessions.get(waiting)).toMatchObject({ status: "expired" });
  expect(state.store.sessions.has(open(again))).toBe(false);
});
