import { AiraError, type Clock } from "../lib/index.ts";
import type { DeadLetterQueue } from "./ports.ts";

/** Longer than any run, so that no run meets a letter twice, and one that was left behind is soon there again. */
const HIDDEN_SECONDS = 60;

export interface Redriven {
  readonly moved: number;
  /** Whether the dead letters ran out before the time did. */
  readonly complete: boolean;
}

/**
 * Brings dead letters back to their queue until there are none or `stopAtMs` has come. Each goes back before it is taken away, so
 * whatever breaks in between leaves two of it, which every consumer bears, and never none. SQS has a task for this
 * (StartMessageMoveTask), which emulators do not know: this way what runs in the cloud is what the tests run.
 * Errors: `service.busy` (some may have gone back; repeat it).
 */
export async function redrive(
  { queue, clock }: { readonly queue: DeadLetterQueue; readonly clock: Clock },
  stopAtMs: number,
): Promise<Redriven> {
  const startedMs = clock();
  let moved = 0;
  while (clock() < stopAtMs) {
    const received = await queue.receive(HIDDEN_SECONDS).catch(interrupted);
    if (received.length === 0) return { moved, complete: true };
    // What this run sent back and is here again has failed again: another round would not help it.
    const letters = received.filter(({ sentAtMs }) => sentAtMs < startedMs);
    const sent = await Promise.allSettled(letters.map((letter) => queue.sendBack(letter)));
    await queue.remove(letters.filter((_, at) => sent[at]?.status === "fulfilled")).catch(interrupted);
    const failed = sent.find((one) => one.status === "rejected");
    if (failed) interrupted(failed.reason);
    moved += letters.length;
  }
  return { moved, complete: false };
}

function interrupted(cause: unknown): never {
  throw new AiraError("service.busy", "The redrive was interrupted. What went back stays there; repeat it for the rest.", {
    cause,
    retryAfterSeconds: 60,
  });
}
