import { type Item, keys, lists, shardOf, shards, type Table } from "../table/index.ts";

/**
 * The next owners behind `after` (undefined: from the start), in an order that never changes: by shard, then by name. So a walk
 * over all wallets is resumed by the last owner alone. Empty at the end; never empty before it.
 */
export async function nextOwners(table: Table, after: string | undefined, limit: number): Promise<string[]> {
  const from = after === undefined ? 0 : shards.indexOf(shardOf(after));
  const owners: string[] = [];
  for (const [at, shard] of shards.slice(from).entries()) {
    const pk = lists.wallets(shard);
    let last: Item | undefined = at === 0 && after !== undefined ? positionOf(after, pk) : undefined;
    do {
      const page = await table.query({ pk, index: "gsi2", limit: limit - owners.length, after: last });
      owners.push(...page.items.map((item) => (item.pk as string).slice(keys.wallet("").pk.length)));
      if (owners.length >= limit) return owners;
      last = page.lastKey;
    } while (last);
  }
  return owners;
}

/** Where the index has the owner's wallet. It need not exist any more. */
const positionOf = (owner: string, pk: string): Item => ({ ...keys.wallet(owner), gsi2pk: pk, gsi2sk: owner });
