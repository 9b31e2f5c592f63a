import type Stripe from "stripe";

/** The one API version whose shapes the sandbox speaks: the one that the installed SDK pins. */
export const API_VERSION = "2026-10-28.endive";

/** An object as it is stored: references are ids, never expanded objects. Objects are replaced, never changed, so an event may hold one for ever. */
type Stored<T, References extends keyof T> = Readonly<
  Omit<T, References> & { [Key in References]: Extract<T[Key], string> | (null extends T[Key] ? null : never) }
>;

export type Customer = Readonly<Stripe.Customer>;
export type LineItem = Readonly<Stripe.LineItem>;
export type Session = Stored<Stripe.Checkout.Session, "customer" | "payment_intent">;
export type PaymentIntent = Stored<Stripe.PaymentIntent, "customer" | "latest_charge">;
export type Charge = Stored<Stripe.Charge, "customer" | "payment_intent" | "balance_transaction" | "failure_balance_transaction">;
export type BalanceTransaction = Stored<Stripe.BalanceTransaction, "source">;
export type Refund = Stored<
  Omit<Stripe.Refund, "failure_balance_transaction">,
  "charge" | "payment_intent" | "balance_transaction" | "customer"
> & { readonly failure_balance_transaction?: string };
export type Dispute = Stored<Omit<Stripe.Dispute, "balance_transactions">, "charge" | "payment_intent"> & {
  readonly balance_transactions: readonly BalanceTransaction[];
};

export type StripeObject = Customer | Session | PaymentIntent | Charge | BalanceTransaction | Refund | Dispute;

/** The events that the sandbox emits: those that Stripe emits for one-off payments by Checkout. */
export type EventType =
  | "customer.created"
  | "checkout.session.completed"
  | "checkout.session.async_payment_succeeded"
  | "checkout.session.async_payment_failed"
  | "checkout.session.expired"
  | "payment_intent.created"
  | "payment_intent.processing"
  | "payment_intent.succeeded"
  | "payment_intent.payment_failed"
  | "payment_intent.canceled"
  | "charge.pending"
  | "charge.succeeded"
  | "charge.failed"
  | "charge.refunded"
  | "refund.created"
  | "refund.updated"
  | "refund.failed"
  | "charge.dispute.created"
  | "charge.dispute.updated"
  | "charge.dispute.closed"
  | "charge.dispute.funds_withdrawn"
  | "charge.dispute.funds_reinstated";

/** An Event object. `data.object` is the object as of that moment, not as it is now. */
export interface SandboxEvent {
  readonly id: string;
  readonly object: "event";
  readonly api_version: typeof API_VERSION;
  readonly created: number;
  readonly data: { readonly object: StripeObject };
  readonly livemode: false;
  readonly pending_webhooks: number;
  readonly request: { readonly id: string | null; readonly idempotency_key: string | null };
  readonly type: EventType;
}
