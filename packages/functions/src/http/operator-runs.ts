import { listRuns as operation } from "@aira/contract";
import { listRuns } from "@aira/core/audit";
import { http } from "../edge/http.ts";
import { ledgerPorts } from "../edge/services.ts";
import { toRun } from "../views/run.ts";

/** Verifications and reconciliations, newest first. */
export const handler = http(operation, async ({ query }) => ({ runs: (await listRuns(ledgerPorts(), query)).map(toRun) }));
