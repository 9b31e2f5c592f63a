import type { RunFinding } from "@aira/contract";
import type { NumberDifference, NumberReconciliation } from "../../numbers/index.ts";
import type { ReconciliationReport } from "../reconciliation.ts";
import type { VerifiedWallet } from "../verification.ts";
import type { RunBook } from "./run-book.ts";

/** What the verification of one wallet came to. */
export function noteWallet(book: RunBook, { owner, entries, full, violations }: VerifiedWallet): void {
  book.add({ wallets: 1, fullWallets: full ? 1 : 0, entries, violations: violations.length });
  for (const { seq, broken } of violations) book.find({ type: "violation", owner, seq, broken });
}

/** How the ledger and Stripe stand now, by the reports of all days that were looked at. */
export function noteReports(book: RunBook, reports: readonly ReconciliationReport[]): void {
  const sum = (of: (report: ReconciliationReport) => number) => reports.reduce((total, report) => total + of(report), 0);
  const differences = sum(({ differenceCount }) => differenceCount);
  book.set({ days: reports.length, topUps: sum(({ topUps }) => topUps), differences });
  const findings = reports.flatMap(({ day, differences: some }) =>
    some.map(({ topUpId, reason, currency, atStripeMinor, inLedgerMinor }): RunFinding => {
      return { type: "payment_difference", day, topUpId, reason, currency, atStripeMinor, inLedgerMinor };
    }),
  );
  book.findOnly(findings, differences);
}

/** How our numbers and the provider's list differ. */
export function noteNumbers(book: RunBook, { provided, held, foreign, differences }: Omit<NumberReconciliation, "balance">): void {
  const of = (kind: NumberDifference["kind"]) => differences.filter((difference) => difference.kind === kind).length;
  book.set({ provided, held, foreign, orphaned: of("orphan"), missing: of("missing"), webhooks: of("webhooks") });
  // What the run has put right needs nobody any more.
  const open = differences.filter(({ mended }) => !mended);
  const findings = open.map(
    ({ kind, phoneNumber, sid }): RunFinding => ({ type: "number_difference", kind, phoneNumber, sid: sid ?? null }),
  );
  book.findOnly(findings, open.length);
}
