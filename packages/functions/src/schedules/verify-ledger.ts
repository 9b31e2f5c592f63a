import { verifyLedger } from "@aira/core/audit";
import { count } from "../edge/metrics.ts";
import { schedule } from "../edge/schedule.ts";
import { ledgerPorts } from "../edge/services.ts";

/**
 * Verifies the ledger's wallets and writes each verified head into the log, where a writer of the table cannot reach it. The count of
 * violations is written when it is zero too, so that an alarm can end.
 */
export const handler = schedule("verifyLedger", async ({ stopAt, log }) => {
  const report = { wallets: 0, full: 0, entries: 0, violations: 0 };
  const run = verifyLedger(ledgerPorts(), stopAt);
  try {
    for (;;) {
      const { done, value } = await run.next();
      if (done) return { ...report, complete: value.complete };
      report.wallets++;
      report.full += value.full ? 1 : 0;
      report.entries += value.entries;
      report.violations += value.violations.length;
      const { ownerHash, anchor, anchorIsNews } = value;
      for (const { seq, broken } of value.violations) log.error("ledger violation", { ownerHash, seq, broken });
      if (anchor && anchorIsNews) log.info("ledger anchor", { ...anchor });
    }
  } finally {
    count("LedgerViolations", report.violations);
  }
});
