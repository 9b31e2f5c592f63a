import { verifyLedger } from "@aira/core/audit";
import { ledgerFindings } from "../audits/ledger.ts";
import { recorded } from "../audits/recorded.ts";
import { schedule } from "../edge/schedule.ts";
import { ledgerPorts } from "../edge/services.ts";

/** Verifies the ledger's wallets, from where the last run of the schedule stopped. */
export const handler = schedule("verifyLedger", ({ stopAt, log }) =>
  recorded("ledger_verification", log, async (book) => {
    const findings = ledgerFindings(book, log);
    const run = verifyLedger(ledgerPorts(), stopAt);
    try {
      for (;;) {
        const { done, value } = await run.next();
        if (done) return { ...findings.report, complete: value.complete };
        findings.note(value);
        await book.step();
      }
    } finally {
      findings.end();
    }
  }),
);
