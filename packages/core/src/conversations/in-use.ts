import type { NumberState } from "@aira/contract";

const IN_USE: ReadonlySet<unknown> = new Set<NumberState>(["active", "suspended"]);

/** Does somebody have a number in this state? A claim that is not settled, and what was given back, are nobody's. */
export const isInUse = (state: unknown): boolean => IN_USE.has(state);
