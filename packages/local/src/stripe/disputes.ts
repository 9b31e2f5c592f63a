import { book } from "./balance.ts";
import { noSuch, ParameterFault, refusal } from "./fault.ts";
import type { Dispute } from "./objects.ts";
import { type PaymentReference, paidCharge } from "./payments.ts";
import { replace, type Store } from "./store.ts";

const DISPUTE_FEE_MINOR = 1500;
const RESPONSE_DAYS = 7;

export interface DisputeOptions {
  /** Default: the whole charge. */
  readonly amountMinor?: number;
  /** A question by the customer's bank before a chargeback. It moves no money. */
  readonly inquiry?: boolean;
  readonly reason?: string;
}

const NO_EVIDENCE: Dispute["evidence"] = {
  access_activity_log: null,
  billing_address: null,
  cancellation_policy: null,
  cancellation_policy_disclosure: null,
  cancellation_rebuttal: null,
  customer_communication: null,
  customer_email_address: null,
  customer_name: null,
  customer_purchase_ip: null,
  customer_signature: null,
  duplicate_charge_documentation: null,
  duplicate_charge_explanation: null,
  duplicate_charge_id: null,
  enhanced_evidence: {},
  product_description: null,
  receipt: null,
  refund_policy: null,
  refund_policy_disclosure: null,
  refund_refusal_explanation: null,
  service_date: null,
  service_documentation: null,
  shipping_address: null,
  shipping_carrier: null,
  shipping_date: null,
  shipping_documentation: null,
  shipping_tracking_number: null,
  uncategorized_file: null,
  uncategorized_text: null,
};

/** Money out (opened, a chargeback) or back in (won). The fee is Stripe's to keep. */
const adjust = (store: Store, dispute: Dispute, direction: "withdrawn" | "reinstated") =>
  book(store, {
    type: "adjustment",
    reportingCategory: direction === "withdrawn" ? "dispute" : "dispute_reversal",
    amountMinor: direction === "withdrawn" ? -dispute.amount : dispute.amount,
    feeMinor: direction === "withdrawn" ? DISPUTE_FEE_MINOR : 0,
    currency: dispute.currency,
    source: dispute.id,
    description: `Chargeback ${direction === "withdrawn" ? "withdrawal" : "reversal"} for ${dispute.charge}`,
  });

const withdraw = (store: Store, dispute: Dispute): Dispute =>
  replace(store.disputes, dispute, {
    balance_transactions: [...dispute.balance_transactions, adjust(store, dispute, "withdrawn")],
    is_charge_refundable: false,
  });

/** The customer disputes a payment. A chargeback takes the money at once, before anybody has won or lost. */
export function openDispute(store: Store, reference: PaymentReference, options: DisputeOptions = {}): Dispute {
  const charge = paidCharge(store, reference);
  const amountMinor = options.amountMinor ?? charge.amount;
  if (!Number.isInteger(amountMinor) || amountMinor < 1 || amountMinor > charge.amount)
    throw new ParameterFault(
      "amount",
      undefined,
      `The amount of a dispute must be between 1 and the charge's amount, ${charge.amount} minor units.`,
    );
  const inquiry = options.inquiry ?? false;
  const now = store.now();
  const opened: Dispute = {
    id: store.newId("du_"),
    object: "dispute",
    amount: amountMinor,
    balance_transactions: [],
    charge: charge.id,
    created: now,
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: NO_EVIDENCE,
    evidence_details: {
      due_by: now + RESPONSE_DAYS * 24 * 60 * 60,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: "not_submitted",
    },
    intended_submission_method: null,
    is_charge_refundable: inquiry,
    livemode: false,
    metadata: {},
    payment_intent: charge.payment_intent,
    reason: options.reason ?? "fraudulent",
    status: inquiry ? "warning_needs_response" : "needs_response",
  };
  store.disputes.set(opened.id, opened);
  replace(store.charges, charge, { disputed: true });
  if (inquiry) {
    store.emit("charge.dispute.created", opened);
    return opened;
  }
  const dispute = withdraw(store, opened);
  store.emit("charge.dispute.created", dispute);
  store.emit("charge.dispute.funds_withdrawn", dispute);
  return dispute;
}

function disputeOf(store: Store, id: string, allowed: readonly string[], doing: string): Dispute {
  const dispute = store.disputes.get(id);
  if (!dispute) throw noSuch("dispute", id);
  if (!allowed.includes(dispute.status))
    throw refusal(undefined, `Dispute ${id} has a status of '${dispute.status}' and cannot be ${doing}.`);
  return dispute;
}

const CHARGEBACK = ["needs_response", "under_review"];
const INQUIRY = ["warning_needs_response", "warning_under_review"];

/** Evidence goes to the bank, which now decides. */
export function submitEvidence(store: Store, id: string): Dispute {
  const dispute = disputeOf(store, id, ["needs_response", "warning_needs_response"], "answered");
  const answered = replace(store.disputes, dispute, {
    evidence_details: { ...dispute.evidence_details, has_evidence: true, submission_count: 1, submission_method: "manual" },
    status: dispute.status === "needs_response" ? "under_review" : "warning_under_review",
  });
  store.emit("charge.dispute.updated", answered);
  return answered;
}

/** An inquiry becomes a chargeback: from now on it moves money. */
export function escalateInquiry(store: Store, id: string): Dispute {
  const inquiry = disputeOf(store, id, INQUIRY, "escalated");
  const dispute = withdraw(store, replace(store.disputes, inquiry, { status: "needs_response" }));
  store.emit("charge.dispute.updated", dispute);
  store.emit("charge.dispute.funds_withdrawn", dispute);
  return dispute;
}

/** The bank decides for the account: the money comes back. */
export function winDispute(store: Store, id: string): Dispute {
  const dispute = disputeOf(store, id, CHARGEBACK, "won");
  const won = replace(store.disputes, dispute, {
    balance_transactions: [...dispute.balance_transactions, adjust(store, dispute, "reinstated")],
    is_charge_refundable: true,
    status: "won",
  });
  store.emit("charge.dispute.funds_reinstated", won);
  store.emit("charge.dispute.closed", won);
  return won;
}

/** The bank decides for the customer. The money was withdrawn when the dispute opened; nothing moves now. */
export function loseDispute(store: Store, id: string): Dispute {
  const lost = replace(store.disputes, disputeOf(store, id, CHARGEBACK, "lost"), { status: "lost" });
  store.emit("charge.dispute.closed", lost);
  return lost;
}

/** An inquiry ends without a chargeback. */
export function closeInquiry(store: Store, id: string): Dispute {
  const closed = replace(store.disputes, disputeOf(store, id, INQUIRY, "closed as an inquiry"), { status: "warning_closed" });
  store.emit("charge.dispute.closed", closed);
  return closed;
}
