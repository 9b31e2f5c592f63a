import type { TopUpView } from "../../../api/shapes.ts";
import type { Tone } from "../../../components/notice.tsx";

type ReportName = "waiting" | "processing" | "credited" | "reversed" | "failed" | "expired";

interface Report {
  readonly name: ReportName;
  readonly tone: Tone;
  /** It will not change by waiting. */
  readonly settled: boolean;
}

const REPORTS: Readonly<Record<TopUpView["state"], Report>> = {
  created: { name: "waiting", tone: "busy", settled: false },
  open: { name: "waiting", tone: "busy", settled: false },
  processing: { name: "processing", tone: "busy", settled: false },
  credited: { name: "credited", tone: "good", settled: true },
  partially_reversed: { name: "reversed", tone: "warning", settled: true },
  reversed: { name: "reversed", tone: "warning", settled: true },
  failed: { name: "failed", tone: "warning", settled: true },
  expired: { name: "expired", tone: "warning", settled: true },
};

export const reportOf = ({ state }: Pick<TopUpView, "state">): Report => REPORTS[state];

/** Pauses between questions: most payments are confirmed within seconds, the others not sooner for being asked often. */
const PAUSES_MS = [1_000, 1_000, 1_000, 2_000, 2_000, 3_000, 5_000, 5_000, 10_000, 10_000, 15_000, 15_000, 20_000, 30_000];
/** A method that confirms later takes hours or days: half a minute of questions is enough. */
const PROCESSING_QUESTIONS = 10;

/** When to ask again after so many questions; undefined: not by itself any more. */
export function pauseAfter(questions: number, state: TopUpView["state"] | undefined): number | undefined {
  if (state !== undefined && REPORTS[state].settled) return undefined;
  if (state === "processing" && questions >= PROCESSING_QUESTIONS) return undefined;
  return PAUSES_MS[questions - 1];
}
