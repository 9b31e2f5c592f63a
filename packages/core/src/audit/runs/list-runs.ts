import { RunKind } from "@aira/contract";
import type { Clock } from "../../lib/index.ts";
import type { Table } from "../../table/index.ts";
import { queryRuns } from "./run.store.ts";
import { type RunView, viewOf } from "./view.ts";

interface Which {
  /** Undefined: of every kind. */
  readonly kind?: RunKind | undefined;
  readonly limit: number;
}

/** Runs by schedules and operators, newest first. Errors: `service.busy`. */
export async function listRuns(
  { table, clock }: { readonly table: Table; readonly clock: Clock },
  { kind, limit }: Which,
): Promise<RunView[]> {
  const kinds = kind === undefined ? RunKind.options : [kind];
  const runs = (await Promise.all(kinds.map((each) => queryRuns(table, each, limit)))).flat();
  // Their ids begin with the time.
  const newest = runs.sort((a, b) => (a.runId < b.runId ? 1 : -1)).slice(0, limit);
  return newest.map((run) => viewOf(run, clock()));
}
