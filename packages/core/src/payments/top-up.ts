import type { Currency, TopUpState } from "@aira/contract";
import type { Mark } from "../ledger/index.ts";
import { APP } from "./ports.ts";
import type { ReversalSnapshot, SessionSnapshot, SessionTerms } from "./provider.ts";

/** A customer's intent to fund a wallet, and how much of it the wallet holds. */
export interface TopUp {
  readonly topUpId: string;
  readonly owner: string;
  readonly currency: Currency;
  readonly amountMinor: number;
  /** Moves with every settlement, also when no money moves: a decision made on an older one can't be posted. */
  readonly v: number;
  /** What the wallet holds of it. */
  readonly postedMinor: number;
  readonly state: TopUpState;
  readonly terms: SessionTerms;
  readonly sessionId: string | undefined;
  readonly url: string | undefined;
  /** The credit, once there was one. */
  readonly credit: Mark | undefined;
  /** The newest post. */
  readonly last: Mark | undefined;
  /** Refunds and disputes as of the last settlement, by id. */
  readonly seen: Readonly<Record<string, string>>;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** What our metadata at Stripe says. */
export interface Attribution {
  readonly topUpId: string;
  readonly owner: string | undefined;
}

export const metadataOf = (stage: string, topUpId: string, owner: string): Record<string, string> => ({
  app: APP,
  stage,
  top_up_id: topUpId,
  owner,
});

/** Whose object is it? Undefined: not of this app and stage. */
export function attributionOf(metadata: Readonly<Record<string, string>> | null | undefined, stage: string): Attribution | undefined {
  if (metadata?.app !== APP || metadata.stage !== stage || !metadata.top_up_id) return undefined;
  return { topUpId: metadata.top_up_id, owner: metadata.owner };
}

/** Only `unpaid` means that no money came: Stripe's enum is open, and `no_payment_required` counts as paid. */
export const isPaid = (session: Pick<SessionSnapshot, "paymentStatus">): boolean => session.paymentStatus !== "unpaid";

/** A refund counts from the moment it is asked for until it fails. */
const refundCounts = (refund: ReversalSnapshot): boolean => refund.status !== "failed" && refund.status !== "canceled";

/**
 * A dispute withholds money while it is open and when it is lost. Inquiries (`warning_…`) move no money, a won dispute gives it
 * back, a prevented one ended in a refund. A status that we do not know is taken for an open dispute.
 */
const disputeCounts = (dispute: ReversalSnapshot): boolean =>
  !dispute.status.startsWith("warning_") && dispute.status !== "won" && dispute.status !== "prevented";

const sum = (reversals: readonly ReversalSnapshot[]): number => reversals.reduce((total, { amountMinor }) => total + amountMinor, 0);

/** Everything that Stripe says of one payment. */
export interface Facts {
  readonly session: SessionSnapshot;
  readonly refunds: readonly ReversalSnapshot[];
  readonly disputes: readonly ReversalSnapshot[];
}

/** What a wallet should hold of a payment of this amount: the settle rule. */
export function wantedMinor(amountMinor: number, { session, refunds, disputes }: Facts): number {
  if (!isPaid(session)) return 0;
  return amountMinor - Math.min(amountMinor, sum(refunds.filter(refundCounts)) + sum(disputes.filter(disputeCounts)));
}

export type Mismatch = "amount" | "currency" | "owner" | "reference" | "session" | "reversal_currency";

/** How a session differs from the top-up that it names, or undefined. A paid session that differs is never credited. */
export function mismatchOf(topUp: TopUp, { session, refunds, disputes }: Facts, attribution: Attribution): Mismatch | undefined {
  if (topUp.sessionId !== undefined && topUp.sessionId !== session.id) return "session";
  if (attribution.owner !== topUp.owner) return "owner";
  if (attribution.topUpId !== topUp.topUpId || session.clientReferenceId !== topUp.topUpId) return "reference";
  if (session.currency !== topUp.currency) return "currency";
  if (session.amountMinor !== topUp.amountMinor) return "amount";
  if ([...refunds, ...disputes].some(({ currency }) => currency !== topUp.currency)) return "reversal_currency";
  return undefined;
}

/** Where a top-up stands by Stripe's objects. */
export function stateOf(amountMinor: number, facts: Facts): TopUpState {
  const { session } = facts;
  if (isPaid(session)) {
    const wanted = wantedMinor(amountMinor, facts);
    return wanted === amountMinor ? "credited" : wanted > 0 ? "partially_reversed" : "reversed";
  }
  if (session.status === "expired") return "expired";
  if (session.status !== "complete") return "open";
  const failed = session.paymentIntentStatus === "requires_payment_method" || session.paymentIntentStatus === "canceled";
  return failed ? "failed" : "processing";
}

/** A refund or dispute as the top-up remembers it. */
export const seenAs = ({ status, amountMinor }: ReversalSnapshot): string => `${status}:${amountMinor}`;

/** Why the wallet's share of a top-up changed, for the statement. */
export function describeChange(topUp: TopUp, facts: Facts, deltaMinor: number): string {
  if (deltaMinor > 0) {
    if (!topUp.credit) return "Top-up";
    return facts.disputes.some((dispute) => dispute.status === "won") ? "Top-up reinstated: dispute won" : "Top-up reinstated";
  }
  const isNews = (reversal: ReversalSnapshot) => topUp.seen[reversal.id] !== seenAs(reversal);
  const refunded = facts.refunds.some((refund) => refundCounts(refund) && isNews(refund));
  const disputed = facts.disputes.some((dispute) => disputeCounts(dispute) && isNews(dispute));
  if (refunded && disputed) return "Refund and dispute of a top-up";
  return disputed ? "Dispute of a top-up" : "Refund of a top-up";
}
