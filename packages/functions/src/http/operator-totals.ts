import { listTotals } from "@aira/contract";
import { readTotals } from "@aira/core/audit";
import { http } from "../edge/http.ts";
import { ledgerPorts } from "../edge/services.ts";

/** What all wallets did, by day. */
export const handler = http(listTotals, async ({ query: { from, to } }) => ({ days: await readTotals(ledgerPorts(), from, to) }));
