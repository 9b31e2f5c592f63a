import { SearchNumbersQuery } from "@aira/contract";
import { expect, test } from "vitest";
import { type Criteria, isWrong, toSearch } from "./criteria.ts";

const CRITERIA: Criteria = {
  country: "US",
  type: "local",
  areaCode: "",
  contains: "",
  locality: "",
  capabilities: [],
  currency: "USD",
};

test("an empty form is a search for anything", () => {
  expect(toSearch(CRITERIA)).toEqual({ country: "US", type: "local", currency: "USD" });
});

test("what is half typed is not sent, and said to be wrong", () => {
  const half = { ...CRITERIA, areaCode: "41", contains: "5", locality: "<script>" };
  expect(toSearch(half)).toEqual(toSearch(CRITERIA));
  expect((["areaCode", "contains", "locality"] as const).map((field) => isWrong(half, field))).toEqual([true, true, true]);
  expect((["areaCode", "contains", "locality"] as const).map((field) => isWrong(CRITERIA, field))).toEqual([false, false, false]);
});

test("an area code belongs to North America", () => {
  expect(toSearch({ ...CRITERIA, country: "GB", areaCode: "415" })).not.toHaveProperty("areaCode");
});

test("every search that the form makes follows the contract", () => {
  const full: Criteria = { ...CRITERIA, areaCode: " 415 ", contains: "AIRA*", locality: "San Francisco", capabilities: ["voice", "sms"] };
  expect(SearchNumbersQuery.safeParse({ ...toSearch(full), limit: "20" }).success).toBe(true);
  expect(toSearch(full)).toMatchObject({ areaCode: "415", contains: "AIRA*", locality: "San Francisco", capabilities: "voice,sms" });
});
