/** A cell is text as it is shown; numbers are formatted by whoever knows their unit. */
export type Cell = string;

export interface ReportTable {
  readonly head: readonly Cell[];
  readonly rows: readonly (readonly Cell[])[];
}

/** A figure beside what was promised for it. */
export interface Verdict {
  readonly promise: string;
  readonly target: string;
  readonly measured: string;
  /** Undefined: nothing was promised, or this run did not measure it. */
  readonly met: boolean | undefined;
}

/** One part of the bench, as it is printed and as it stands in RESULTS.md. */
export interface Section {
  readonly title: string;
  /** How it was measured, a sentence or two each. */
  readonly method: readonly string[];
  readonly tables: readonly ReportTable[];
  /** What must be known to read the figures rightly. */
  readonly notes: readonly string[];
  readonly verdicts: readonly Verdict[];
}
