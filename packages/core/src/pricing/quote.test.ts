import { describe, expect, test } from "vitest";
import type { ProviderPrice } from "../numbers/provider.ts";
import { parseExchangeRates } from "./exchange.ts";
import type { PriceBook } from "./price-book.ts";
import { quoteNumber } from "./quote.ts";

const rates = parseExchangeRates("INR=88.50,EUR=0.92");
const book: PriceBook = {
  markUpPercent: { default: "30", places: { GB: "10", "GB:mobile": "50.5" } },
  fixed: [
    { country: "US", type: "local", currency: "USD", monthlyMinor: 200 },
    { country: "US", type: "toll_free", currency: "USD", monthlyMinor: 99, setUpMinor: 0 },
  ],
  currencies: {
    USD: { setUpMinor: 100, leastMonthlyMinor: 120, stepMinor: 1 },
    INR: { setUpMinor: 9_000, leastMonthlyMinor: 10_000, stepMinor: 100 },
  },
  builtIn: { asOf: "2026-01-01", currency: "USD", monthly: { US: { local: "1.15" }, SE: { mobile: "3.00" } } },
};
const price = (type: ProviderPrice["type"], monthly: string, currency = "USD"): ProviderPrice => ({ type, currency, monthly });
const quote = (
  country: string,
  type: ProviderPrice["type"],
  currency: "USD" | "INR",
  prices?: readonly ProviderPrice[],
  withRates = rates,
) => quoteNumber({ country, type, currency }, prices, withRates, book);

test("a quote is the set-up fee, a month, and both together", () => {
  expect(quote("DE", "local", "USD", [price("local", "1.15")])).toEqual({
    currency: "USD",
    setUpMinor: 100,
    monthlyMinor: 150,
    dueNowMinor: 250,
    source: "provider",
  });
});

test("rupees are whole rupees, rounded up once after mark-up and exchange", () => {
  // 1.15 * 1.3 * 88.50 is 132.3075.
  expect(quote("DE", "local", "INR", [price("local", "1.15")])).toMatchObject({ monthlyMinor: 13_300, dueNowMinor: 22_300 });
});

test("a price that is a price point already stays", () => {
  expect(quote("DE", "local", "USD", [price("local", "10.00")])?.monthlyMinor).toBe(1_300);
  expect(quote("DE", "local", "INR", [price("local", "100")])?.monthlyMinor).toBe(1_150_500);
});

test("the mark-up of country and type goes before the country's, and that before the default", () => {
  expect(quote("GB", "mobile", "USD", [price("mobile", "10.00")])?.monthlyMinor).toBe(1_505);
  expect(quote("GB", "local", "USD", [price("local", "10.00")])?.monthlyMinor).toBe(1_100);
  expect(quote("FR", "local", "USD", [price("local", "10.00")])?.monthlyMinor).toBe(1_300);
});

describe("a fixed price wins", () => {
  test("over the provider's, whatever that is", () => {
    expect(quote("US", "local", "USD", [price("local", "50.00")])).toMatchObject({ monthlyMinor: 200, dueNowMinor: 300, source: "fixed" });
  });
  test("over the minimum, with a set-up fee of its own", () => {
    expect(quote("US", "toll_free", "USD")).toMatchObject({ setUpMinor: 0, monthlyMinor: 99, dueNowMinor: 99, source: "fixed" });
  });
  test("only in its currency", () => {
    expect(quote("US", "local", "INR", [price("local", "1.15")])?.source).toBe("provider");
  });
});

describe("the built-in list stands in", () => {
  test.each([
    ["when the provider did not answer", undefined],
    ["when the provider has no prices for the country", []],
    ["when the provider has none for the type", [price("local", "9.99")]],
  ])("%s", (_, prices) => {
    expect(quote("SE", "mobile", "USD", prices)).toMatchObject({ monthlyMinor: 390, source: "built_in" });
  });
  test("and where it has none either, there is no price", () => {
    expect(quote("SE", "toll_free", "USD", [price("local", "9.99")])).toBeUndefined();
    expect(quote("ZZ", "local", "USD")).toBeUndefined();
  });
});

test("a free number still costs the minimum", () => {
  expect(quote("DE", "local", "USD", [price("local", "0.00")])?.monthlyMinor).toBe(120);
  expect(quote("DE", "local", "INR", [price("local", "0")])?.monthlyMinor).toBe(10_000);
});

test("of two prices for one type the dearer one holds", () => {
  expect(quote("DE", "local", "USD", [price("local", "2.00"), price("local", "4.00"), price("local", "3.00")])?.monthlyMinor).toBe(520);
});

test("an account in another currency is billed through the dollar", () => {
  // EUR 0.92 is USD 1.00, and a dollar is INR 88.50.
  expect(quote("DE", "local", "USD", [price("local", "9.20", "EUR")])?.monthlyMinor).toBe(1_300);
  expect(quote("DE", "local", "INR", [price("local", "9.20", "EUR")])?.monthlyMinor).toBe(115_100);
});

test("a price that can't be read, or has no exchange rate, is an error and never a wrong price", () => {
  expect(() => quote("DE", "local", "USD", [price("local", "free")])).toThrow("the provider's price of DE local must be a decimal");
  expect(() => quote("DE", "local", "USD", [price("local", "1.15", "GBP")])).toThrow("EXCHANGE_RATES has no rate for GBP");
  expect(() => quote("SE", "mobile", "INR", undefined, parseExchangeRates(""))).toThrow("EXCHANGE_RATES has no rate for INR");
});
