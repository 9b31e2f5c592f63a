import { listMargins } from "@aira/contract";
import { readMargins } from "@aira/core/conversations";
import { http } from "../edge/http.ts";
import { ledgerPorts } from "../edge/services.ts";

/** A day that was not charged at all names a hundred: a month of them would be a long answer. */
const MAX_NAMED = 500;

/** What calls and texts were charged against what the provider asks, by day. */
export const handler = http(listMargins, async ({ query: { from, to } }) => {
  let room = MAX_NAMED;
  const reports = await readMargins(ledgerPorts(), from, to);
  const days = reports.map(({ uncharged, currencies, ...report }) => {
    const named = uncharged.slice(0, room);
    room -= named.length;
    return { ...report, uncharged: [...named], currencies: [...currencies] };
  });
  return { days };
});
