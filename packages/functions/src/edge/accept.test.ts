import { expect, test } from "vitest";
import { prefersCsv } from "./accept.ts";

test.each<[string | undefined, boolean]>([
  [undefined, false],
  ["", false],
  ["*/*", false],
  ["application/json", false],
  ["text/html", false],
  ["text/csv", true],
  ["TEXT/CSV; header=present", true],
  ["text/*", true],
  ["text/csv, */*;q=0.1", true],
  ["application/json;q=0.5, text/csv;q=0.9", true],
  ["application/json;q=0.9, text/csv;q=0.5", false],
  // As well as: JSON is the default.
  ["text/csv, application/json", false],
  ["text/csv;q=0", false],
  ["text/csv;q=0, text/*", false],
  ["application/json;q=0, */*", true],
  ["text/csv;q=0.001, application/json;q=0", true],
  ["text/csv;q=7", true],
  [",,;;,q=1", false],
])("Accept: %s means CSV: %s", (accept, csv) => expect(prefersCsv(accept)).toBe(csv));
