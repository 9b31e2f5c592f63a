import { describe, expect, test } from "vitest";
import { InvariantError } from "../lib/index.ts";
import { parseRegulatory } from "./regulatory.ts";

const address = (digit: string) => `AD${digit.repeat(32)}`;
const bundle = (digit: string) => `BU${digit.repeat(32)}`;

describe("what is on file for a country", () => {
  test("serves all of its types, but a type's own goes first", () => {
    const lookup = parseRegulatory(`AU=${address("1")}, AU:mobile=${address("2")},GB:local=${address("3")},`);
    expect(lookup("AU", "local")).toBe(address("1"));
    expect(lookup("AU", "mobile")).toBe(address("2"));
    expect(lookup("GB", "local")).toBe(address("3"));
    expect(lookup("GB", "mobile")).toBeUndefined();
    expect(lookup("DE", "local")).toBeUndefined();
  });

  test("is read the same way for bundles", () => {
    expect(parseRegulatory(`DE:toll_free=${bundle("a")}`)("DE", "toll_free")).toBe(bundle("a"));
  });

  test.each([undefined, "", " , "])("is nothing where nothing is configured: %j", (value) => {
    expect(parseRegulatory(value)("GB", "local")).toBeUndefined();
  });

  test.each([
    ["a type that does not exist", `AU:moblie=${address("1")}`, /moblie is no type/],
    ["no SID", "GB=", /GB=AD/],
    ["a SID of something else", `GB=PN${"1".repeat(32)}`, /GB=AD/],
    ["a country in small letters", `gb=${address("1")}`, /GB=AD/],
    ["one country twice", `GB=${address("1")},GB=${address("2")}`, /twice/],
  ])("is refused at the start with %s, rather than missed at a purchase", (_, value, message) => {
    const parse = () => parseRegulatory(value);
    expect(parse).toThrow(InvariantError);
    expect(parse).toThrow(message);
  });
});
