import fc from "fast-check";
import { expect, test } from "vitest";
import { table as shape } from "../../../../stacks/table.ts";
import { keys, lists, SHARDS, shardOf, shards } from "./keys.ts";

test("entries sort by time, and within one time by number, also beyond nine", () => {
  const at = "2026-01-31T10:00:00.000Z";
  const made = [keys.entry("a", at, 9), keys.entry("a", at, 10), keys.entry("a", "2026-01-31T10:00:00.001Z", 11)].map(({ sk }) => sk);
  expect(made.toSorted()).toEqual(made);
});

test("no owner can name another owner's partition, whatever characters it is made of", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (a, b) => {
      fc.pre(a !== b);
      const partitions = (owner: string) => [keys.wallet(owner).pk, keys.customer("test", owner).pk];
      for (const pk of partitions(a)) expect(partitions(b)).not.toContain(pk);
    }),
  );
});

test("a wallet, its entries and its holds share a partition and never a key", () => {
  const all = [keys.wallet("a"), keys.entry("a", "2026-01-31T10:00:00.000Z", 1), keys.hold("a", "ENTRY")];
  expect(new Set(all.map(({ pk }) => pk)).size).toBe(1);
  expect(new Set(all.map(({ sk }) => sk)).size).toBe(3);
  expect(keys.hold("a", "h").sk.startsWith(keys.holdPrefix)).toBe(true);
});

test("every name has a shard, spread over all of them, and it never changes", () => {
  const counts = new Map<string, number>();
  for (let n = 0; n < 1_600; n++) counts.set(shardOf(`owner-${n}`), (counts.get(shardOf(`owner-${n}`)) ?? 0) + 1);
  expect([...counts.keys()].toSorted()).toEqual([...shards]);
  expect(shards).toHaveLength(SHARDS);
  expect(Math.max(...counts.values())).toBeLessThan(200);
  expect(["asha", "ben", ""].map(shardOf)).toEqual(["asha", "ben", ""].map(shardOf));
});

test("the lists are of the table's sparse index, which holds keys alone", () => {
  expect(shape.indexes.gsi2).toMatchObject({ partitionKey: "gsi2pk", sortKey: "gsi2sk", projection: "keys_only" });
  expect(new Set([lists.wallets("00"), lists.holds("00"), lists.quarantine, lists.deferrals]).size).toBe(4);
});
