import { countDays } from "@aira/core/audit";
import { count } from "../edge/metrics.ts";
import { schedule } from "../edge/schedule.ts";
import { ledgerPorts } from "../edge/services.ts";

/**
 * Counts the finished days of the whole platform. A day that does not carry on from the one before means that the ledger's past has
 * changed, which is a violation like those that the verification finds.
 */
export const handler = schedule("dailyTotals", async ({ stopAt, log }) => {
  const { counted, notCarried, wallets, complete } = await countDays(ledgerPorts(), stopAt);
  for (const day of notCarried) log.error("totals do not carry on from the day before", { day });
  if (notCarried.length > 0) count("LedgerViolations", notCarried.length);
  return { days: counted.length, notCarried: notCarried.length, wallets, complete };
});
