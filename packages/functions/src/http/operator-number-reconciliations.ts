import { listNumberReconciliations } from "@aira/contract";
import { readNumberReconciliations } from "@aira/core/audit";
import { http } from "../edge/http.ts";
import { ledgerPorts } from "../edge/services.ts";

/** With more, a month of days that all differ would outgrow Lambda's answer. */
const MAX_DIFFERENCES = 500;

/** Our numbers against the provider's list, by day. */
export const handler = http(listNumberReconciliations, async ({ query: { from, to } }) => {
  let room = MAX_DIFFERENCES;
  const reports = await readNumberReconciliations(ledgerPorts(), from, to);
  const days = reports.map(({ differences, balance, ...report }) => {
    const listed = differences.slice(0, room);
    room -= listed.length;
    return {
      ...report,
      balance: { ...balance },
      differences: listed.map(({ sid, purchaseId, ...difference }) => ({
        ...difference,
        sid: sid ?? null,
        purchaseId: purchaseId ?? null,
      })),
    };
  });
  return { days };
});
