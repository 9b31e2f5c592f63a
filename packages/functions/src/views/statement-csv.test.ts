import { expect, test } from "vitest";
import { decimal } from "./statement-csv.ts";

test.each([
  [0, "0.00"],
  [5, "0.05"],
  [-5, "-0.05"],
  [100, "1.00"],
  [-12_345, "-123.45"],
  // A float would give 90071992547409.92.
  [9_007_199_254_740_991, "90071992547409.91"],
])("%i minor units are %s", (amountMinor, text) => expect(decimal(amountMinor, "USD")).toBe(text));
