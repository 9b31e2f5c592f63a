import { listReconciliations } from "@aira/contract";
import { readReconciliations } from "@aira/core/audit";
import { http } from "../edge/http.ts";
import { ledgerPorts } from "../edge/services.ts";

/** With more, a month of days that all differ would outgrow Lambda's answer. */
const MAX_DIFFERENCES = 500;

/** The ledger against Stripe's balance, by day. */
export const handler = http(listReconciliations, async ({ query: { from, to } }) => {
  let room = MAX_DIFFERENCES;
  const reports = await readReconciliations(ledgerPorts(), from, to);
  const days = reports.map(({ differences, currencies, ...report }) => {
    const listed = differences.slice(0, room);
    room -= listed.length;
    return {
      ...report,
      currencies: { ...currencies },
      differences: listed.map(({ paymentIntentIds, quarantineIds, ...difference }) => ({
        ...difference,
        paymentIntentIds: [...paymentIntentIds],
        quarantineIds: [...quarantineIds],
      })),
    };
  });
  return { days };
});
