import { noteReports, type RunBook, reconcileDays } from "@aira/core/audit";
import type { Logger } from "../edge/logger.ts";
import { count } from "../edge/metrics.ts";
import { paymentPorts } from "../edge/services.ts";

interface Context {
  /** Epoch milliseconds: begin nothing after it. */
  readonly stopAt: number;
  readonly log: Logger;
}

/**
 * Compares Stripe's balance transactions with the ledger, day by day, and counts the differences that stand. The count is written when it
 * is zero too, so that an alarm can end.
 */
export async function auditPayments(book: RunBook, { stopAt, log }: Context) {
  const ports = await paymentPorts();
  const { reports, complete } = await reconcileDays(ports, {
    stop: () => ports.clock() >= stopAt,
    progress: () => book.beat(),
    kept: () => {
      book.add({ reconciled: 1 });
      return book.step();
    },
  });
  const differing = reports.filter(({ differenceCount }) => differenceCount > 0);
  for (const { day, differences } of differing)
    for (const { topUpId, reason, currency, atStripeMinor, inLedgerMinor } of differences)
      log.warn("reconciliation difference", { day, topUpId, reason, currency, atStripeMinor, inLedgerMinor });
  const differences = differing.reduce((sum, { differenceCount }) => sum + differenceCount, 0);
  count("ReconciliationDifferences", differences);
  noteReports(book, reports);
  return { days: reports.length, differences, complete };
}
