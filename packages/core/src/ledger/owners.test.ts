import { memoryTable } from "@aira/local/testing/memory-table-under-test";
import { expect, test } from "vitest";
import { keys, lists, shardOf, type Table } from "../table/index.ts";
import { listOwners, nextOwners } from "./index.ts";

/** As many wallets, and their owners in the order of a walk: by shard, then by name. */
async function setting(count: number) {
  const memory = memoryTable();
  const owners = Array.from({ length: count }, (_, n) => `owner-${n}`);
  for (const owner of owners) await memory.write({ put: { ...keys.wallet(owner), gsi2pk: lists.wallets(shardOf(owner)), gsi2sk: owner } });
  const place = (owner: string) => `${shardOf(owner)} ${owner}`;
  const walk = owners.toSorted((a, b) => (place(a) < place(b) ? -1 : 1));
  const limits: (number | undefined)[] = [];
  const table: Table = {
    ...memory,
    query: (query) => {
      limits.push(query.limit);
      return memory.query(query);
    },
  };
  /** The same, an item at a time. */
  const short: Table = { ...memory, query: (query) => memory.query({ ...query, limit: 1 }) };
  return { memory, walk, table, short, limits };
}

test.each([1, 2, 7, 39, 40, 41])(
  "a walk in steps of %i meets every owner once, in one order, resumed by the last owner alone",
  async (limit) => {
    const { walk, table, short } = await setting(40);
    for (const one of [table, short]) {
      const steps: string[][] = [];
      do steps.push(await nextOwners(one, steps.at(-1)?.at(-1), limit));
      while (steps.at(-1)?.length === limit && steps.length < 50);
      expect(steps.flat()).toEqual(walk);
      expect(steps.slice(0, -1).every((step) => step.length === limit)).toBe(true);
    }
  },
);

test("a walk goes on behind an owner whose wallet is gone", async () => {
  const { memory, walk, table } = await setting(40);
  for (const [at, owner] of walk.entries()) {
    await memory.write({ delete: keys.wallet(owner) });
    expect(await nextOwners(table, owner, 100)).toEqual(walk.slice(at + 1));
  }
});

test("a step reads no more than it was asked for, and no further than it must", async () => {
  const { walk, table, limits } = await setting(40);
  const inFirst = walk.filter((owner) => shardOf(owner) === shardOf(walk[0]!)).length;
  await nextOwners(table, undefined, inFirst);
  expect(limits).toEqual([inFirst]);
  limits.length = 0;
  await nextOwners(table, undefined, inFirst + 1);
  expect(limits).toEqual([inFirst + 1, 1]);
  limits.length = 0;
  // From the last shard on, nothing of those before it is read again.
  await nextOwners(table, walk.at(-1), 5);
  expect(limits).toEqual(Array(16 - Number(shardOf(walk.at(-1)!))).fill(5));
});

test.each([0, 199, 200, 201, 450])("of %i wallets every owner is listed once", async (count) => {
  const { walk, table } = await setting(count);
  expect(await Array.fromAsync(listOwners({ table }))).toEqual(walk);
});
