import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { RunKind } from "@aira/contract";
import * as z from "zod/mini";
import type { LedgerPorts } from "../../ledger/index.ts";
import { AiraError, InvariantError } from "../../lib/index.ts";
import { claimRun, foundRun, loadRun, writeRun } from "./run.store.ts";
import { dutyOf, type Ending, ended, type Run, taken } from "./run.ts";
import { RunBook } from "./run-book.ts";
import { messageOf, type RunMessage, type RunPorts } from "./start-run.ts";

/** Does what a run is for, from the book's position on. `complete`: nothing is left to another attempt. */
export type Work = (book: RunBook) => Promise<{ readonly complete: boolean }>;

export interface Delivery {
  /** Epoch milliseconds: when this execution is certainly over. */
  readonly deadline: number;
  /** Whether the queue gives the message up when this attempt fails. */
  readonly last: boolean;
}

/** `left`: there is nothing to do for it any more. */
export type CarriedOut = "finished" | "handed_on" | "left";

const ATTEMPTS = 5;

const Message = z.object({ type: z.literal("run.requested"), kind: RunKind, runId: z.string() });

/** The message that a body holds. Throws when it holds none. */
export function readRunMessage(body: string): RunMessage {
  const { data } = z.safeParse(Message, JSON.parse(body));
  if (!data) throw new InvariantError("the message asks for no run");
  return data;
}

/**
 * Carries a run out on behalf of its message: late, again, and beside itself, it comes to one result. A finished run is left alone; one that
 * an execution has comes again later. A long one is handed on by another message, once its position is stored.
 * Errors: whatever the work throws, behind which the run waits for another try, or has failed when this was the last; `service.busy`.
 * All of them mean that the message is not done.
 */
export async function carryOut(
  ports: RunPorts,
  message: RunMessage,
  { deadline, last }: Delivery,
  work: Work,
): Promise<{ readonly outcome: CarriedOut; readonly run: Run | undefined }> {
  const nonce = randomUUID();
  const before = await loadRun(ports.table, message);
  if (!before || dutyOf(before, ports.clock()) === "leave") return { outcome: "left", run: before };
  if (dutyOf(before, ports.clock()) === "come_again") throw underWay();
  const claimed = await claim(ports, before, nonce, deadline);
  const book = new RunBook(ports, claimed, nonce);
  try {
    const { complete } = await work(book);
    await book.settled();
    if (complete) return { outcome: "finished", run: await end(ports, book.run, nonce, { as: "finished", complete }) };
    if (!hasComeOn(claimed, book.run)) throw new AiraError("service.busy", "A step of the run takes longer than an attempt may.");
    const run = await end(ports, book.run, nonce, { as: "handed_on" });
    await ports.send(messageOf(run));
    return { outcome: "handed_on", run };
  } catch (error) {
    await book.settled();
    await putOff(ports, book.run, nonce, { as: "failed", error: codeOf(error), last });
    throw error;
  }
}

const underWay = () => new AiraError("service.busy", "Another delivery has the run, or it could not be taken.");

/** An attempt that came to nothing new would be handed on for ever. */
const hasComeOn = (before: Run, after: Run): boolean =>
  before.position !== after.position || !isDeepStrictEqual(before.counts, after.counts);

export const codeOf = (error: unknown): AiraError["code"] => (error instanceof AiraError ? error.code : "internal.failure");

async function claim({ table, clock }: LedgerPorts, before: Run, nonce: string, untilMs: number): Promise<Run> {
  const run = taken(before, { nonce, untilMs }, clock());
  const result = await claimRun(table, before, run);
  if (result.outcome === "committed") return run;
  // The first try of a write without an answer may have been carried out.
  const stands = result.outcome === "refused" ? foundRun(result) : await loadRun(table, before);
  if (stands?.attempt?.nonce === nonce) return run;
  throw underWay();
}

/** Lets go of the run, durably. Errors: `service.busy`. */
export async function end({ table, clock, random, wait }: LedgerPorts, run: Run, nonce: string, ending: Ending): Promise<Run> {
  const over = ended(run, ending, clock());
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const result = await writeRun(table, over, nonce);
    if (result.outcome === "committed") return over;
    if (result.outcome === "refused") {
      const stands = foundRun(result);
      // An earlier try was carried out, and only its answer got lost.
      if (stands?.updatedAt === over.updatedAt && stands.attempts === over.attempts && !stands.attempt) return over;
      break;
    }
    await wait(random() * 50 * attempt);
  }
  throw new AiraError("service.busy", "The run could not be kept.", { retryAfterSeconds: 1 });
}

/** What the attempt failed with is thrown in any case. If this fails too, the run is free again once its execution is certainly over. */
async function putOff(ports: LedgerPorts, run: Run, nonce: string, ending: Ending): Promise<void> {
  try {
    await end(ports, run, nonce, ending);
  } catch (error) {
    if (!(error instanceof AiraError)) throw error;
  }
}
