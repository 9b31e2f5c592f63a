import { reconcileDays } from "@aira/core/audit";
import { count } from "../edge/metrics.ts";
import { schedule } from "../edge/schedule.ts";
import { paymentPorts } from "../edge/services.ts";

/** Compares Stripe's balance transactions with the ledger, and counts the differences that stand. The count is written when it is zero too, so that an alarm can end. */
export const handler = schedule("reconcilePayments", async ({ stopAt, log }) => {
  const ports = await paymentPorts();
  const { reports, complete } = await reconcileDays(ports, { stop: () => ports.clock() >= stopAt });
  const differing = reports.filter(({ differenceCount }) => differenceCount > 0);
  for (const { day, differences } of differing)
    for (const { topUpId, reason, currency, atStripeMinor, inLedgerMinor } of differences)
      log.warn("reconciliation difference", { day, topUpId, reason, currency, atStripeMinor, inLedgerMinor });
  const differences = differing.reduce((sum, { differenceCount }) => sum + differenceCount, 0);
  count("ReconciliationDifferences", differences);
  return { days: reports.length, differences, complete };
});
