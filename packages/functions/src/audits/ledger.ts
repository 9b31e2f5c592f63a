import { noteWallet, type RunBook, type VerifiedWallet } from "@aira/core/audit";
import type { Logger } from "../edge/logger.ts";
import { count } from "../edge/metrics.ts";

/**
 * What a verification tells, whoever started it: each verified head in the log, where a writer of the table cannot reach it, each violation
 * as an error, and the count of them, which `end` writes when it is zero too, so that an alarm can end.
 */
export function ledgerFindings(book: RunBook, log: Logger) {
  const report = { wallets: 0, full: 0, entries: 0, violations: 0 };
  return {
    report,
    note(wallet: VerifiedWallet): void {
      const { ownerHash, full, entries, violations, anchor, anchorIsNews } = wallet;
      report.wallets++;
      report.full += full ? 1 : 0;
      report.entries += entries;
      report.violations += violations.length;
      for (const { seq, broken } of violations) log.error("ledger violation", { ownerHash, seq, broken });
      if (anchor && anchorIsNews) log.info("ledger anchor", { ...anchor });
      noteWallet(book, wallet);
    },
    end: () => count("LedgerViolations", report.violations),
  };
}
