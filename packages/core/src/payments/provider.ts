import type { Currency } from "@aira/contract";

/** A Checkout Session as it stands now. Enums are the provider's and open: unknown values must be expected. */
export interface SessionSnapshot {
  readonly id: string;
  /** `open`, `complete`, `expired`. */
  readonly status: string;
  /** `unpaid`, `paid`, `no_payment_required`. */
  readonly paymentStatus: string;
  readonly amountMinor: number | null;
  /** ISO 4217 in upper case. */
  readonly currency: string | null;
  readonly clientReferenceId: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly paymentIntentId: string | null;
  /** `processing`, `succeeded`, `requires_payment_method`, `canceled`, …; null before the customer tried. */
  readonly paymentIntentStatus: string | null;
  /** The page to pay on, while it is open. */
  readonly url: string | null;
}

/** Money on its way back, or withheld: a refund or a dispute. */
export interface ReversalSnapshot {
  readonly id: string;
  readonly status: string;
  readonly amountMinor: number;
  /** ISO 4217 in upper case. */
  readonly currency: string;
}

/** Everything that a new session is made of. Stored before the call, since a repeat must send the very same. */
export interface SessionTerms {
  readonly topUpId: string;
  readonly currency: Currency;
  readonly amountMinor: number;
  readonly customerId: string;
  readonly successUrl: string;
  readonly cancelUrl: string;
  readonly receiptEmail: string | undefined;
  readonly expiresAtMs: number;
  /** Goes to the session and to its payment intent: refunds and disputes know only the latter. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** What the sweep walks. Balance transactions are created when money moves, however old the session is. */
export const WALKED = ["sessions", "refunds", "disputes", "balance_transactions"] as const;
export type Walked = (typeof WALKED)[number];

/** Money that moved on the account's balance at Stripe. */
export interface BalanceMovement {
  /** In the currency that the account settles in: what it gained before the fee, signed, and the fee. */
  readonly settled: { readonly currency: string; readonly amountMinor: number; readonly feeMinor: number };
  /** What moved it, with its signed amount as the customer knows it; undefined: a payout, a fee or the like. */
  readonly cause:
    | { readonly type: "charge" | "refund" | "dispute"; readonly id: string; readonly amountMinor: number; readonly currency: string }
    | undefined;
  /** Of a charge: Stripe copies its payment intent's. */
  readonly metadata: Readonly<Record<string, string>> | undefined;
}

/** One object on the sweep's way, with what it takes to tell whether it is news. */
export interface Sighting {
  /** Id of the walked object, for resuming behind it. */
  readonly id: string;
  readonly session: SessionSnapshot | undefined;
  /** The refund or dispute that it is or stands for. */
  readonly reversal: ReversalSnapshot | undefined;
  readonly paymentIntentId: string | null;
  /** Of a balance transaction. */
  readonly movement: BalanceMovement | undefined;
}

export interface SightingPage {
  readonly sightings: readonly Sighting[];
  /** Hand it back as `after`; undefined at the end. */
  readonly next: string | undefined;
}

/**
 * The port to Stripe. Reads throw `payment_provider.unavailable` (try again later) or `payment_provider.refused` (not before
 * somebody mends the cause); creations also `outcome.unknown`, when the call may have been carried out.
 */
export interface PaymentProvider {
  /** `live`, `test` or `sandbox`: objects of one realm mean nothing in another. */
  readonly realm: string;
  readonly live: boolean;
  createCustomer(
    customer: { readonly owner: string; readonly metadata: Readonly<Record<string, string>> },
    idempotencyKey: string,
  ): Promise<string>;
  createSession(terms: SessionTerms, idempotencyKey: string): Promise<SessionSnapshot>;
  expireSession(sessionId: string): Promise<void>;
  getSession(sessionId: string): Promise<SessionSnapshot>;
  /** The session that a payment intent belongs to; undefined when it was not made by Checkout. */
  findSession(paymentIntentId: string): Promise<SessionSnapshot | undefined>;
  listRefunds(paymentIntentId: string): Promise<ReversalSnapshot[]>;
  listDisputes(paymentIntentId: string): Promise<ReversalSnapshot[]>;
  getPaymentMetadata(paymentIntentId: string): Promise<Readonly<Record<string, string>>>;
  /** Objects created in a span of time (epoch seconds, both ends included), newest first, a page at a time. */
  walk(kind: Walked, span: { readonly from: number; readonly to: number }, after: string | undefined): Promise<SightingPage>;
}
