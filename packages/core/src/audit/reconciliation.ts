import type { Entry } from "../ledger/index.ts";
import type { BalanceMovement } from "../payments/index.ts";
import type { Day } from "./day.ts";
import type { DifferenceReason, Examination } from "./examine.ts";

/** One currency of a day, in minor units. Positive numbers, but where money that came back outweighs. */
export interface ReconciledCurrency {
  /** Payments for top-ups, as the customers made them. */
  readonly grossMinor: number;
  /** Refunds, less those that failed. */
  readonly refundedMinor: number;
  /** Withheld by disputes, less what was given back. */
  readonly disputedMinor: number;
  /** Stripe's fees on all of these, in the currency that the account settles in. */
  readonly feesMinor: number;
  /** What payments of other apps and stages on the same account came to. */
  readonly foreignMinor: number;
  readonly creditedMinor: number;
  readonly reinstatedMinor: number;
  readonly clawedBackMinor: number;
  /**
   * By how much Stripe's side is above the ledger's for top-ups over which both agree now: the two sides of midnight, and money that Stripe
   * took twice (by a refund and a dispute), which no wallet pays for.
   */
  readonly explainedMinor: number;
  /** The same for the top-ups that differ. */
  readonly differingMinor: number;
}

/** A top-up over which Stripe and the ledger differ. No customer's data. */
export interface Difference {
  readonly topUpId: string;
  readonly reason: DifferenceReason;
  readonly currency: string;
  /** What Stripe has kept of its payments. */
  readonly atStripeMinor: number;
  /** What the ledger has posted for it. */
  readonly inLedgerMinor: number;
  readonly paymentIntentIds: readonly string[];
  readonly quarantineIds: readonly string[];
  /** How often a settlement of it has failed. */
  readonly failedTries: number;
}

/** One day at Stripe against the same day in the ledger. */
export interface ReconciliationReport {
  readonly day: Day;
  /** When it was made, in ISO 8601: each top-up was looked at as it stood then. */
  readonly at: string;
  readonly currencies: Readonly<Record<string, ReconciledCurrency>>;
  /** Balance transactions of ours. */
  readonly transactions: number;
  /** Balance transactions of payments that are not of this app and stage. */
  readonly foreign: number;
  /** Top-ups that moved on the day, at Stripe or in the ledger. */
  readonly topUps: number;
  readonly differenceCount: number;
  /** The first so many of them. */
  readonly differences: readonly Difference[];
}

/** Differences that a report lists: enough to see what is wrong, and far from the limit of an item. */
const MAX_LISTED = 500;

const ZERO: ReconciledCurrency = {
  grossMinor: 0,
  refundedMinor: 0,
  disputedMinor: 0,
  feesMinor: 0,
  foreignMinor: 0,
  creditedMinor: 0,
  reinstatedMinor: 0,
  clawedBackMinor: 0,
  explainedMinor: 0,
  differingMinor: 0,
};

/** What moved for one top-up on the day. */
export interface Moved {
  readonly topUpId: string;
  readonly paymentIntentIds: Set<string>;
  readonly entries: Entry[];
  /** Owners that the payments' metadata name. */
  readonly payers: Set<string>;
  /** Stripe's side less the ledger's, by currency. */
  readonly gapMinor: Map<string, number>;
}

/** Who a payment is of: a top-up of ours, or somebody else's. */
export type Payer = { readonly topUpId: string; readonly owner: string | undefined } | "foreign";

/** Collects one day from both sides. No input or output: facts are handed in, the report is asked for. */
export class DayBook {
  readonly #currencies = new Map<string, ReconciledCurrency>();
  readonly #moved = new Map<string, Moved>();
  readonly #differences: Difference[] = [];
  #transactions = 0;
  #foreign = 0;

  /** Money that moved at Stripe for a payment. */
  addMovement({ settled, cause }: BalanceMovement, paymentIntentId: string | null, payer: Payer): void {
    if (!cause) return;
    const { type, currency, amountMinor } = cause;
    if (payer === "foreign") {
      this.#foreign++;
      this.#add(currency, { foreignMinor: amountMinor });
      return;
    }
    this.#transactions++;
    this.#add(settled.currency, { feesMinor: settled.feeMinor });
    if (type === "charge") this.#add(currency, { grossMinor: amountMinor });
    else this.#add(currency, type === "refund" ? { refundedMinor: -amountMinor } : { disputedMinor: -amountMinor });
    const moved = this.#of(payer.topUpId);
    if (paymentIntentId !== null) moved.paymentIntentIds.add(paymentIntentId);
    if (payer.owner !== undefined) moved.payers.add(payer.owner);
    widen(moved, currency, amountMinor);
  }

  /** An entry of the day that names a top-up. */
  addEntry(entry: Entry): void {
    const { kind, currency, amountMinor, reference } = entry;
    if (kind === "credit") this.#add(currency, { creditedMinor: amountMinor });
    else if (kind === "reinstatement") this.#add(currency, { reinstatedMinor: amountMinor });
    else this.#add(currency, { clawedBackMinor: -amountMinor });
    const moved = this.#of(reference.id);
    moved.entries.push(entry);
    widen(moved, currency, -amountMinor);
  }

  /** Top-ups that the day alone does not explain: the sums of the two sides differ, or the money went to somebody else's wallet. */
  unexplained(): Moved[] {
    return [...this.#moved.values()].filter(
      ({ gapMinor, entries, payers }) =>
        [...gapMinor.values()].some((gap) => gap !== 0) ||
        new Set(entries.map(({ owner }) => owner)).size > 1 ||
        entries.some(({ owner }) => !payers.has(owner)),
    );
  }

  /** What a look at the top-up as it stands now came to. */
  addExamination(moved: Moved, { topUp, difference, atStripeMinor, inLedgerMinor, quarantined, deferral, payments }: Examination): void {
    for (const [currency, gap] of moved.gapMinor) this.#add(currency, difference ? { differingMinor: gap } : { explainedMinor: gap });
    if (!difference) return;
    const intents = payments.map(({ session }) => session.paymentIntentId).filter((id) => id !== null);
    this.#differences.push({
      topUpId: moved.topUpId,
      reason: difference,
      currency: topUp?.currency ?? [...moved.gapMinor.keys()][0] ?? "",
      atStripeMinor,
      inLedgerMinor,
      paymentIntentIds: [...new Set([...moved.paymentIntentIds, ...intents])],
      quarantineIds: quarantined.map(({ quarantineId }) => quarantineId),
      failedTries: deferral?.tries ?? 0,
    });
  }

  report(day: Day, at: string): ReconciliationReport {
    const byId = [...this.#differences].sort((a, b) => (a.topUpId < b.topUpId ? -1 : 1));
    return {
      day,
      at,
      currencies: Object.fromEntries([...this.#currencies].sort(([a], [b]) => (a < b ? -1 : 1))),
      transactions: this.#transactions,
      foreign: this.#foreign,
      topUps: this.#moved.size,
      differenceCount: byId.length,
      differences: byId.slice(0, MAX_LISTED),
    };
  }

  #of(topUpId: string): Moved {
    const moved = this.#moved.get(topUpId) ?? {
      topUpId,
      paymentIntentIds: new Set<string>(),
      entries: [],
      payers: new Set<string>(),
      gapMinor: new Map<string, number>(),
    };
    this.#moved.set(topUpId, moved);
    return moved;
  }

  #add(currency: string, change: Partial<ReconciledCurrency>): void {
    const sums = { ...(this.#currencies.get(currency) ?? ZERO) } as Record<keyof ReconciledCurrency, number>;
    for (const [field, amountMinor] of Object.entries(change)) sums[field as keyof ReconciledCurrency] += amountMinor;
    this.#currencies.set(currency, sums);
  }
}

function widen({ gapMinor }: Moved, currency: string, byMinor: number): void {
  gapMinor.set(currency, (gapMinor.get(currency) ?? 0) + byMinor);
}
