import { type Item, keys, lists, shardOf, shards, type Table } from "../table/index.ts";
import type { LedgerPorts } from "./ports.ts";

/**
 * The next owners behind `after` (undefined: from the start), in an order that never changes: by shard, then by name. So a walk
 * over all wallets is resumed by the last owner alone. Fewer than `limit` only at the end.
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

const AT_ONCE = 200;

/** Every owner of a wallet, in the order of `nextOwners`. */
export async function* listOwners({ table }: Pick<LedgerPorts, "table">): AsyncGenerator<string> {
  let owners: string[];
  let after: string | undefined;
  do {
    owners = await nextOwners(table, after, AT_ONCE);
    yield* owners;
    after = owners.at(-1);
  } while (owners.length === AT_ONCE);
}

/** Where the index has the owner's wallet. It need not exist any more. */
const positionOf = (owner: string, pk: string): Item => ({ ...keys.wallet(owner), gsi2pk: pk, gsi2sk: owner });
