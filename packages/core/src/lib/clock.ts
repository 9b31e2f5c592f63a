/** The time, as a port: epoch milliseconds. */
export type Clock = () => number;

export const systemClock: Clock = () => Date.now();

/** Fixed-width ISO 8601 in UTC, so that text order is time order. */
export const iso = (epochMs: number): string => new Date(epochMs).toISOString();
