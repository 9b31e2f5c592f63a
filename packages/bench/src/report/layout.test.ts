import { expect, it } from "vitest";
import { markdownSection, markdownTable, textSection, textTable, verdictTable } from "./layout.ts";

const table = {
  head: ["operation", "units", "time"],
  rows: [
    ["credit", "6", "3.14 ms"],
    ["a page of 50 | newest", "12", "–"],
  ],
};

it("a terminal's columns line up, numbers flush right", () => {
  expect(textTable(table)).toBe(
    [
      "operation              units     time",
      "---------------------  -----  -------",
      "credit                     6  3.14 ms",
      "a page of 50 | newest     12        –",
    ].join("\n"),
  );
});

it("a row may be shorter than the head", () => {
  expect(textTable({ head: ["a", "b"], rows: [["x"]] })).toBe("a  b\n-  -\nx");
});

it("Markdown aligns the same columns, and a bar does not end a cell", () => {
  expect(markdownTable(table)).toBe(
    ["| operation | units | time |", "| --- | --: | --: |", "| credit | 6 | 3.14 ms |", "| a page of 50 \\| newest | 12 | – |"].join("\n"),
  );
});

const verdict = { promise: "burst", target: "at least 500", measured: "373", met: false };

it("a promise that was missed is said aloud, and one that was not measured is not counted as kept", () => {
  expect(verdictTable([verdict, { ...verdict, met: undefined }]).rows.map((row) => row.at(-1))).toEqual(["NO", "–"]);
});

it("a section holds its tables, verdicts and notes in both forms", () => {
  const section = { title: "Credit", method: ["How."], tables: [table], notes: ["Mind this."], verdicts: [verdict] };
  for (const text of [textSection(section), markdownSection(section)])
    for (const part of ["Credit", "3.14 ms", "at least 500", "Mind this."]) expect(text).toContain(part);
  expect(markdownSection(section)).toContain("How.");
});
