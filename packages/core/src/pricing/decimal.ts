import { InvariantError, invariant } from "../lib/index.ts";

/** An exact, non-negative number: prices and rates come as decimal strings, and a float would already have rounded them. */
export interface Exact {
  readonly numerator: bigint;
  /** Never zero. */
  readonly denominator: bigint;
}

/** Long enough for every price and rate there is, short enough that no text can keep the processor busy. */
const DECIMAL = /^(\d{1,15})(?:\.(\d{1,15}))?$/;

/** A decimal string like `1.15` as it is, without a float. Throws, naming `field`, for anything else: signs, exponents, spaces, `.5`. */
export function parseDecimal(text: string, field: string): Exact {
  // A JSON number, where a vendor's text was expected, is a float already.
  const [matched, whole = "", fraction = ""] = (typeof text === "string" && DECIMAL.exec(text)) || [];
  if (matched === undefined) throw new InvariantError(`${field} must be a decimal like 1.15, and is ${JSON.stringify(text)?.slice(0, 40)}`);
  return { numerator: BigInt(whole + fraction), denominator: 10n ** BigInt(fraction.length) };
}

export const times = (a: Exact, b: Exact): Exact => ({
  numerator: a.numerator * b.numerator,
  denominator: a.denominator * b.denominator,
});

/** Throws for a divisor of zero. */
export function dividedBy(a: Exact, b: Exact): Exact {
  invariant(b.numerator > 0n, "nothing can be divided by zero");
  return { numerator: a.numerator * b.denominator, denominator: a.denominator * b.numerator };
}

/** Adds a percentage: 30 percent of 1.15 more is 1.495. */
export const raisedBy = (amount: Exact, percent: Exact): Exact => ({
  numerator: amount.numerator * (100n * percent.denominator + percent.numerator),
  denominator: amount.denominator * 100n * percent.denominator,
});

/** The least whole number that is not below the quotient. Both non-negative, the divisor positive. */
export const ceilingOf = (dividend: bigint, divisor: bigint): bigint => (dividend + divisor - 1n) / divisor;

/** An amount of major units (dollars, rupees) in whole minor units, rounded up. */
export const minorUnits = ({ numerator, denominator }: Exact, decimals: number): bigint =>
  ceilingOf(numerator * 10n ** BigInt(decimals), denominator);

/** As a `...Minor` field wants it. Throws for what a number can't hold exactly. */
export function toSafeNumber(value: bigint): number {
  invariant(value <= BigInt(Number.MAX_SAFE_INTEGER), "the amount is beyond what a number holds exactly");
  return Number(value);
}

/** A count (seconds, segments, minor units) for exact arithmetic. Throws, naming `field`, for a fraction or less than zero. */
export function wholeCount(value: number, field: string): bigint {
  invariant(Number.isSafeInteger(value) && value >= 0, `${field} must be a whole number of zero or more`);
  return BigInt(value);
}
