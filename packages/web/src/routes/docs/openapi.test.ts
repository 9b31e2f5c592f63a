import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { lineOf, type OpenApi, operationsOf, resolve } from "./openapi.ts";

const document = JSON.parse(readFileSync(new URL("../../../../contract/openapi.json", import.meta.url), "utf8")) as OpenApi;
const operations = operationsOf(document);

test("every operation of the contract has a name, a summary and a group to stand in", () => {
  expect(operations.length).toBeGreaterThan(15);
  for (const { operationId, summary, tag } of operations) expect([operationId, summary, tag].every(Boolean), operationId).toBe(true);
});

test("every reference leads somewhere, and every parameter and field has a line", () => {
  for (const operation of operations) {
    for (const parameter of operation.parameters ?? []) {
      const { schema, name } = resolve(document, parameter);
      expect(lineOf(document, schema ?? {}), `${operation.operationId} ${name}`).not.toMatch(/undefined|\[object/);
    }
    for (const answer of Object.values(operation.responses ?? {})) expect(resolve(document, answer).$ref).toBeUndefined();
  }
});

test.each([
  [{ type: "integer", minimum: 1, maximum: 5 }, "integer, ≥ 1, ≤ 5"],
  [{ enum: ["USD", "INR"] }, '"USD" | "INR"'],
  [{ type: "array", items: { type: "string", format: "date" } }, "array of date"],
  [{ anyOf: [{ type: "string" }, { type: "null" }] }, "string | null"],
  [{ type: "string", default: "a", maxLength: 9 }, 'string, to 9 characters, default "a"'],
])("%j is %s", (schema, line) => expect(lineOf({ info: { title: "", version: "" }, paths: {} }, schema)).toBe(line));
