import type { Table } from "@aira/core/table";
import { afterAll, beforeAll, expect, test } from "vitest";
import { everyFaultPoint, type Run } from "./fault-points.ts";
import { freshOwner, startTableUnderTest, type TableUnderTest } from "./table-under-test.ts";

let emulator: TableUnderTest;
beforeAll(async () => {
  emulator = await startTableUnderTest();
});
afterAll(() => emulator.stop());

/** A way to credit ten once, on a fresh wallet, in the manner of the table's plain calls. */
function credit(how: (table: Table, wallet: { pk: string; sk: string }) => Promise<void>): () => Promise<Run> {
  return async () => {
    const wallet = { pk: freshOwner("NAIVE"), sk: "WALLET" };
    await emulator.table.write({ put: { ...wallet, balance: 0 } });
    return {
      act: ({ table }) => how(table, wallet),
      mayFailWith: () => {},
      async check() {
        expect((await emulator.table.get(wallet, { consistent: true }))?.balance).toBe(10);
      },
    };
  };
}

const insist = ({ outcome }: { outcome: string }): void => {
  if (outcome !== "committed") throw new Error(outcome);
};

test("a credit that first notes that it was done and then does it is found out: a crash between loses the money", async () => {
  const markerFirst = credit(async (table, wallet) => {
    const marked = await table.write({ put: { ...wallet, sk: "MARKER" }, if: { absent: true } });
    if (marked.outcome === "refused") return;
    insist(marked);
    insist(await table.write({ update: wallet, set: { balance: 10 } }));
  });
  await expect(everyFaultPoint(emulator, markerFirst)).rejects.toThrow(/^broken by timeout_after at SDK call 0 \(PutItem\)/);
});

test("a credit that looks and then adds is found out: a retry after a lost answer doubles it", async () => {
  const lookThenAdd = credit(async (table, wallet) => {
    const item = await table.get(wallet, { consistent: true });
    insist(await table.write({ update: wallet, set: { balance: (item?.balance as number) + 10 } }));
  });
  await expect(everyFaultPoint(emulator, lookThenAdd)).rejects.toThrow(
    /^broken by timeout_after at SDK call 1 \(UpdateItem\): expected 20 to be 10/,
  );
});

test("a credit with its guard in the same transaction stands every point", async () => {
  const guarded = credit(async (table, wallet) => {
    const result = await table.transact([
      { update: wallet, set: { balance: 10 }, if: { equals: { balance: 0 } } },
      { put: { ...wallet, sk: "GUARD" }, if: { absent: true } },
    ]);
    if (result.outcome !== "refused") insist(result);
  });
  expect(await everyFaultPoint(emulator, guarded)).toBe(9);
});
