import * as fc from "fast-check";
import { expect, test } from "vitest";
import { CURRENCIES, type Currency, currencies, PRESETS_MINOR } from "./currency.ts";
import { formatMoney, formatPlain } from "./format.ts";
import { parseAmount } from "./parse.ts";

const minor = (text: string, currency: Currency = "USD", locale = "en-US") => {
  const parsed = parseAmount(text, currency, locale);
  return "problem" in parsed ? parsed.problem : parsed.amountMinor;
};

test("every preset can be paid", () => {
  for (const currency of currencies)
    for (const minor of PRESETS_MINOR[currency]) {
      expect(minor).toBeGreaterThanOrEqual(CURRENCIES[currency].floorMinor);
      expect(minor).toBeLessThanOrEqual(CURRENCIES[currency].ceilingMinor);
    }
});

test.each([
  ["25", 2500],
  ["25.", 2500],
  ["25.5", 2550],
  ["25.50", 2550],
  ["0025", 2500],
  [" $ 25.00 ", 2500],
  ["USD 25", 2500],
  ["25 usd", 2500],
  ["1,234.56", 123456],
  ["1,00,0.00", "unreadable"],
  ["10000", 1000000],
  ["10,000.00", 1000000],
  ["10000.01", "too_large"],
  ["99999999999999999999999", "too_large"],
  ["1", 100],
  ["0.99", "too_small"],
  ["0", "too_small"],
  ["", "missing"],
  ["$", "missing"],
  ["  ", "missing"],
  ["1,50", "unreadable"],
  ["1.000", "too_precise"],
  ["-5", "unreadable"],
  ["−5", "unreadable"],
  ["+5", "unreadable"],
  ["1e3", "unreadable"],
  ["0x10", "unreadable"],
  ["NaN", "unreadable"],
  ["Infinity", "unreadable"],
  ["5 0", "unreadable"],
  [".5", "unreadable"],
  ["１２", 1200],
  ["1.23.4", "unreadable"],
])("%j in American English", (text, expected) => expect(minor(text)).toBe(expected));

test.each([
  ["1,00,000", "INR", "en-IN", 10000000],
  ["₹5,00,000.00", "INR", "en-IN", 50000000],
  ["₹5,00,000.01", "INR", "en-IN", "too_large"],
  ["99.99", "INR", "en-IN", "too_small"],
  ["Rs. 250", "INR", "en-IN", "unreadable"],
  ["$250", "INR", "en-IN", "unreadable"],
  ["INR 250", "INR", "en-IN", 25000],
  ["१२५.५०", "INR", "mr-IN", 12550],
  ["25,50", "USD", "de-DE", 2550],
  ["1.234,56 $", "USD", "de-DE", 123456],
  ["25.50", "USD", "de-DE", 2550],
  ["1.000", "USD", "de-DE", 100000],
  ["1 234,56", "USD", "fr-FR", 123456],
  ["1\u202f234,56", "USD", "fr-FR", 123456],
  ["1'234.50", "USD", "de-CH", 123450],
  ["١٢٫٥٠", "USD", "ar-EG", 1250],
] as const)("%s %s in %s", (text, currency, locale, expected) => expect(minor(text, currency, locale)).toBe(expected));

test("what the page writes it reads back, in every locale, to the cent", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...currencies),
      fc.constantFrom("en-US", "en-IN", "hi-IN", "mr-IN", "de-DE", "de-CH", "fr-FR", "ar-EG", "fa-IR", "pt-BR", "pl-PL", "sv-SE", "ja-JP"),
      fc.nat(),
      (currency, locale, n) => {
        const { floorMinor, ceilingMinor } = CURRENCIES[currency];
        const amount = floorMinor + (n % (ceilingMinor - floorMinor + 1));
        expect(minor(formatPlain(amount, currency, locale), currency, locale)).toBe(amount);
        expect([locale, minor(formatMoney(amount, currency, locale), currency, locale)]).toEqual([locale, amount]);
      },
    ),
    { numRuns: 2000 },
  );
});

test("amounts beyond a float's exact cents are written exactly", () => {
  expect(formatMoney(Number.MAX_SAFE_INTEGER, "USD", "en-US")).toBe("$90,071,992,547,409.91");
  expect(formatMoney(-5, "USD", "en-US", { signed: true })).toBe("−$0.05");
  expect(formatMoney(0, "INR", "en-IN", { signed: true })).toBe("₹0.00");
});
