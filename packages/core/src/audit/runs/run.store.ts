import type { RunKind } from "@aira/contract";
import { type Condition, type Item, type Key, keys, type Table, type Write, type WriteResult } from "../../table/index.ts";
import { expiryOf, type Run } from "./run.ts";

const keyOf = ({ kind, runId }: Pick<Run, "kind" | "runId">): Key => keys.run(kind, runId);

/** The whole of it, so that counts, findings and position are never of different moments. */
const putOf = (run: Run, condition: Condition): Write => {
  const { attempt, ...fields } = run;
  return { put: { ...keyOf(run), ...fields, nonce: attempt?.nonce, untilMs: attempt?.untilMs, ttl: expiryOf(run) }, if: condition };
};

function parse(item: Item): Run {
  const { nonce, untilMs } = item;
  return {
    runId: item.runId as string,
    kind: item.kind as RunKind,
    full: item.full as boolean,
    requestedBy: item.requestedBy as string,
    requestedAt: item.requestedAt as string,
    startedAt: item.startedAt as string | undefined,
    updatedAt: item.updatedAt as string,
    finishedAt: item.finishedAt as string | undefined,
    state: item.state as Run["state"],
    attempts: item.attempts as number,
    attempt: nonce === undefined ? undefined : { nonce: nonce as string, untilMs: untilMs as number },
    position: item.position as string | undefined,
    complete: item.complete as boolean,
    counts: item.counts as Run["counts"],
    findingCount: item.findingCount as number,
    findings: item.findings as Run["findings"],
    error: item.error as Run["error"],
  };
}

export async function loadRun(table: Table, name: Pick<Run, "kind" | "runId">): Promise<Run | undefined> {
  const item = await table.get(keyOf(name), { consistent: true });
  return item && parse(item);
}

/** Gives the run to one execution, if it stands as it was read: of two deliveries at once one gets it. */
export const claimRun = (table: Table, read: Run, run: Run): Promise<WriteResult> =>
  table.write(putOf(run, { equals: { attempts: read.attempts, state: read.state, nonce: read.attempt?.nonce } }));

/**
 * What the attempt `nonce` has to say, as long as it has the run: whatever comes later of it is refused. A run that is not there yet is
 * a schedule's, which nobody else writes.
 */
export const writeRun = (table: Table, run: Run, nonce: string): Promise<WriteResult> =>
  table.write(putOf(run, { any: [{ absent: true }, { equals: { nonce } }] }));

export const foundRun = (result: WriteResult & { readonly outcome: "refused" }): Run | undefined => {
  const item = result.found.get(0);
  return item && parse(item);
};

/** The run that the operators have started last, and by which request. */
export interface Latest {
  readonly runId: string;
  /** Names the request, so that its repeat finds the same run. */
  readonly asked: string;
}

export async function loadLatest(table: Table, kind: RunKind): Promise<Latest | undefined> {
  const item = await table.get(keys.latestRun(kind), { consistent: true });
  return item && { runId: item.runId as string, asked: item.asked as string };
}

/** Begins a run, if no other has been begun since `seen` was read. */
export const insertRun = (table: Table, run: Run, asked: string, seen: Latest | undefined): Promise<WriteResult> =>
  table.transact([
    { put: { ...keys.latestRun(run.kind), runId: run.runId, asked }, if: seen ? { equals: { ...seen } } : { absent: true } },
    putOf(run, { absent: true }),
  ]);

/** Of one kind, newest first. Consistent, since a run that was just started is looked for. */
export async function queryRuns(table: Table, kind: RunKind, limit: number): Promise<Run[]> {
  const { pk } = keys.run(kind, "");
  const { items } = await table.query({ pk, prefix: keys.runPrefix, newestFirst: true, limit, consistent: true });
  return items.map(parse);
}
