import { randomUUID } from "node:crypto";
import type { RunKind } from "@aira/contract";
import type { LedgerPorts } from "../../ledger/index.ts";
import { codeOf, end } from "./carry-out.ts";
import { writeRun } from "./run.store.ts";
import { type Ending, newRun, taken } from "./run.ts";
import { RunBook } from "./run-book.ts";

/** A schedule's time, and an hour more: nobody else takes its run up. */
const UNTIL_MS = 2 * 3_600_000;

export interface RecordingPorts extends LedgerPorts {
  /** Told when the record of a run was not kept, which the run itself does not suffer from. */
  readonly warn: (message: string, cause: unknown) => void;
}

/** Runs what a schedule does, and keeps on record what it came to. Whatever the run throws is thrown on. */
export async function recordRun<Report extends Readonly<Record<string, number | boolean>>>(
  ports: RecordingPorts,
  kind: RunKind,
  run: (book: RunBook) => Promise<Report>,
): Promise<Report> {
  const nonce = randomUUID();
  const nowMs = ports.clock();
  const begun = taken(newRun({ kind, full: false }, "schedule", nowMs, nonce), { nonce, untilMs: nowMs + UNTIL_MS }, nowMs);
  const book = new RunBook(ports, begun, nonce);
  const keep = (write: () => Promise<unknown>) => write().catch((cause: unknown) => ports.warn("The record of a run was not kept", cause));
  await keep(() => writeRun(ports.table, begun, nonce));
  const finish = async (ending: Ending) => {
    await book.settled();
    await keep(() => end(ports, book.run, nonce, ending));
  };
  try {
    const report = await run(book);
    await finish({ as: "finished", complete: report.complete !== false });
    return report;
  } catch (error) {
    await finish({ as: "failed", error: codeOf(error), last: true });
    throw error;
  }
}
