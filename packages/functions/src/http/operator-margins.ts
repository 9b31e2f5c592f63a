import { listMargins } from "@aira/contract";
import { readMargins } from "@aira/core/conversations";
import { http } from "../edge/http.ts";
import { ledgerPorts } from "../edge/services.ts";
import { roomForFindings } from "../views/room.ts";

/** What calls and texts were charged against what the provider asks, by day. */
export const handler = http(listMargins, async ({ query: { from, to } }) => {
  const named = roomForFindings();
  const reports = await readMargins(ledgerPorts(), from, to);
  const days = reports.map(({ uncharged, currencies, ...report }) => ({
    ...report,
    uncharged: named(uncharged),
    currencies: [...currencies],
  }));
  return { days };
});
