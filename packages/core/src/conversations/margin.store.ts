import type { Currency } from "@aira/contract";
import { type Day, readDays } from "../audit/index.ts";
import { AiraError } from "../lib/index.ts";
import { type Item, type Key, keys, type Table } from "../table/index.ts";
import type { Due } from "./charge.ts";
import type { CurrencyMargin, Tally, Uncharged } from "./tally.ts";

/** What the calls and texts of one day were charged, and what the provider asks for them. */
export interface MarginReport extends Pick<Tally, "calls" | "texts" | "foreign" | "free" | "unpriced" | "unchargedCount"> {
  readonly day: Day;
  /** When it was made. */
  readonly at: string;
  readonly uncharged: readonly Uncharged[];
  readonly currencies: readonly CurrencyMargin[];
}

/** How far the walk over a day's usage has come. */
export interface Progress {
  readonly after: string | undefined;
  readonly tally: Tally;
}

const progressKey = (day: Day): Key => keys.cursor(`margin#${day}`);

async function insist(table: Table, item: Item & Key): Promise<void> {
  const result = await table.write({ put: item });
  if (result.outcome !== "committed")
    throw new AiraError("service.busy", "The margin could not be kept.", { cause: result, retryAfterSeconds: 1 });
}

export async function loadProgress(table: Table, day: Day): Promise<Progress | undefined> {
  const item = await table.get(progressKey(day), { consistent: true });
  return item?.tally === undefined ? undefined : { after: item.after as string | undefined, tally: item.tally as Tally };
}

/** Place and sums in one item: whoever goes on from it counts nothing twice. Undefined: the day was walked to its end. */
export const saveProgress = (table: Table, day: Day, progress: Progress | undefined): Promise<void> =>
  insist(table, { ...progressKey(day), ...progress });

/** The newest report of a day stands. */
export const saveMargin = (table: Table, { day, ...report }: MarginReport): Promise<void> =>
  insist(table, { ...keys.margin(day), ...report });

/** Reports of a span of days, oldest first, both ends included. A day that was not looked at yet is absent. Errors: `service.busy`. */
export const readMargins = ({ table }: { readonly table: Table }, from: Day, to: Day): Promise<MarginReport[]> =>
  readDays(table, keys.margin, from, to, parse);

const parse = (day: Day, item: Item): MarginReport => ({
  day,
  at: item.at as string,
  calls: item.calls as number,
  texts: item.texts as number,
  foreign: item.foreign as number,
  free: item.free as number,
  unpriced: item.unpriced as number,
  unchargedCount: item.unchargedCount as number,
  uncharged: item.uncharged as readonly Uncharged[],
  currencies: item.currencies as readonly CurrencyMargin[],
});

const AT_ONCE = 100;

/** Items by their keys, however many, by their name. */
export async function loadAll(table: Table, wanted: readonly Key[]): Promise<(key: Key) => Item | undefined> {
  const found = new Map<string, Item>();
  const nameOf = ({ pk, sk }: Key) => `${pk} ${sk}`;
  const distinct = [...new Map(wanted.map((key) => [nameOf(key), key])).values()];
  for (let at = 0; at < distinct.length; at += AT_ONCE) {
    const some = distinct.slice(at, at + AT_ONCE);
    for (const [n, item] of (await table.getMany(some)).entries()) if (item) found.set(nameOf(some[n] as Key), item);
  }
  return (key) => found.get(nameOf(key));
}

export const dueOf = (mark: Item): readonly Due[] => (mark.due as readonly Due[] | undefined) ?? [];

export const currencyOf = (item: Item): Currency => item.currency as Currency;
