import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ReversalSnapshot, SessionSnapshot } from "./provider.ts";
import {
  attributionOf,
  describeChange,
  type Facts,
  isPaid,
  metadataOf,
  mismatchOf,
  seenAs,
  stateOf,
  type TopUp,
  wantedMinor,
} from "./top-up.ts";

const session: SessionSnapshot = {
  id: "cs_1",
  status: "complete",
  paymentStatus: "paid",
  amountMinor: 1_000,
  currency: "USD",
  clientReferenceId: "top_1",
  metadata: metadataOf("test", "top_1", "asha"),
  paymentIntentId: "pi_1",
  paymentIntentStatus: "succeeded",
  url: null,
};
const reversal = (status: string, amountMinor: number, id = `${status}-${amountMinor}`): ReversalSnapshot => ({
  id,
  status,
  amountMinor,
  currency: "USD",
});
const facts = (refunds: readonly ReversalSnapshot[] = [], disputes: readonly ReversalSnapshot[] = [], of = session): Facts => ({
  session: of,
  refunds,
  disputes,
});

describe("what a wallet should hold of a payment of 1,000", () => {
  test.each<[string, Facts, number]>([
    ["paid, nothing else", facts(), 1_000],
    ["not paid", facts([], [], { ...session, paymentStatus: "unpaid" }), 0],
    ["paid by a voucher", facts([], [], { ...session, paymentStatus: "no_payment_required" }), 1_000],
    ["a payment status that we do not know", facts([], [], { ...session, paymentStatus: "settled_in_gold" }), 1_000],
    ["an expired session that was paid after all", facts([], [], { ...session, status: "expired" }), 1_000],
    ["a refund that is asked for", facts([reversal("pending", 400)]), 600],
    ["a refund that waits for the customer", facts([reversal("requires_action", 400)]), 600],
    ["a refund that succeeded", facts([reversal("succeeded", 400)]), 600],
    ["a refund that failed", facts([reversal("failed", 400)]), 1_000],
    ["a refund that was canceled", facts([reversal("canceled", 400)]), 1_000],
    ["a refund of a status that we do not know", facts([reversal("in_orbit", 400)]), 600],
    ["two refunds", facts([reversal("succeeded", 400), reversal("pending", 100)]), 500],
    ["a dispute that is open", facts([], [reversal("needs_response", 1_000)]), 0],
    ["a dispute under review", facts([], [reversal("under_review", 1_000)]), 0],
    ["a dispute that is lost", facts([], [reversal("lost", 1_000)]), 0],
    ["a dispute that is won", facts([], [reversal("won", 1_000)]), 1_000],
    ["a dispute that a refund prevented", facts([reversal("succeeded", 1_000)], [reversal("prevented", 1_000)]), 0],
    ["a dispute that a refund of a part prevented", facts([reversal("succeeded", 400)], [reversal("prevented", 400)]), 600],
    ["an inquiry", facts([], [reversal("warning_needs_response", 1_000)]), 1_000],
    ["an inquiry that was closed", facts([], [reversal("warning_closed", 1_000)]), 1_000],
    ["a dispute of a status that we do not know", facts([], [reversal("in_orbit", 300)]), 700],
    ["a refund and a dispute that exceed the payment", facts([reversal("succeeded", 800)], [reversal("lost", 900)]), 0],
  ])("%s", (_, given, expected) => {
    expect(wantedMinor(1_000, given)).toBe(expected);
  });
});

const STATUSES = [
  "pending",
  "succeeded",
  "failed",
  "canceled",
  "requires_action",
  "won",
  "lost",
  "needs_response",
  "warning_closed",
  "new",
];
const reversals = fc.array(
  fc.record({ id: fc.uuid(), status: fc.constantFrom(...STATUSES), amountMinor: fc.nat(2_000), currency: fc.constant("USD") }),
  { maxLength: 6 },
);

describe("whatever Stripe says", () => {
  test("the wallet's share is between nothing and the payment, and an unpaid session's is nothing", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5_000 }), reversals, reversals, fc.boolean(), (amountMinor, refunds, disputes, paid) => {
        const wanted = wantedMinor(amountMinor, facts(refunds, disputes, { ...session, paymentStatus: paid ? "paid" : "unpaid" }));
        expect(wanted).toBeGreaterThanOrEqual(0);
        expect(wanted).toBeLessThanOrEqual(paid ? amountMinor : 0);
      }),
    );
  });

  test("one more refund or dispute never makes it more, and the order of them never matters", () => {
    fc.assert(
      fc.property(reversals, reversals, reversals, (refunds, more, disputes) => {
        const fewer = wantedMinor(1_000, facts(refunds, disputes));
        expect(wantedMinor(1_000, facts([...refunds, ...more], disputes))).toBeLessThanOrEqual(fewer);
        expect(wantedMinor(1_000, facts(refunds, [...disputes, ...more]))).toBeLessThanOrEqual(fewer);
        expect(wantedMinor(1_000, facts(refunds.toReversed(), disputes.toReversed()))).toBe(fewer);
      }),
    );
  });

  test("a paid top-up's state says how much of it the wallet holds", () => {
    fc.assert(
      fc.property(reversals, reversals, (refunds, disputes) => {
        const given = facts(refunds, disputes);
        const wanted = wantedMinor(1_000, given);
        expect(stateOf(1_000, given)).toBe(wanted === 1_000 ? "credited" : wanted === 0 ? "reversed" : "partially_reversed");
      }),
    );
  });
});

test.each<[string, string, string, string | null, string]>([
  ["open, nobody has tried", "open", "unpaid", null, "open"],
  ["open, a card was declined", "open", "unpaid", "requires_payment_method", "open"],
  ["complete, the bank debit is under way", "complete", "unpaid", "processing", "processing"],
  ["complete, the bank debit failed", "complete", "unpaid", "requires_payment_method", "failed"],
  ["complete, the payment was canceled", "complete", "unpaid", "canceled", "failed"],
  ["expired", "expired", "unpaid", null, "expired"],
  ["complete and paid", "complete", "paid", "succeeded", "credited"],
  ["expired by us, but paid", "expired", "paid", "succeeded", "credited"],
  ["a session status that we do not know", "paused", "unpaid", null, "open"],
])("a session that is %s leaves the top-up as it says", (_, status, paymentStatus, paymentIntentStatus, state) => {
  expect(stateOf(1_000, facts([], [], { ...session, status, paymentStatus, paymentIntentStatus }))).toBe(state);
});

const topUp: TopUp = {
  topUpId: "top_1",
  owner: "asha",
  currency: "USD",
  amountMinor: 1_000,
  v: 0,
  postedMinor: 0,
  state: "open",
  terms: {
    topUpId: "top_1",
    currency: "USD",
    amountMinor: 1_000,
    customerId: "cus_1",
    successUrl: "https://aira.example/",
    cancelUrl: "https://aira.example/",
    receiptEmail: undefined,
    expiresAtMs: 0,
    metadata: session.metadata,
  },
  sessionId: "cs_1",
  url: undefined,
  credit: undefined,
  last: undefined,
  seen: {},
  createdAt: "2026-01-31T10:00:00.000Z",
  updatedAt: "2026-01-31T10:00:00.000Z",
};
const ours = { topUpId: "top_1", owner: "asha" };

describe("a session that differs from the top-up it names", () => {
  test.each<[string, TopUp, Facts, typeof ours | { topUpId: string; owner: undefined }, string | undefined]>([
    ["does not", topUp, facts(), ours, undefined],
    ["is not bound yet", { ...topUp, sessionId: undefined }, facts(), ours, undefined],
    ["another session", { ...topUp, sessionId: "cs_2" }, facts(), ours, "session"],
    ["another owner", topUp, facts(), { ...ours, owner: "mallory" }, "owner"],
    ["no owner", topUp, facts(), { topUpId: "top_1", owner: undefined }, "owner"],
    ["another top-up", topUp, facts(), { ...ours, topUpId: "top_2" }, "reference"],
    ["another reference", topUp, facts([], [], { ...session, clientReferenceId: "top_2" }), ours, "reference"],
    ["no reference", topUp, facts([], [], { ...session, clientReferenceId: null }), ours, "reference"],
    ["another currency", topUp, facts([], [], { ...session, currency: "EUR" }), ours, "currency"],
    ["a cent less", topUp, facts([], [], { ...session, amountMinor: 999 }), ours, "amount"],
    ["a cent more", topUp, facts([], [], { ...session, amountMinor: 1_001 }), ours, "amount"],
    ["no amount", topUp, facts([], [], { ...session, amountMinor: null }), ours, "amount"],
    ["a refund in another currency", topUp, facts([{ ...reversal("succeeded", 10), currency: "EUR" }]), ours, "reversal_currency"],
  ])("%s", (_, stored, given, attribution, mismatch) => {
    expect(mismatchOf(stored, given, attribution)).toBe(mismatch);
  });
});

test("an object is ours by app, stage and top-up", () => {
  expect(attributionOf(metadataOf("test", "top_1", "asha"), "test")).toEqual(ours);
  for (const metadata of [
    null,
    undefined,
    {},
    { ...session.metadata, app: "other" },
    { ...session.metadata, stage: "prod" },
    { ...session.metadata, top_up_id: "" },
  ])
    expect(attributionOf(metadata, "test")).toBeUndefined();
});

test("only unpaid means that no money came", () => {
  expect(["paid", "no_payment_required", "anything"].map((paymentStatus) => isPaid({ paymentStatus }))).toEqual([true, true, true]);
  expect(isPaid({ paymentStatus: "unpaid" })).toBe(false);
});

test("the statement says why the share changed", () => {
  const credit = { entryKey: "ENTRY#1", fingerprint: "f", at: "" };
  const credited = { ...topUp, credit };
  const refund = reversal("succeeded", 400);
  const lost = reversal("lost", 600);
  expect(describeChange(topUp, facts(), 1_000)).toBe("Top-up");
  expect(describeChange(credited, facts([refund]), -400)).toBe("Refund of a top-up");
  expect(describeChange(credited, facts([], [lost]), -600)).toBe("Dispute of a top-up");
  expect(describeChange(credited, facts([refund], [lost]), -1_000)).toBe("Refund and dispute of a top-up");
  // The refund was known before: only the dispute is news.
  expect(describeChange({ ...credited, seen: { [refund.id]: seenAs(refund) } }, facts([refund], [lost]), -600)).toBe("Dispute of a top-up");
  // The dispute was known before, or takes nothing: only the refund is news.
  expect(describeChange({ ...credited, seen: { [lost.id]: seenAs(lost) } }, facts([refund], [lost]), -400)).toBe("Refund of a top-up");
  expect(describeChange(credited, facts([refund], [reversal("won", 600)]), -400)).toBe("Refund of a top-up");
  expect(describeChange(credited, facts([reversal("failed", 400)], [lost]), 400)).toBe("Top-up reinstated");
  expect(describeChange(credited, facts([], [reversal("won", 600)]), 600)).toBe("Top-up reinstated: dispute won");
  expect(describeChange(credited, facts([reversal("failed", 400)]), 400)).toBe("Top-up reinstated");
});
