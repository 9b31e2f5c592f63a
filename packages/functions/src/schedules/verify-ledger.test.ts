import { ownerHashOf } from "@aira/core/audit";
import { adjust, queryEntries } from "@aira/core/ledger";
import { keys } from "@aira/core/table";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ledgerPorts } from "../edge/services.ts";
import { contextWith, outputOf } from "../fixtures/invocation.ts";
import { type Running, startTable } from "../fixtures/services.ts";
import { tick } from "../fixtures/tick.ts";
import { handler } from "./verify-ledger.ts";

let table: Running;
beforeAll(async () => {
  table = await startTable();
});
afterAll(() => table?.stop());

const OWNER = "canary-owner";
const run = () => outputOf(() => handler(tick, contextWith(300_000)));
const lines = (output: string): Record<string, unknown>[] =>
  output
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line));
const fund = (adjustmentId: string) =>
  adjust(ledgerPorts(), { owner: OWNER, adjustmentId, currency: "USD", amountMinor: 500, reason: "canary-reason", actor: "canary-actor" });

test("a run over a sound ledger anchors each head in the log and counts zero violations", async () => {
  await fund("adj_1");
  const { result, output } = await run();
  expect(result).toEqual({ wallets: 1, full: 1, entries: 1, violations: 0, complete: true });
  expect(lines(output).find(({ message }) => message === "ledger anchor")).toMatchObject({
    ownerHash: ownerHashOf(OWNER),
    seq: 1,
    head: expect.stringMatching(/^[0-9a-f]{64}$/),
    at: expect.stringMatching(/Z$/),
  });
  expect(lines(output).find((line) => "LedgerViolations" in line)?.LedgerViolations).toBe(0);
  expect(output).not.toContain("canary");
  expect((await run()).result).toMatchObject({ wallets: 1, full: 0, entries: 0 });
});

test("a violation is an error in the log and a count, and names no customer", async () => {
  await fund("adj_2");
  const [entry] = (await queryEntries(ledgerPorts().table, OWNER, { limit: 1, newestFirst: true })).entries;
  await ledgerPorts().table.write({ update: keys.entry(OWNER, entry!.at, entry!.seq), set: { amountMinor: 501 } });
  const { result, output } = await run();
  expect(result).toMatchObject({ violations: 2, complete: true });
  expect(lines(output).filter(({ level }) => level === "ERROR")).toMatchObject([
    { message: "ledger violation", ownerHash: ownerHashOf(OWNER), seq: 2, broken: "the hash matches the entry's fields" },
    { message: "ledger violation", seq: 2 },
  ]);
  expect(lines(output).find((line) => "LedgerViolations" in line)?.LedgerViolations).toBe(2);
  expect(output).not.toContain("canary");
});
