import type { listRuns, Output } from "@aira/contract";
import type { RunView } from "@aira/core/audit";

type RunAnswer = Output<typeof listRuns>["runs"][number];

/** A run as the contract has it. */
export const toRun = ({ startedAt, finishedAt, error, findings, counts, ...run }: RunView): RunAnswer => ({
  ...run,
  startedAt: startedAt ?? null,
  finishedAt: finishedAt ?? null,
  counts: { ...counts },
  findings: [...findings],
  error: error ?? null,
});
