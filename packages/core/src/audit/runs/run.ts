import type { ErrorCode, RunCount, RunFinding, RunKind, RunState } from "@aira/contract";
import { deriveTimedId, iso } from "../../lib/index.ts";

/** Who has a run: one execution, until it is certainly over. */
export interface Attempt {
  readonly nonce: string;
  /** Epoch milliseconds. */
  readonly untilMs: number;
}

/** One verification or reconciliation, and what it came to. */
export interface Run {
  readonly runId: string;
  readonly kind: RunKind;
  /** Of a verification: each history from its first entry on, whatever the checkpoints say. */
  readonly full: boolean;
  /** `schedule`, or `operator:` and the `sub` of that operator. */
  readonly requestedBy: string;
  /** These four in ISO 8601. */
  readonly requestedAt: string;
  readonly startedAt: string | undefined;
  readonly updatedAt: string;
  readonly finishedAt: string | undefined;
  /** `queued` also while it waits for another try. Whether it has `stalled` depends on the time, so that is never stored. */
  readonly state: Exclude<RunState, "stalled">;
  readonly attempts: number;
  /** Undefined: nobody works on it at the moment. */
  readonly attempt: Attempt | undefined;
  /** Up to where everything is in the counts and findings: another attempt begins behind it. */
  readonly position: string | undefined;
  readonly complete: boolean;
  readonly counts: Readonly<Partial<Record<RunCount, number>>>;
  readonly findingCount: number;
  readonly findings: readonly RunFinding[];
  /** What the last attempt failed with. */
  readonly error: ErrorCode | undefined;
}

/** What an operator asks for. */
export interface Asked {
  readonly kind: RunKind;
  readonly full: boolean;
}

/** Findings that a run lists: enough to see what is wrong. */
export const MAX_FINDINGS = 50;

/**
 * No sign of life for so long, and nobody is at work any more: an attempt lasts 15 minutes at most (the timeout of Lambda), and writes
 * every few seconds. One that only waits behind two others has waited for long then, too: a second one does no harm.
 */
const STALLED_AFTER_MS = 20 * 60_000;

const KEPT_SECONDS = 90 * 86_400;

/** Epoch seconds after which DynamoDB forgets the run. */
export const expiryOf = ({ requestedAt }: Run): number => Math.floor(Date.parse(requestedAt) / 1_000) + KEPT_SECONDS;

/** A run that waits for its first attempt. `name` sets it apart from others of the same millisecond. */
export function newRun({ kind, full }: Asked, requestedBy: string, nowMs: number, name: string): Run {
  const now = iso(nowMs);
  return {
    runId: deriveTimedId("run", nowMs, kind, name),
    kind,
    full,
    requestedBy,
    requestedAt: now,
    startedAt: undefined,
    updatedAt: now,
    finishedAt: undefined,
    state: "queued",
    attempts: 0,
    attempt: undefined,
    position: undefined,
    complete: false,
    counts: {},
    findingCount: 0,
    findings: [],
    error: undefined,
  };
}

const isUnderWay = ({ state }: Run): boolean => state === "queued" || state === "running";

/** The state as it is to be told now. */
export const stateOf = (run: Run, nowMs: number): RunState =>
  isUnderWay(run) && nowMs - Date.parse(run.updatedAt) >= STALLED_AFTER_MS ? "stalled" : run.state;

/** Whether an execution may still be at work on it. */
const isHeld = ({ attempt }: Run, nowMs: number): boolean => attempt !== undefined && attempt.untilMs > nowMs;

/** What a delivery of the run's message is to do: a finished run is never run again, and one that somebody has is not doubled. */
export function dutyOf(run: Run, nowMs: number): "take" | "leave" | "come_again" {
  if (run.state === "finished") return "leave";
  // A failed one comes again when an operator brings its dead letter back.
  return isHeld(run, nowMs) ? "come_again" : "take";
}

/** Whether whoever asks for this is served by the run: it is under way, and looks at no less. */
export const serves = (run: Run, asked: Asked, nowMs: number): boolean =>
  isUnderWay(run) && stateOf(run, nowMs) !== "stalled" && (run.full || !asked.full);

/** Whether it needs a message: one may never have been sent, or come again only after long. A second one is harmless. */
export const needsMessage = (run: Run, nowMs: number): boolean => isUnderWay(run) && !isHeld(run, nowMs);

/** The run in the hands of an execution. */
export function taken(run: Run, attempt: Attempt, nowMs: number): Run {
  const now = iso(nowMs);
  return {
    ...run,
    state: "running",
    attempt,
    attempts: run.attempts + 1,
    startedAt: run.startedAt ?? now,
    updatedAt: now,
    finishedAt: undefined,
  };
}

/** How an attempt left the run. */
export type Ending =
  | { readonly as: "finished"; readonly complete: boolean }
  /** Its time was over: another attempt goes on behind the position. */
  | { readonly as: "handed_on" }
  | { readonly as: "failed"; readonly error: ErrorCode; readonly last: boolean };

/** The run once an attempt has let go of it. */
export function ended(run: Run, ending: Ending, nowMs: number): Run {
  const now = iso(nowMs);
  const left: Run = { ...run, attempt: undefined, updatedAt: now, error: undefined };
  switch (ending.as) {
    case "finished":
      return { ...left, state: "finished", complete: ending.complete, finishedAt: now, position: undefined };
    case "handed_on":
      return { ...left, state: "running" };
    case "failed":
      return { ...left, error: ending.error, ...(ending.last ? { state: "failed", finishedAt: now } : { state: "queued" }) };
  }
}
