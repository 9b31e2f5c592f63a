import { type Clock, systemClock } from "../../lib/index.ts";
import type { NoReply, Reply, Responder, Turn } from "./responder.ts";

const LATE: NoReply = { failed: "late" };
/** The longest that a timer can be set for. */
const MOST_MS = 2 ** 31 - 1;

/**
 * The answer, or that there is none in time, whatever the responder does: at the deadline, or when nobody waits any more, it is told by
 * `turn.signal` and left alone. What it answers or throws after that is dropped. Never throws.
 */
export async function respondInTime(responder: Responder, turn: Turn, clock: Clock = systemClock): Promise<Reply | NoReply> {
  const leftMs = turn.deadlineMs - clock();
  if (leftMs <= 0 || turn.signal.aborted) return LATE;
  const ended = new AbortController();
  const signal = AbortSignal.any([turn.signal, ended.signal]);
  const timer = setTimeout(() => ended.abort(), Math.min(leftMs, MOST_MS));
  const aborted = new Promise<NoReply>((resolve) => signal.addEventListener("abort", () => resolve(LATE), { once: true }));
  const answered = Promise.resolve({ ...turn, signal })
    .then((bounded) => responder.respond(bounded))
    .catch((cause: unknown): NoReply => ({ failed: "unavailable", cause }));
  try {
    return await Promise.race([answered, aborted]);
  } finally {
    clearTimeout(timer);
    ended.abort();
  }
}
