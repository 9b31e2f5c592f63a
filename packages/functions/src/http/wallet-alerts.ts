import { changeAlert as operation } from "@aira/contract";
import { changeAlert } from "@aira/core/ledger";
import { http } from "../edge/http.ts";
import { ledgerPorts } from "../edge/services.ts";

/** Changes below which balance the caller is told. */
export const handler = http(operation, async ({ body }, { owner }) => ({ alerts: await changeAlert(ledgerPorts(), owner, body) }));
