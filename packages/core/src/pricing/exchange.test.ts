import { describe, expect, test } from "vitest";
import { minorUnits, parseDecimal } from "./decimal.ts";
import { exchange, parseExchangeRates } from "./exchange.ts";

const cents = (amount: string, from: string, to: string, rates: string) =>
  minorUnits(exchange(parseDecimal(amount, "amount"), from, to, parseExchangeRates(rates)), 2);

test("a dollar is what the configuration says that it costs", () => {
  expect(cents("1.15", "USD", "INR", "INR=88.50")).toBe(10_178n);
  expect(cents("88.50", "INR", "USD", "INR=88.50")).toBe(100n);
});

test("between two other currencies the way is through the dollar, rounded once at the end", () => {
  expect(cents("0.92", "EUR", "INR", "INR=88.50, EUR=0.92")).toBe(8_850n);
  expect(cents("1.00", "EUR", "INR", "INR=88.50,EUR=0.92")).toBe(9_620n);
});

test("an amount in its own currency needs no rate", () => {
  expect(cents("1.15", "GBP", "GBP", "INR=88.50")).toBe(115n);
});

test("without any rates there is the dollar", () => {
  expect(cents("1.15", "USD", "USD", "")).toBe(115n);
  expect([...parseExchangeRates("").keys()]).toEqual(["USD"]);
});

test("a currency without a rate is told by its name", () => {
  expect(() => cents("1", "EUR", "INR", "INR=88.50")).toThrow("EXCHANGE_RATES has no rate for EUR");
  expect(() => cents("1", "USD", "INR", "EUR=0.92")).toThrow("EXCHANGE_RATES has no rate for INR");
});

describe("bad rates are refused, by the currency's name", () => {
  test.each([
    ["INR", "must be a list of currency=rate"],
    ["INR=", "the rate of INR must be a decimal"],
    ["INR=88,5", "must be a list of currency=rate"],
    ["INR=-1", "the rate of INR must be a decimal"],
    ["INR=0.00", "the rate of INR must be above zero"],
    ["INR=88.5,INR=89", "the rate of INR stands there twice"],
    ["USD=2", "the rate of USD is always 1"],
    ["inr=88.5", "must be a list of currency=rate"],
    ["=88.5", "must be a list of currency=rate"],
    ["INR=88=5", "the rate of INR must be a decimal"],
  ])("%s", (text, message) => {
    expect(() => parseExchangeRates(text)).toThrow(message);
    expect(() => parseExchangeRates(text)).toThrow(/^EXCHANGE_RATES/);
  });
});
