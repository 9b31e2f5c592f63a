import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dividedBy, minorUnits, parseDecimal, raisedBy, times, toSafeNumber, wholeCount } from "./decimal.ts";

describe("a decimal string is the number that it says, exactly", () => {
  test.each([
    ["1.15", 115n, 100n],
    ["0", 0n, 1n],
    ["00.10", 10n, 100n],
    ["999999999999999.999999999999999", 999999999999999999999999999999n, 10n ** 15n],
  ])("%s", (text, numerator, denominator) => {
    expect(parseDecimal(text, "price")).toEqual({ numerator, denominator });
  });
});

describe("what is no decimal is an error that names the field", () => {
  test.each(["", " 1", "1 ", "1.", ".5", "-1", "+1", "1e3", "1,15", "0x10", "NaN", "Infinity", "1.2.3", "१.५", "1\n", "1".repeat(16)])(
    "%j",
    (text) => {
      expect(() => parseDecimal(text, "the price of GB mobile")).toThrow("the price of GB mobile must be a decimal like 1.15");
    },
  );
  test("also what is no text at all, as a vendor's answer may be", () => {
    for (const wrong of [undefined, null, 1.15, {}])
      expect(() => parseDecimal(wrong as unknown as string, "price")).toThrow(/^price must be a decimal/);
  });
  test("a long text is not repeated in full", () => {
    expect(() => parseDecimal("9".repeat(10_000), "price")).toThrow(/^.{0,90}$/);
  });
});

describe("minor units are rounded up, and only when there is something to round", () => {
  test.each([
    ["1.15", 2, 115n],
    ["1.150000", 2, 115n],
    ["1.1500001", 2, 116n],
    ["0.0001", 2, 1n],
    ["0", 2, 0n],
    ["7", 0, 7n],
    ["7.01", 0, 8n],
    ["1.2345", 3, 1235n],
  ])("%s with %i decimals is %s", (text, decimals, expected) => {
    expect(minorUnits(parseDecimal(text, "price"), decimals)).toBe(expected);
  });
  test("ten percent on a dollar is 110 cents, where floats make it 111", () => {
    expect(Math.ceil(1 * 1.1 * 100)).toBe(111);
    expect(minorUnits(raisedBy(parseDecimal("1.00", "price"), parseDecimal("10", "mark-up")), 2)).toBe(110n);
  });
});

test("multiplying and dividing by the same number gives the same amount, whatever the numbers", () => {
  const decimals = fc.tuple(fc.nat(10 ** 9), fc.nat(10 ** 9)).map(([whole, fraction]) => `${whole}.${fraction}`);
  fc.assert(
    fc.property(decimals, decimals, (amountText, rateText) => {
      const amount = parseDecimal(amountText, "amount");
      const rate = parseDecimal(rateText, "rate");
      fc.pre(rate.numerator > 0n);
      const back = dividedBy(times(amount, rate), rate);
      expect(back.numerator * amount.denominator).toBe(amount.numerator * back.denominator);
    }),
  );
});

test("a division by zero, an amount that no number holds, and a count with a fraction are mistakes of ours", () => {
  expect(() => dividedBy(parseDecimal("1", "a"), parseDecimal("0.00", "b"))).toThrow("divided by zero");
  expect(toSafeNumber(2n ** 53n - 1n)).toBe(Number.MAX_SAFE_INTEGER);
  expect(() => toSafeNumber(2n ** 53n)).toThrow("beyond what a number holds exactly");
  for (const wrong of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])
    expect(() => wholeCount(wrong, "seconds")).toThrow("seconds must be a whole number of zero or more");
});
