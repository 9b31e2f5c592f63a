import type { RunState } from "@aira/contract";
import { type Run, stateOf } from "./run.ts";

/** A run as it is told: its state as of now, and nothing of how it is worked on. */
export interface RunView extends Omit<Run, "state" | "attempt" | "position"> {
  readonly state: RunState;
}

export function viewOf(run: Run, nowMs: number): RunView {
  const { attempt: _, position: __, ...told } = run;
  return { ...told, state: stateOf(run, nowMs) };
}
