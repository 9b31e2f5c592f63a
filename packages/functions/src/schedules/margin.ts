import { measureMargins } from "@aira/core/conversations";
import { count } from "../edge/metrics.ts";
import { schedule } from "../edge/schedule.ts";
import { marginPorts } from "../edge/usage.ts";

/** Compares what calls and texts were charged with what Twilio asks for them. The counts are written when they are zero too, so that an alarm can end. */
export const handler = schedule("margin", async ({ stopAt, log }) => {
  const ports = await marginPorts();
  const { reports, complete } = await measureMargins(ports, () => ports.clock() >= stopAt);
  for (const { day, unchargedCount, uncharged } of reports)
    for (const { sid, kind } of uncharged) log.warn("usage that nobody was charged for", { day, sid, kind, unchargedCount });
  const uncharged = reports.reduce((sum, { unchargedCount }) => sum + unchargedCount, 0);
  const unpriced = reports.reduce((sum, report) => sum + report.unpriced, 0);
  count("UsageUncharged", uncharged);
  count("UsageUnpriced", unpriced);
  return { days: reports.length, uncharged, unpriced, complete };
});
