import { shuffled } from "./random.ts";

/** What a standard queue may do to its consumers, done on purpose. */
export interface Disorder {
  /** The same seed gives the same disorder. */
  readonly seed: number;
  /** The share of messages that are delivered a second time, between 0 and 1. */
  readonly duplicate: number;
  /** Deliver in random order, and in batches of random size. */
  readonly reorder: boolean;
}

/**
 * Turns what was received into the batches to deliver. A duplicate always comes in a later batch than its original: one
 * batch never holds a message twice. `random` draws from [0, 1).
 */
export function disturb<Message>(messages: readonly Message[], { duplicate, reorder }: Disorder, random: () => number): Message[][] {
  const again = messages.filter(() => random() < duplicate);
  const rounds = [[...messages], again];
  if (!reorder) return rounds.filter((round) => round.length > 0);
  return rounds.flatMap((round) => cut(shuffled(round, random), random)).filter((batch) => batch.length > 0);
}

function cut<Item>(items: readonly Item[], random: () => number): Item[][] {
  const at = Math.floor(random() * (items.length + 1));
  return [items.slice(0, at), items.slice(at)];
}
