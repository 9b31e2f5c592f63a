export { type CarriedOut, carryOut, readRunMessage, type Work } from "./carry-out.ts";
export { listRuns } from "./list-runs.ts";
export { noteNumbers, noteReports, noteWallet } from "./notes.ts";
export { recordRun } from "./record-run.ts";
export type { RunBook } from "./run-book.ts";
export { type RunMessage, type RunPorts, type StartRun, startRun } from "./start-run.ts";
export type { RunView } from "./view.ts";
