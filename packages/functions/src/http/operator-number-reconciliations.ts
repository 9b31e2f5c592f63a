import { listNumberReconciliations } from "@aira/contract";
import { readNumberReconciliations } from "@aira/core/audit";
import { http } from "../edge/http.ts";
import { ledgerPorts } from "../edge/services.ts";
import { roomForFindings } from "../views/room.ts";

/** Our numbers against the provider's list, by day. */
export const handler = http(listNumberReconciliations, async ({ query: { from, to } }) => {
  const named = roomForFindings();
  const reports = await readNumberReconciliations(ledgerPorts(), from, to);
  const days = reports.map(({ differences, balance, ...report }) => ({
    ...report,
    balance: { ...balance },
    differences: named(differences).map(({ sid, purchaseId, ...difference }) => ({
      ...difference,
      sid: sid ?? null,
      purchaseId: purchaseId ?? null,
    })),
  }));
  return { days };
});
