import { existsSync, readdirSync } from "node:fs";
import { expect, it } from "vitest";
import type { CoreUnderTest } from "./core-under-test.ts";
import { core } from "./core-under-test.ts";
import { withMutant } from "./mutate.ts";

const COPIES = new URL("../../../core/.mutants", import.meta.url);
const copies = () => (existsSync(COPIES) ? readdirSync(COPIES) : []);
const change = { rule: "a test", file: "ledger/post.ts", find: "MAX_OPERATIONS = 49;", replace: "MAX_OPERATIONS = 7;" };
const limitOf = ({ ledger }: CoreUnderTest) => Promise.resolve(ledger.MAX_OPERATIONS);

it("changes a copy and leaves the original alone", async () => {
  expect(await withMutant(change, limitOf)).toBe(7);
  expect(await limitOf(core)).toBe(49);
});

it("says so when the text to change is not there once", async () => {
  await expect(withMutant({ ...change, find: "no such text" }, limitOf)).rejects.toThrow(/must find its text once .* 0 times/);
  await expect(withMutant({ ...change, find: "const " }, limitOf)).rejects.toThrow(/must find its text once/);
});

it("removes the copy, also on failure", async () => {
  const mine = new Set<string>();
  const before = new Set(copies());
  const fail = () => {
    for (const name of copies()) if (!before.has(name)) mine.add(name);
    return Promise.reject(new Error("fails"));
  };
  await expect(withMutant(change, fail)).rejects.toThrow("fails");
  expect(mine.size).toBeGreaterThan(0);
  await expect.poll(() => copies().some((name) => mine.has(name)), { timeout: 10_000 }).toBe(false);
});
