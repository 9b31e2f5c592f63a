const grouped = (digits: number) => new Intl.NumberFormat("en-GB", { minimumFractionDigits: digits, maximumFractionDigits: digits });

/** A whole number with separators. */
export const whole = (value: number): string => grouped(0).format(value);

/** A number with as many digits as tell something: 0.123, 1.23, 12.3, 123. */
export const significant = (value: number): string => {
  const size = Math.abs(value);
  return grouped(value === 0 || size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3).format(value);
};

/** Units of capacity come in halves. */
export const units = (value: number): string => grouped(Number.isInteger(value) ? 0 : 1).format(value);

/** Decimal kilobytes, as esbuild and AWS count. */
export const kilobytes = (bytes: number): string => `${grouped(bytes < 100_000 ? 1 : 0).format(bytes / 1000)} KB`;

export const milliseconds = (ms: number): string => `${significant(ms)} ms`;

export const dollars = (amount: number): string => `$${grouped(amount < 1 ? 4 : 2).format(amount)}`;
