import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decimalOf, minorOf } from "../money-text.ts";
import { topUpFault, writtenAmount, writtenCurrency } from "./amount.ts";
import { countryInSentence, writtenAreaCode, writtenCountry, writtenType } from "./places.ts";

describe("an amount is read as it was written", () => {
  test.each([
    ["$25", "USD", "25"],
    ["25 dollars", "USD", "25"],
    ["US$1,250.50 please", "USD", "1250.50"],
    ["add 25USD.", "USD", "25"],
    ["₹500", "INR", "500"],
    ["Rs. 500", "INR", "500"],
    ["rs 1,00,000", "INR", "100000"],
    ["५०० रुपये", "INR", "500"],
    ["500 रुपए का टॉप अप", "INR", "500"],
    ["२५ डॉलर", "USD", "25"],
    ["500 rupaye dalo", "INR", "500"],
    ["top up 40", undefined, "40"],
    ["from my 2 cards add $30", "USD", "30"],
  ])("%s", (text, currency, decimal) => expect(writtenAmount(text)).toEqual({ currency, decimal }));

  test.each([
    "",
    "dollars",
    "$5 or $6",
    "5 or 6",
    "-5 dollars",
    "add -$5",
    "$ -5",
    "$1,50",
    "1,2,3 rupees",
    "1 lakh rupees",
    "5 hundred dollars",
    "$25k",
    "+14155550100",
    "12345678901 dollars",
    "1.2.3 dollars",
    "5 हज़ार रुपये",
  ])("and not guessed from %j", (text) => expect(writtenAmount(text)).toBeUndefined());

  test("any amount, with and without separators", () => {
    const grouped = (locale: string, minor: number) =>
      new Intl.NumberFormat(locale, { minimumFractionDigits: 2 }).format(decimalOf(minor, "USD"));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99_999_999_999 }), fc.constantFrom("en-US", "en-IN", "hi-IN-u-nu-deva"), (minor, locale) => {
        const { decimal = "" } = writtenAmount(`add ₹${grouped(locale, minor)} now`) ?? {};
        expect(minorOf(decimal, "INR")).toBe(minor);
      }),
    );
  });
});

test("a currency that is not named, or named twice, is not known", () => {
  expect(writtenCurrency("prices in rupees")).toBe("INR");
  expect(writtenCurrency("dollars or rupees")).toBeUndefined();
  expect(writtenCurrency("cars and users")).toBeUndefined();
});

test.each([
  ["0.99", "USD", "too_small"],
  ["1", "USD", undefined],
  ["10000", "USD", undefined],
  ["10000.01", "USD", "too_large"],
  ["99.99", "INR", "too_small"],
  ["500000", "INR", undefined],
  ["1.999", "USD", "not_exact"],
] as const)("%s %s as a top-up: %s", (decimal, currency, fault) => expect(topUpFault(decimal, currency)).toBe(fault));

test.each([
  ["a number in India", "IN"],
  ["भारत का नंबर", "IN"],
  ["from the United States", "US"],
  ["अमेरिका", "US"],
  ["a US number", "US"],
  ["call us back", undefined],
  ["in the UK", "GB"],
  ["Guinea-Bissau", "GW"],
  ["जर्मनी में", "DE"],
  ["woman", undefined],
  ["nowhere", undefined],
])("the country in %j is %s", (text, country) => expect(writtenCountry(text)).toBe(country));

test("types and area codes are found where they are named", () => {
  expect(["toll-free number", "टोल फ्री नंबर", "a mobile one", "landline", "any"].map(writtenType)).toEqual([
    "toll_free",
    "toll_free",
    "mobile",
    "local",
    undefined,
  ]);
  expect(["area code 415", "with area code: 212!", "415", "area code 115"].map(writtenAreaCode)).toEqual([
    "415",
    "212",
    undefined,
    undefined,
  ]);
  expect([countryInSentence("US", "en-US"), countryInSentence("IN", "en-IN"), countryInSentence("IN", "hi-IN")]).toEqual([
    "the United States",
    "India",
    "भारत",
  ]);
});
