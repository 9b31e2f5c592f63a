/** Summary of a sample. All in the sample's own unit. */
export interface Summary {
  readonly count: number;
  readonly min: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/**
 * The value that a share `q` (0 to 1) of the sample does not exceed, by the nearest rank: always a value that was measured.
 * Throws on an empty sample.
 */
export function percentile(sample: readonly number[], q: number): number {
  const sorted = [...sample].sort((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)];
  if (value === undefined) throw new Error("an empty sample has no percentiles");
  return value;
}

/** The middle value; of an even sample the mean of the two in the middle. Throws on an empty sample. */
export function median(sample: readonly number[]): number {
  const sorted = [...sample].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  if (upper === undefined || lower === undefined) throw new Error("an empty sample has no median");
  return (lower + upper) / 2;
}

/** Throws on an empty sample. */
export function summarise(sample: readonly number[]): Summary {
  return {
    count: sample.length,
    min: percentile(sample, 0),
    p50: percentile(sample, 0.5),
    p95: percentile(sample, 0.95),
    p99: percentile(sample, 0.99),
    max: percentile(sample, 1),
  };
}
