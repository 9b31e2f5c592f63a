import { book } from "./balance.ts";
import { formatAmount } from "./currencies.ts";
import { noSuch, ParameterFault, refusal } from "./fault.ts";
import type { Charge, Refund } from "./objects.ts";
import { isBankDebit, type PaymentReference, paidCharge } from "./payments.ts";
import { replace, type Store } from "./store.ts";

export interface RefundOptions {
  /** Default: all that is left. */
  readonly amountMinor?: number;
  readonly reason?: "duplicate" | "fraudulent" | "requested_by_customer";
  readonly metadata?: Record<string, string>;
  readonly instructionsEmail?: string;
  /** Default: `succeeded` for a card, `pending` for a bank debit. */
  readonly status?: "succeeded" | "pending" | "requires_action";
}

const OPEN_DISPUTES = new Set(["needs_response", "under_review", "lost"]);

function assertRefundable(store: Store, charge: Charge, amountMinor: number): void {
  for (const dispute of store.disputes.values())
    if (dispute.charge === charge.id && OPEN_DISPUTES.has(dispute.status))
      throw refusal("charge_disputed", `Charge ${charge.id} has been charged back; cannot issue a refund.`);
  const leftMinor = charge.amount - charge.amount_refunded;
  if (leftMinor === 0) throw refusal("charge_already_refunded", `Charge ${charge.id} has already been refunded.`);
  if (amountMinor > leftMinor)
    throw refusal(
      undefined,
      `Refund amount (${formatAmount(charge.currency, amountMinor)}) is greater than unrefunded amount on charge (${formatAmount(charge.currency, leftMinor)})`,
      "amount",
    );
}

/** Takes the refund's money out of the balance. A refund that still needs the customer's action has moved none. */
function bookRefund(store: Store, refund: Refund, charge: Charge): string {
  return book(store, {
    type: isBankDebit(charge) ? "payment_refund" : "refund",
    reportingCategory: "refund",
    amountMinor: -refund.amount,
    currency: refund.currency,
    source: refund.id,
    description: "REFUND FOR CHARGE",
  }).id;
}

/** Changes the charge's cumulative `amount_refunded`. */
function shiftRefunded(store: Store, charge: Charge, byMinor: number): Charge {
  const amountRefunded = charge.amount_refunded + byMinor;
  return replace(store.charges, charge, { amount_refunded: amountRefunded, refunded: amountRefunded === charge.amount });
}

/** Refunds a payment, whole or in part. Throws Stripe's refusals: already refunded, more than is left, charged back. */
export function createRefund(store: Store, reference: PaymentReference, options: RefundOptions = {}): Refund {
  const charge = paidCharge(store, reference);
  const amountMinor = options.amountMinor ?? charge.amount - charge.amount_refunded;
  assertRefundable(store, charge, amountMinor);
  if (!Number.isInteger(amountMinor) || amountMinor < 1)
    throw new ParameterFault(
      "amount",
      "parameter_invalid_integer",
      "The amount of a refund must be a whole number of minor units, at least 1.",
    );
  const status = options.status ?? (isBankDebit(charge) ? "pending" : "succeeded");
  const fresh: Refund = {
    id: store.newId(isBankDebit(charge) ? "pyr_" : "re_"),
    object: "refund",
    amount: amountMinor,
    balance_transaction: null,
    charge: charge.id,
    created: store.now(),
    currency: charge.currency,
    customer: charge.customer,
    customer_account: null,
    ...(options.instructionsEmail !== undefined && { instructions_email: options.instructionsEmail }),
    metadata: options.metadata ?? {},
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    ...(status === "pending" && { pending_reason: "processing" as const }),
    reason: options.reason ?? null,
    receipt_number: null,
    source_transfer_reversal: null,
    status,
    transfer_reversal: null,
  };
  const refund: Refund = status === "requires_action" ? fresh : { ...fresh, balance_transaction: bookRefund(store, fresh, charge) };
  store.refunds.set(refund.id, refund);
  const refunded = shiftRefunded(store, charge, amountMinor);
  store.emit("refund.created", refund);
  store.emit("charge.refunded", refunded);
  return refund;
}

export function refundOf(store: Store, id: string): Refund {
  const refund = store.refunds.get(id);
  if (!refund) throw noSuch("refund", id);
  return refund;
}

function assertStatus(refund: Refund, allowed: readonly string[], doing: string): void {
  if (!allowed.includes(refund.status ?? ""))
    throw refusal(undefined, `Refund ${refund.id} has a status of '${refund.status}' and cannot be ${doing}.`);
}

/** A pending refund reaches the customer. */
export function succeedRefund(store: Store, id: string): Refund {
  const { pending_reason: _, ...refund } = refundOf(store, id);
  assertStatus(refund, ["pending", "requires_action"], "completed");
  const transaction = refund.balance_transaction ?? bookRefund(store, refund, store.charges.get(refund.charge!)!);
  const done: Refund = { ...refund, status: "succeeded", balance_transaction: transaction };
  store.refunds.set(id, done);
  store.emit("refund.updated", done);
  return done;
}

/** A refund fails, also one that had succeeded: the money is back, and the charge counts as less refunded. */
export function failRefund(store: Store, id: string): Refund {
  const { pending_reason: _, ...refund } = refundOf(store, id);
  assertStatus(refund, ["pending", "succeeded", "requires_action"], "failed");
  shiftRefunded(store, store.charges.get(refund.charge!)!, -refund.amount);
  const moved = refund.balance_transaction !== null;
  const failed: Refund = {
    ...refund,
    status: "failed",
    failure_reason: "expired_or_canceled_card",
    ...(moved && {
      failure_balance_transaction: book(store, {
        type: "refund_failure",
        reportingCategory: "refund_failure",
        amountMinor: refund.amount,
        currency: refund.currency,
        source: refund.id,
        description: "REFUND FAILURE",
      }).id,
    }),
  };
  store.refunds.set(id, failed);
  store.emit("refund.updated", failed);
  store.emit("refund.failed", failed);
  return failed;
}

/** Cancels a refund that still waits for the customer's action; Stripe cancels no others. */
export function cancelRefund(store: Store, id: string): Refund {
  const refund = refundOf(store, id);
  assertStatus(refund, ["requires_action"], "canceled");
  shiftRefunded(store, store.charges.get(refund.charge!)!, -refund.amount);
  const canceled = replace(store.refunds, refund, { status: "canceled" });
  store.emit("refund.updated", canceled);
  return canceled;
}
