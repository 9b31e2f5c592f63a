import fc from "fast-check";
import { expect, test } from "vitest";
import { csvRecord, plainText } from "./csv.ts";

test.each([
  ["=1+1", "'=1+1"],
  ["+15550100", "'+15550100"],
  ["-2", "'-2"],
  ["@SUM(A1)", "'@SUM(A1)"],
  ["\t=1", "'\t=1"],
  ["\rx", "'\rx"],
  ["  =1", "'  =1"],
  ["＝1+1", "'＝1+1"],
  ["Refund - partial", "Refund - partial"],
  ["", ""],
])("the text %j is harmless as %j", (text, harmless) => expect(plainText(text)).toBe(harmless));

test("a cell with a comma, a quote, a line end or an outer space is quoted, and no other", () => {
  expect(csvRecord(["a", "b,c", 'say "x"', "d\ne", " f", "-5.00", ""])).toBe('a,"b,c","say ""x""","d\ne"," f",-5.00,\r\n');
});

/** A reader of RFC 4180, for one record. */
function read(record: string): string[] {
  expect(record.endsWith("\r\n")).toBe(true);
  const cells = `,${record.slice(0, -2)}`.matchAll(/,(?:"((?:[^"]|"")*)"|([^",\r\n]*))(?=,|$)/g);
  return [...cells].map(([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? "");
}

test("whatever stands in the cells, a reader finds the same cells again", () => {
  const cell = fc.oneof(fc.string({ unit: "grapheme" }), fc.string({ unit: fc.constantFrom('"', ",", "\r", "\n", " ", "=", "a") }));
  // A failure prints its seed.
  fc.assert(
    fc.property(fc.array(cell, { minLength: 1, maxLength: 6 }), (cells) => {
      expect(read(csvRecord(cells))).toEqual(cells);
    }),
    { numRuns: 500 },
  );
});
