import type { Item, WriteResult } from "@aira/core/table";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seededRandom } from "../random.ts";
import { faultAt, randomFaults, runInContainer } from "./fault-plan.ts";
import { addFaults, type SdkCall, type SdkFault, sdkFaultsOf } from "./sdk-faults.ts";
import { freshOwner, startTableUnderTest, type TableUnderTest } from "./table-under-test.ts";

let emulator: TableUnderTest;
beforeAll(async () => {
  emulator = await startTableUnderTest();
});
afterAll(() => emulator.stop());

const never = () => Promise.reject(new Error("nothing crashes here"));

/** A client whose first call meets this fault, on a key of its own. */
function meeting(fault: SdkFault, random: () => number = () => 0.9) {
  const { client, table } = emulator.connect();
  const remove = addFaults(client, faultAt(0, fault), { crash: never, random });
  const key = { pk: freshOwner(), sk: "A" };
  const stored = (): Promise<Item | undefined> => emulator.table.get(key, { consistent: true });
  return { table, key, stored, remove, client };
}

const BEFORE = [
  ["conflict", "contended", ["TransactionCanceledException", "TransactionConflictException"]],
  ["throttled", "contended", ["ThrottlingException", "ThrottlingException"]],
  ["throughput_exceeded", "contended", ["ProvisionedThroughputExceededException", "ProvisionedThroughputExceededException"]],
  ["server_error", "unknown", ["InternalServerError", "InternalServerError"]],
  ["timeout_before", "unknown", ["TimeoutError", "TimeoutError"]],
] as const;

describe("a write that was not carried out", () => {
  test.each(BEFORE)("%s of a transaction or a single write is %s, and leaves nothing behind", async (fault, outcome, names) => {
    const results: [WriteResult, WriteResult] = await Promise.all(
      ["transact", "write"].map((how) => {
        const { table, key } = meeting(fault);
        return how === "transact" ? table.transact([{ put: key }, { put: { ...key, sk: "B" } }]) : table.write({ put: key });
      }) as [Promise<WriteResult>, Promise<WriteResult>],
    );
    expect(results.map((result) => result.outcome)).toEqual([outcome, outcome]);
    expect(results.map((result) => "cause" in result && (result.cause as Error).name)).toEqual(names);
    const { stored, table, key } = meeting(fault);
    await table.write({ put: key });
    expect(await stored()).toBeUndefined();
  });

  test("a transaction still in progress is contended", async () => {
    const { table, key } = meeting("in_progress");
    expect(await table.transact([{ put: key }])).toMatchObject({
      outcome: "contended",
      cause: { name: "TransactionInProgressException" },
    });
  });

  test("a cancelled transaction has a reason for each of its items, in their order", async () => {
    const { table, key } = meeting("conflict");
    const result = await table.transact([{ put: key }, { put: { ...key, sk: "B" } }, { put: { ...key, sk: "C" } }]);
    expect(result).toMatchObject({
      outcome: "contended",
      cause: { $fault: "client", CancellationReasons: [{ Code: "TransactionConflict" }, { Code: "None" }, { Code: "None" }] },
    });
  });
});

test("a timeout after the commit is unknown, and the write stands", async () => {
  const { table, key, stored } = meeting("timeout_after");
  expect(await table.write({ put: { ...key, n: 1 } })).toMatchObject({ outcome: "unknown", cause: { name: "TimeoutError" } });
  expect(await stored()).toMatchObject({ n: 1 });
});

test.each([
  ["crash_before", undefined],
  ["crash_after", { n: 1 }],
] as const)("after a %s nobody gets an answer", async (fault, left) => {
  const { client, table } = emulator.connect();
  const key = { pk: freshOwner(), sk: "A" };
  const ended = await runInContainer((crash) => {
    addFaults(client, faultAt(0, fault), { crash, random: () => 0 });
    return table.write({ put: { ...key, n: 1 } });
  });
  expect(ended).toEqual({ end: "crash" });
  const stored = await emulator.table.get(key, { consistent: true });
  expect(stored).toEqual(left && { ...key, ...left });
});

test.each(["throttled", "throughput_exceeded", "server_error", "timeout_before", "timeout_after"] as const)(
  "a read that meets %s is busy, since it can be asked again",
  async (fault) => {
    await expect(meeting(fault).table.get({ pk: "X", sk: "A" })).rejects.toMatchObject({ code: "service.busy", retry: true });
    await expect(meeting(fault).table.query({ pk: "X" })).rejects.toMatchObject({ code: "service.busy" });
  },
);

describe("eventual consistency", () => {
  const stale = (call: SdkCall & { n: number }): SdkFault | undefined => (call.n > 0 ? "stale" : undefined);

  test("a stale read sees an older answer of the same key, or nothing; a consistent one never does", async () => {
    const { client, table } = emulator.connect();
    const random = seededRandom(3);
    addFaults(client, stale, { crash: never, random });
    const key = { pk: freshOwner(), sk: "A" };
    await emulator.table.write({ put: { ...key, n: 1 } });
    await table.get(key);
    await emulator.table.write({ put: { ...key, n: 2 } });
    const seen = new Set<unknown>();
    for (let tries = 0; tries < 30; tries++) seen.add((await table.get(key))?.n);
    expect(seen).toEqual(new Set([undefined, 1, 2]));
    expect(await table.get(key, { consistent: true })).toMatchObject({ n: 2 });
  });

  test("an index page lacks entries that the table has", async () => {
    const { client, table } = emulator.connect();
    const list = freshOwner("LIST");
    for (const n of [1, 2, 3, 4, 5, 6]) await emulator.table.write({ put: { pk: freshOwner(), sk: "A", gsi2pk: list, gsi2sk: `${n}` } });
    const remove = addFaults(client, () => "index_lag", { crash: never, random: seededRandom(5) });
    const page = await table.query({ pk: list, index: "gsi2" });
    expect(page.items.length).toBeLessThan(6);
    remove();
    expect((await table.query({ pk: list, index: "gsi2" })).items).toHaveLength(6);
  });
});

test("a fault that a call can't meet does nothing", async () => {
  const { table, key } = meeting("stale");
  expect(await table.write({ put: key })).toEqual({ outcome: "committed" });
});

test("the same seed makes the same faults", () => {
  const run = (seed: number) => {
    const plan = randomFaults(seededRandom(seed), 0.5, sdkFaultsOf);
    return Array.from({ length: 40 }, (_, n) => plan({ command: "TransactWriteItems", input: {}, n }));
  };
  expect(run(7)).toEqual(run(7));
  expect(run(7)).not.toEqual(run(8));
  expect(run(7).filter((fault) => fault !== undefined).length).toBeGreaterThan(8);
});
