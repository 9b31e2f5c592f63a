import { describe, expect, test } from "vitest";
import type { ProviderPrice } from "../numbers/provider.ts";
import { parseExchangeRates } from "./exchange.ts";
import { createNumberPrices } from "./number-prices.ts";
import type { PriceBook } from "./price-book.ts";

const HOUR_MS = 3_600_000;
const book: PriceBook = {
  markUpPercent: { default: "0", places: {} },
  fixed: [{ country: "US", type: "local", currency: "USD", monthlyMinor: 200 }],
  currencies: {
    USD: { setUpMinor: 0, leastMonthlyMinor: 0, stepMinor: 1 },
    INR: { setUpMinor: 0, leastMonthlyMinor: 0, stepMinor: 100 },
  },
  builtIn: { asOf: "2026-01-01", currency: "USD", monthly: { DE: { local: "7.00" } } },
};

type Answer = readonly ProviderPrice[] | undefined | Error;
const local = (monthly: string): readonly ProviderPrice[] => [{ type: "local", currency: "USD", monthly }];

/** A provider that answers what the test says, and counts how often it is asked. */
function setUp(answers: (country: string) => Answer | Promise<Answer>) {
  const state = { nowMs: 0, asked: [] as string[], failures: [] as string[] };
  const prices = createNumberPrices({
    provider: {
      async prices(country) {
        state.asked.push(country);
        const answer = await answers(country);
        if (answer instanceof Error) throw answer;
        return answer;
      },
    },
    clock: () => state.nowMs,
    rates: parseExchangeRates("INR=90"),
    book,
    onFailure: (country) => state.failures.push(country),
  });
  const monthly = async (country: string, type: "local" | "mobile" = "local") => {
    const quote = await prices.quote(country, type, "USD");
    return quote && `${quote.monthlyMinor} ${quote.source}`;
  };
  return { state, prices, monthly };
}

test("a country's prices are asked for once in six hours, for every type and currency", async () => {
  let price = "3.00";
  const { state, monthly, prices } = setUp(() => local(price));
  expect(await monthly("DE")).toBe("300 provider");
  price = "4.00";
  state.nowMs = 6 * HOUR_MS - 1;
  expect(await monthly("DE")).toBe("300 provider");
  expect((await prices.quote("DE", "local", "INR"))?.monthlyMinor).toBe(27_000);
  expect(await monthly("DE", "mobile")).toBeUndefined();
  expect(state.asked).toEqual(["DE"]);
  state.nowMs = 6 * HOUR_MS;
  expect(await monthly("DE")).toBe("400 provider");
  expect(state.asked).toEqual(["DE", "DE"]);
});

test("each country has its own prices", async () => {
  const { state, monthly } = setUp((country) => local(country === "DE" ? "3.00" : "5.00"));
  expect([await monthly("DE"), await monthly("FR"), await monthly("DE")]).toEqual(["300 provider", "500 provider", "300 provider"]);
  expect(state.asked).toEqual(["DE", "FR"]);
});

test("a fixed price asks nobody", async () => {
  const { state, monthly } = setUp(() => new Error("down"));
  expect(await monthly("US")).toBe("200 fixed");
  expect(state.asked).toEqual([]);
});

test("a hundred quotes at once share one fetch", async () => {
  const gate = Promise.withResolvers<void>();
  const { state, monthly } = setUp(async () => {
    await gate.promise;
    return local("3.00");
  });
  const quotes = Array.from({ length: 100 }, () => monthly("DE"));
  gate.resolve();
  expect(new Set(await Promise.all(quotes))).toEqual(new Set(["300 provider"]));
  expect(state.asked).toEqual(["DE"]);
});

test("a hundred quotes at once share one failure", async () => {
  const { state, monthly } = setUp(() => new Error("down"));
  expect(new Set(await Promise.all(Array.from({ length: 100 }, () => monthly("DE"))))).toEqual(new Set(["700 built_in"]));
  expect([state.asked, state.failures]).toEqual([["DE"], ["DE"]]);
});

describe("when the provider does not answer", () => {
  test("the last price that it gave holds, and it is left alone for a minute", async () => {
    let answer: Answer = local("3.00");
    const { state, monthly } = setUp(() => answer);
    await monthly("DE");
    answer = new Error("down");
    state.nowMs = 7 * HOUR_MS;
    expect(await monthly("DE")).toBe("300 provider");
    state.nowMs += 59_999;
    expect(await monthly("DE")).toBe("300 provider");
    expect(state.asked).toHaveLength(2);
    answer = local("4.00");
    state.nowMs += 1;
    expect(await monthly("DE")).toBe("400 provider");
    expect(state.asked).toHaveLength(3);
    expect(state.failures).toEqual(["DE"]);
  });
  test("a second failure does not forget the price either", async () => {
    let answer: Answer = local("3.00");
    const { state, monthly } = setUp(() => answer);
    await monthly("DE");
    answer = new Error("down");
    for (const hours of [7, 8, 9]) {
      state.nowMs = hours * HOUR_MS;
      expect(await monthly("DE")).toBe("300 provider");
    }
  });
  test("and never has, the built-in list stands in; without it there is no price", async () => {
    const { state, monthly } = setUp(() => new Error("down"));
    expect(await monthly("DE")).toBe("700 built_in");
    expect(await monthly("FR")).toBeUndefined();
    state.nowMs = 30_000;
    expect(await monthly("DE")).toBe("700 built_in");
    expect(state.asked).toEqual(["DE", "FR"]);
  });
  test("one country's failure does not stop another's prices", async () => {
    const { monthly } = setUp((country) => (country === "DE" ? new Error("down") : local("5.00")));
    expect([await monthly("DE"), await monthly("FR")]).toEqual(["700 built_in", "500 provider"]);
  });
});

test("a country that the provider has no prices for is not asked about again either", async () => {
  const { state, monthly } = setUp(() => undefined);
  expect([await monthly("DE"), await monthly("DE"), await monthly("ZZ")]).toEqual(["700 built_in", "700 built_in", undefined]);
  expect([state.asked, state.failures]).toEqual([["DE", "ZZ"], []]);
});

test("prices that can't be read count as no answer", async () => {
  const { state, monthly } = setUp(() => [...local("3.00"), { type: "mobile", currency: "USD", monthly: "n/a" }]);
  expect(await monthly("DE")).toBe("700 built_in");
  expect(state.failures).toEqual(["DE"]);
});

test("a currency without an exchange rate is an error: it is our configuration that is wrong", async () => {
  const { monthly } = setUp(() => [{ type: "local", currency: "GBP", monthly: "3.00" }]);
  await expect(monthly("DE")).rejects.toThrow("EXCHANGE_RATES has no rate for GBP");
});
