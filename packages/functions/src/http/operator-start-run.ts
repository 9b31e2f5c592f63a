import { startRun as operation } from "@aira/contract";
import { startRun } from "@aira/core/audit";
import { runPorts } from "../audits/queue.ts";
import { http } from "../edge/http.ts";
import { once } from "../edge/once.ts";
import { toRun } from "../views/run.ts";

/** Starts a verification or a reconciliation. */
export const handler = http(
  operation,
  async ({ body }, { owner: operator, route, idempotencyKey, log }) => {
    const run = await startRun(runPorts(), { operator, route, idempotencyKey, ...body });
    log.info("run started", { actor: `operator:${operator}`, kind: run.kind, runId: run.runId, state: run.state });
    return toRun(run);
  },
  once,
);
