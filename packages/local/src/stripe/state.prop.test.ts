import fc from "fast-check";
import { expect, test } from "vitest";
import { StripeFault } from "./fault.ts";
import { parseParameters } from "./parameters.ts";
import { createStripeState, type StripeState } from "./state.ts";

const OPERATIONS = [
  "card",
  "async",
  "decline",
  "succeed",
  "fail",
  "expire",
  "refund",
  "failRefund",
  "succeedRefund",
  "cancelRefund",
  "dispute",
  "inquiry",
  "answer",
  "escalate",
  "win",
  "lose",
  "close",
  "day",
] as const;
type Operation = (typeof OPERATIONS)[number];

const open = (state: StripeState) =>
  state.createSession(
    parseParameters("createSession", {
      mode: "payment",
      success_url: "https://app.example/done",
      line_items: [{ price_data: { currency: "usd", unit_amount: "1000", product_data: { name: "Top-up" } } }],
    }),
  ).id;

function run(state: StripeState, operation: Operation, session: string, amountMinor: number, pass: () => void): void {
  const refund = [...state.store.refunds.keys()].at(amountMinor % 3) ?? "re_none";
  const dispute = [...state.store.disputes.keys()].at(amountMinor % 3) ?? "du_none";
  switch (operation) {
    case "card":
    case "async":
      return void state.pay(session, operation);
    case "decline":
      return void state.decline(session);
    case "succeed":
    case "fail":
      return void state.settleAsync(session, operation);
    case "expire":
      return void state.expire(session);
    case "refund":
      return void state.refund(
        { session },
        { amountMinor, status: (["succeeded", "pending", "requires_action"] as const)[amountMinor % 3]! },
      );
    case "failRefund":
      return void state.failRefund(refund);
    case "succeedRefund":
      return void state.succeedRefund(refund);
    case "cancelRefund":
      return void state.cancelRefund(refund);
    case "dispute":
    case "inquiry":
      return void state.openDispute({ session }, { amountMinor, inquiry: operation === "inquiry" });
    case "answer":
      return void state.submitEvidence(dispute);
    case "escalate":
      return void state.escalateInquiry(dispute);
    case "win":
      return void state.winDispute(dispute);
    case "lose":
      return void state.loseDispute(dispute);
    case "close":
      return void state.closeInquiry(dispute);
    case "day":
      pass();
  }
}

/** What the account holds, told from the objects alone. */
function owedMinor(state: StripeState): number {
  const charges = [...state.store.charges.values()].filter((charge) => charge.paid).reduce((sum, { amount }) => sum + amount, 0);
  const refunds = [...state.store.refunds.values()]
    .filter(({ status }) => status === "succeeded" || status === "pending")
    .reduce((sum, { amount }) => sum + amount, 0);
  const disputes = [...state.store.disputes.values()]
    .filter(({ status }) => ["needs_response", "under_review", "lost"].includes(status))
    .reduce((sum, { amount }) => sum + amount, 0);
  return charges - refunds - disputes;
}

test("whatever happens, the balance is what the objects say, and a refusal changes nothing", () => {
  const step = fc.record({
    operation: fc.constantFrom(...OPERATIONS),
    which: fc.nat(2),
    amountMinor: fc.integer({ min: 1, max: 1000 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      let nowMs = Date.UTC(2026, 0, 1);
      const state = createStripeState({ clock: () => nowMs });
      const sessions = [open(state), open(state), open(state)];
      for (const { operation, which, amountMinor } of steps) {
        const before = JSON.stringify(state.snapshot().objects);
        const pass = () => {
          nowMs += 24 * 3600_000;
          state.advance();
        };
        try {
          run(state, operation, sessions[which]!, amountMinor, pass);
        } catch (error) {
          if (!(error instanceof StripeFault)) throw error;
          expect(JSON.stringify(state.snapshot().objects)).toBe(before);
        }
        const balanceMinor = [...state.store.balanceTransactions.values()].reduce((sum, { amount }) => sum + amount, 0);
        expect(balanceMinor).toBe(owedMinor(state));
        for (const charge of state.store.charges.values()) {
          const refundedMinor = [...state.store.refunds.values()]
            .filter((refund) => refund.charge === charge.id && refund.status !== "failed" && refund.status !== "canceled")
            .reduce((sum, { amount }) => sum + amount, 0);
          expect(charge.amount_refunded).toBe(refundedMinor);
          expect(refundedMinor).toBeLessThanOrEqual(charge.amount);
        }
      }
    }),
    { numRuns: 300 },
  );
});
