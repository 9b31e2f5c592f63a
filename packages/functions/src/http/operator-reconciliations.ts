import { listReconciliations } from "@aira/contract";
import { readReconciliations } from "@aira/core/audit";
import { http } from "../edge/http.ts";
import { ledgerPorts } from "../edge/services.ts";
import { roomForFindings } from "../views/room.ts";

/** The ledger against Stripe's balance, by day. */
export const handler = http(listReconciliations, async ({ query: { from, to } }) => {
  const named = roomForFindings();
  const reports = await readReconciliations(ledgerPorts(), from, to);
  const days = reports.map(({ differences, currencies, ...report }) => ({
    ...report,
    currencies: { ...currencies },
    differences: named(differences).map(({ paymentIntentIds, quarantineIds, ...difference }) => ({
      ...difference,
      paymentIntentIds: [...paymentIntentIds],
      quarantineIds: [...quarantineIds],
    })),
  }));
  return { days };
});
