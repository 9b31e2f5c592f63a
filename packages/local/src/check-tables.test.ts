import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Operation } from "@aira/contract";
import { afterEach, expect, test } from "vitest";
import { tableProblems } from "./check-tables.ts";
import { fixtureTables } from "./fixtures/tables.ts";
import type { Tables } from "./tables.ts";

const fixtures = join(import.meta.dirname, "fixtures/functions");
const operation = (key: string, auth: Operation["auth"]): Operation => {
  const [method, path] = key.split(" ") as [Operation["method"], Operation["path"]];
  return { method, path, auth, summary: key, output: { _zod: {} } as unknown as Operation["output"], status: 200, errors: [] };
};
const contract = Object.fromEntries(Object.entries(fixtureTables.routes).map(([key, { auth }]) => [key, operation(key, auth)]));

let made: string | undefined;
afterEach(async () => {
  if (made) await rm(made, { recursive: true });
  made = undefined;
});

const withRoute = (key: string, change: Partial<Tables["routes"][string]>): Tables => ({
  ...fixtureTables,
  routes: { ...fixtureTables.routes, [key]: { ...fixtureTables.routes["GET /api/public"]!, ...change } },
});

test("tables, handlers and contract that agree have no problem", async () => {
  expect(await tableProblems(fixtureTables, fixtures, contract)).toEqual([]);
});

test.each([
  [
    "a handler without a file",
    { handler: "http/missing.handler" },
    /"GET \/api\/public": The handler http\/missing.handler cannot be loaded/,
  ],
  ["a handler without an export", { handler: "http/echo.other" }, /http\/echo.ts exports no function "other"/],
  ["another authorization than the contract's", { auth: "jwt" }, /"GET \/api\/public" has auth "jwt".*needs "none"/],
  [
    "a queue that is not there",
    { access: { send: ["lost"] } },
    /names the queue "lost" under send, which stacks\/consumers.ts does not have/,
  ],
] as const)("a row with %s is named", async (_what, change, sentence) => {
  const problems = await tableProblems(withRoute("GET /api/public", change), fixtures, contract);
  expect(problems).toContainEqual(expect.stringMatching(sentence));
});

test("a route that the contract does not have, and an operation without a route, are named", async () => {
  expect(await tableProblems(withRoute("GET /api/extra", {}), fixtures, contract)).toEqual([
    'stacks/routes.ts: "GET /api/extra" is no operation of the contract',
  ]);
  expect(await tableProblems(fixtureTables, fixtures, { ...contract, more: operation("GET /api/more", "none") })).toEqual([
    "The operation more (GET /api/more) has no row in stacks/routes.ts",
  ]);
});

test("a handler's file without a row is named, a test beside it is not", async () => {
  made = await mkdtemp(join(tmpdir(), "aira-functions-"));
  await cp(fixtures, made, { recursive: true });
  for (const name of ["stray.ts", "stray.test.ts"]) await writeFile(join(made, "schedules", name), "");
  const problems = await tableProblems(fixtureTables, made, contract);
  expect(problems.filter((problem) => problem.includes("stray"))).toEqual([
    "schedules/stray.ts is named by no row of stacks/routes.ts, consumers.ts or schedules.ts",
  ]);
});
