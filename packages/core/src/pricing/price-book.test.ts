import { CountryCode, currencies, NUMBER_TYPES, type NumberType } from "@aira/contract";
import { expect, test } from "vitest";
import { requireVariable } from "../lib/index.ts";
import { parseExchangeRates } from "./exchange.ts";
import { PRICE_BOOK } from "./price-book.ts";
import { quoteNumber } from "./quote.ts";

const rates = parseExchangeRates(requireVariable("EXCHANGE_RATES", {}));
const listed = Object.entries(PRICE_BOOK.builtIn.monthly).flatMap(([country, prices]) =>
  (Object.keys(prices) as NumberType[]).map((type) => ({ country, type })),
);

test("every number of the built-in list has a price in every currency, by the default rates", () => {
  expect(listed.length).toBeGreaterThan(80);
  for (const { country, type } of listed)
    for (const currency of currencies) {
      const quote = quoteNumber({ country, type, currency }, undefined, rates, PRICE_BOOK);
      expect(quote?.monthlyMinor, `${country} ${type} ${currency}`).toBeGreaterThanOrEqual(
        PRICE_BOOK.currencies[currency].leastMonthlyMinor,
      );
      expect(quote?.currency).toBe(currency);
    }
});

test("no fixed price is below what the built-in list says that the number costs us", () => {
  const atCost = { ...PRICE_BOOK, fixed: [], markUpPercent: { default: "0", places: {} } };
  for (const fixed of PRICE_BOOK.fixed) {
    const cost = quoteNumber(fixed, undefined, rates, atCost);
    expect(fixed.monthlyMinor, `${fixed.country} ${fixed.type} ${fixed.currency}`).toBeGreaterThanOrEqual(cost?.monthlyMinor ?? 0);
  }
});

test("a number with a fixed price in one currency has one in each, so that none is sold twice as dear by accident", () => {
  for (const { country, type } of PRICE_BOOK.fixed)
    for (const currency of currencies)
      expect(PRICE_BOOK.fixed.filter((one) => one.country === country && one.type === type && one.currency === currency)).toHaveLength(1);
});

test("every fee, minimum and fixed price is a whole multiple of its currency's price point", () => {
  for (const currency of currencies) {
    const { setUpMinor, leastMonthlyMinor, stepMinor } = PRICE_BOOK.currencies[currency];
    for (const amount of [setUpMinor, leastMonthlyMinor]) expect(amount % stepMinor, currency).toBe(0);
  }
  for (const { currency, monthlyMinor } of PRICE_BOOK.fixed) expect(monthlyMinor % PRICE_BOOK.currencies[currency].stepMinor).toBe(0);
});

test("places are countries, alone or with a type", () => {
  for (const place of [...Object.keys(PRICE_BOOK.markUpPercent.places), ...Object.keys(PRICE_BOOK.builtIn.monthly)]) {
    const [country, type] = place.split(":");
    expect(CountryCode.safeParse(country).success, place).toBe(true);
    if (type !== undefined) expect(NUMBER_TYPES, place).toContain(type);
  }
});
