import { expect, test } from "vitest";
import { writeAddress } from "../../filters/address.ts";
import { hasWords, NO_FILTERS, readFilters, toQuery } from "./filters.ts";
import type { ConversationView } from "./shapes.ts";

const CALL = {
  peer: "+14155550123",
  phoneNumber: "+442079460231",
  preview: "Please call me back about the Order",
  voicemail: null,
} as unknown as ConversationView;

test("filters stand in the address and come back from it", () => {
  const filters = { ...NO_FILTERS, kind: "call", number: `num_${"0".repeat(26)}`, from: "2026-03-01", q: "order" } as const;
  expect(readFilters(writeAddress(new URLSearchParams(), filters))).toEqual(filters);
});

test("what the address cannot mean is left out", () => {
  expect(readFilters(new URLSearchParams("kind=fax&number=x&from=2026-13-99&to=&q=%20"))).toEqual(NO_FILTERS);
});

test("a period is whole days, both included", () => {
  const { from = "", to = "" } = toQuery({ ...NO_FILTERS, from: "2026-03-01", to: "2026-03-01" });
  expect(Date.parse(to) - Date.parse(from)).toBe(86_400_000);
});

test.each([
  ["order", true],
  ["555 0123", true],
  ["(415) 555", true],
  ["+1 415", true],
  ["7946", true],
  ["invoice", false],
  ["-", false],
])("%j is found: %s", (words, found) => expect(hasWords(CALL, words)).toBe(found));
