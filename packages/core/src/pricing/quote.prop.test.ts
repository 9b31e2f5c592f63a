import { CURRENCIES, currencies } from "@aira/contract";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseExchangeRates } from "./exchange.ts";
import type { PriceBook } from "./price-book.ts";
import { quoteNumber } from "./quote.ts";

/** A decimal as its digits and how many of them are behind the point: the test's own arithmetic starts from these. */
interface Digits {
  readonly units: bigint;
  readonly scale: number;
}
const digits = (most: number, least = 0) =>
  fc.record({ units: fc.integer({ min: least, max: most }).map(BigInt), scale: fc.integer({ min: 0, max: 6 }) });
const textOf = ({ units, scale }: Digits) => {
  const padded = String(units).padStart(scale + 1, "0");
  return scale === 0 ? padded : `${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
};

const terms = fc.record({
  setUpMinor: fc.nat(10_000),
  leastMonthlyMinor: fc.nat(20_000),
  stepMinor: fc.constantFrom(1, 5, 99, 100, 1_000),
});
const cases = fc.record({
  cost: digits(10 ** 6),
  more: digits(10 ** 3),
  percent: digits(10 ** 3),
  rate: digits(10 ** 5, 1),
  currency: fc.constantFrom(...currencies),
  terms,
});
type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never;

/** An account in euros, so that every currency is exchanged; a euro and a dollar cost the same here. */
function quoteOf({ cost, percent, rate, currency, terms: own }: Case, viaBuiltIn = false) {
  const rates = parseExchangeRates(`EUR=1,INR=${textOf(rate)}`);
  const book: PriceBook = {
    markUpPercent: { default: textOf(percent), places: {} },
    fixed: [],
    currencies: { USD: own, INR: own },
    builtIn: { asOf: "2026-01-01", currency: "EUR", monthly: viaBuiltIn ? { DE: { local: textOf(cost) } } : {} },
  };
  const prices = viaBuiltIn ? undefined : [{ type: "local" as const, currency: "EUR", monthly: textOf(cost) }];
  const quote = quoteNumber({ country: "DE", type: "local", currency }, prices, rates, book);
  if (!quote) throw new Error("no quote");
  return quote;
}

/** The marked-up cost in minor units, as a fraction worked out here. */
function exactMinor({ cost, percent, rate, currency }: Case): [bigint, bigint] {
  const perDollar = currency === "USD" ? { units: 1n, scale: 0 } : rate;
  const minorPerMajor = 10n ** BigInt(CURRENCIES[currency].decimals);
  const over = 10n ** BigInt(cost.scale + perDollar.scale + percent.scale) * 100n;
  return [cost.units * perDollar.units * (100n * 10n ** BigInt(percent.scale) + percent.units) * minorPerMajor, over];
}

test("a month is never below its marked-up cost, and never more than one price point above it or the minimum", () => {
  fc.assert(
    fc.property(cases, fc.boolean(), (one, viaBuiltIn) => {
      const { monthlyMinor, source } = quoteOf(one, viaBuiltIn);
      const [over, under] = exactMinor(one);
      const { stepMinor, leastMonthlyMinor } = one.terms;
      expect(source).toBe(viaBuiltIn ? "built_in" : "provider");
      expect(BigInt(monthlyMinor) * under >= over).toBe(true);
      expect(monthlyMinor).toBeGreaterThanOrEqual(leastMonthlyMinor);
      const aStepLess = BigInt(monthlyMinor - stepMinor);
      expect(aStepLess * under < over || aStepLess < BigInt(leastMonthlyMinor)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test("every amount is a whole number of minor units, the month a whole number of price points, and due is the sum", () => {
  fc.assert(
    fc.property(cases, (one) => {
      const { setUpMinor, monthlyMinor, dueNowMinor } = quoteOf(one);
      for (const amount of [setUpMinor, monthlyMinor, dueNowMinor]) expect(Number.isSafeInteger(amount)).toBe(true);
      expect(monthlyMinor % one.terms.stepMinor).toBe(0);
      expect(setUpMinor).toBe(one.terms.setUpMinor);
      expect(dueNowMinor).toBe(setUpMinor + monthlyMinor);
    }),
  );
});

test("a dearer number, a higher mark-up or a dearer dollar never makes a month cheaper", () => {
  fc.assert(
    fc.property(cases, (one) => {
      const dearer = { ...one, cost: { ...one.cost, units: one.cost.units + one.more.units } };
      const markedUp = { ...one, percent: { ...one.percent, units: one.percent.units + one.more.units } };
      const stronger = { ...one, rate: { ...one.rate, units: one.rate.units + 1n } };
      const { monthlyMinor } = quoteOf(one);
      for (const other of [dearer, markedUp, stronger]) expect(quoteOf(other).monthlyMinor).toBeGreaterThanOrEqual(monthlyMinor);
    }),
  );
});
