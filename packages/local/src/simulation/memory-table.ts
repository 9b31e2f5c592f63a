import { isDeepStrictEqual } from "node:util";
import type { Condition, Item, Key, Page, QueryOptions, Write } from "@aira/core/table";
import { table as shape } from "../../../../stacks/table.ts";

type Attributes = Record<string, unknown>;
type Stored = Attributes | undefined;

const MAX_TRANSACT_ITEMS = 100;
/** How many older versions of an item a stale read may still see. */
const VERSIONS = 4;

const nameOf = ({ pk, sk }: Key): string => JSON.stringify([pk, sk]);
const keyOf = (write: Write): Key => ("put" in write ? write.put : "update" in write ? write.update : write.delete);

/** What DynamoDB keeps of a value: no undefined, and nothing shared with the caller. */
const kept = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));

function holds(condition: Condition, item: Stored): boolean {
  if ("absent" in condition) return item === undefined;
  if ("equals" in condition) return Object.entries(condition.equals).every(([name, value]) => isDeepStrictEqual(item?.[name], kept(value)));
  if ("differs" in condition) return Object.entries(condition.differs).every(([name, value]) => item !== undefined && item[name] !== value);
  if ("below" in condition)
    return Object.entries(condition.below).every(([name, bound]) => {
      const value = item?.[name];
      return typeof value === typeof bound && (value as number) < (bound as number);
    });
  return "all" in condition ? condition.all.every((part) => holds(part, item)) : condition.any.some((part) => holds(part, item));
}

function applied(write: Write, item: Stored): Stored {
  if ("delete" in write) return undefined;
  if ("put" in write) return kept(write.put) as Attributes;
  const changed = { ...(item ?? { ...write.update }), ...(kept(write.set) as Attributes) };
  for (const name of write.remove ?? []) delete changed[name];
  return changed;
}

/**
 * The table's rules in memory, for histories by the thousand: conditions, transactions that are all or nothing, eventually
 * consistent reads and indexes that lag. Held equal to a real emulator by the table's contract suite.
 */
export class MemoryTable {
  readonly #versions = new Map<string, Stored[]>();

  /** Every item as it is now. */
  items(): Attributes[] {
    return [...this.#versions.values()].map((versions) => versions.at(-1)).filter((item) => item !== undefined);
  }

  get(key: Key): Stored {
    return this.#versions.get(nameOf(key))?.at(-1);
  }

  /** What an eventually consistent read may see: this version or one of the few before it. */
  getStale(key: Key, random: () => number): Stored {
    return this.#stale(this.#versions.get(nameOf(key)) ?? [], random);
  }

  #stale(versions: readonly Stored[], random: () => number): Stored {
    return versions[Math.floor(random() * versions.length)];
  }

  /** One page; with `random`, each item may be seen as it was. */
  query(options: QueryOptions, random?: () => number): Page {
    const [pk, sk] = options.index ? [`${options.index}pk`, `${options.index}sk`] : ["pk", "sk"];
    const [from, to] = options.between ?? [
      options.prefix ?? "",
      options.prefix === undefined ? "\u{10ffff}" : `${options.prefix}\u{10ffff}`,
    ];
    if (options.between && from > to)
      throw validation("The BETWEEN operator requires upper bound to be greater than or equal to lower bound");
    const order = (item: Item): string => JSON.stringify([item[sk], item.pk, item.sk]);
    const matches = [...this.#versions.values()]
      .map((versions) => (random ? this.#stale(versions, random) : versions.at(-1)))
      .filter((item) => item?.[pk] === options.pk && (item[sk] as string) >= from && (item[sk] as string) <= to)
      .map((item) => item as Attributes)
      .sort((a, b) => (order(a) < order(b) ? -1 : 1));
    if (options.newestFirst) matches.reverse();
    const { after } = options;
    const rest = after
      ? matches.filter((item) => (options.newestFirst ? order(item) < order(after) : order(item) > order(after)))
      : matches;
    const page: Attributes[] = options.limit === undefined ? rest : rest.slice(0, options.limit);
    const last = page.at(-1);
    const full = last !== undefined && page.length === options.limit;
    const keysOf = (item: Attributes): Item => ({ pk: item.pk, sk: item.sk, [pk]: item[pk], [sk]: item[sk] });
    const keysOnly = options.index !== undefined && shape.indexes[options.index].projection === "keys_only";
    return {
      items: page.map((item) => (keysOnly ? keysOf(item) : structuredClone(item))),
      lastKey: full ? keysOf(last) : undefined,
    };
  }

  /** All or nothing. Undefined: written; else the items that refused, by position. */
  transact(writes: readonly Write[]): Map<number, Item | undefined> | undefined {
    if (writes.length > MAX_TRANSACT_ITEMS) throw validation("Member must have length less than or equal to 100");
    if (new Set(writes.map((write) => nameOf(keyOf(write)))).size < writes.length)
      throw validation("Transaction request cannot include multiple operations on one item");
    const refused = new Map<number, Item | undefined>();
    for (const [at, write] of writes.entries()) {
      const item = this.get(keyOf(write));
      if (write.if && !holds(write.if, item)) refused.set(at, item && structuredClone(item));
    }
    if (refused.size > 0) return refused;
    for (const write of writes) {
      const versions = this.#versions.get(nameOf(keyOf(write))) ?? [undefined];
      versions.push(applied(write, versions.at(-1)));
      this.#versions.set(nameOf(keyOf(write)), versions.slice(-VERSIONS));
    }
    return undefined;
  }
}

function validation(message: string): Error {
  return Object.assign(new Error(message), { name: "ValidationException" });
}
