import * as z from "zod/mini";
import { Currency, SignedMinor } from "../money.ts";
import type { Operation } from "../operation.ts";
import { EntryKind } from "../wallet.ts";
import { days } from "./days.ts";
import { operator } from "./group.ts";

const KindTotal = z.object({ entries: z.int(), amountMinor: SignedMinor, heldMinor: SignedMinor });

/** What all wallets together did on one finished day. */
export const DayTotals = z.object({
  day: z.iso.date(),
  /** Changes of the balances, by currency and kind of entry. */
  byKind: z.partialRecord(Currency, z.partialRecord(EntryKind, KindTotal)),
  entries: z.int(),
  /** Wallets with an entry on the day. */
  activeWallets: z.int(),
  /** Wallets with an entry on the day or before. */
  wallets: z.int(),
  /** What all wallets held at the end of the day. */
  closing: z.partialRecord(Currency, z.object({ availableMinor: SignedMinor, heldMinor: SignedMinor })),
  /** Whether the day before and this day's entries add up to `closing`. If not, the ledger's past has changed. */
  carries: z.boolean(),
});

export const TotalsOutput = z.object({ days: z.array(DayTotals) });

const ReconciledCurrency = z.object({
  grossMinor: SignedMinor,
  refundedMinor: SignedMinor,
  disputedMinor: SignedMinor,
  feesMinor: SignedMinor,
  foreignMinor: SignedMinor,
  creditedMinor: SignedMinor,
  reinstatedMinor: SignedMinor,
  clawedBackMinor: SignedMinor,
  /** Stripe's side less the ledger's, for top-ups over which both agree by now. */
  explainedMinor: SignedMinor,
  /** The same for top-ups that differ. */
  differingMinor: SignedMinor,
});

/** A top-up over which Stripe and the ledger differ. */
export const Difference = z.object({
  topUpId: z.string(),
  reason: z.string(),
  currency: z.string(),
  atStripeMinor: SignedMinor,
  inLedgerMinor: SignedMinor,
  paymentIntentIds: z.array(z.string()),
  quarantineIds: z.array(z.string()),
  failedTries: z.int(),
});

/** One day at Stripe against the same day in the ledger. */
export const Reconciliation = z.object({
  day: z.iso.date(),
  /** When it was made. */
  at: z.iso.datetime(),
  currencies: z.record(z.string(), ReconciledCurrency),
  transactions: z.int(),
  foreign: z.int(),
  topUps: z.int(),
  differenceCount: z.int(),
  differences: z.array(Difference),
});

export const ReconciliationsOutput = z.object({ days: z.array(Reconciliation) });

export const listTotals = {
  ...operator,
  method: "GET",
  path: "/api/operator/totals",
  summary: "What all wallets did, by day and currency",
  description: "Finished days in UTC, oldest first. A day that was not counted yet is absent.",
  query: days(366),
  output: TotalsOutput,
  status: 200,
  errors: [],
} as const satisfies Operation;

export const listReconciliations = {
  ...operator,
  method: "GET",
  path: "/api/operator/reconciliations",
  summary: "The ledger against Stripe's balance, by day",
  description:
    "Oldest first. A day that was not reconciled yet is absent. One answer lists at most 500 differences, those of the first days: `differenceCount` tells how many a day has, and a day asked for alone lists its own.",
  query: days(31),
  output: ReconciliationsOutput,
  status: 200,
  errors: [],
} as const satisfies Operation;
