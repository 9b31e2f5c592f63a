import { type Item, keys, type Table, type WriteResult } from "../table/index.ts";
import type { Day } from "./day.ts";
import { readDays } from "./days.store.ts";
import type { DaySums, DayTotals } from "./totals.ts";

/** A walk over all wallets that counts the days `from` to `to`, and how far it has come. */
export interface CountingWalk {
  readonly from: Day;
  readonly to: Day;
  /** The last owner whose entries are in `sums`. */
  readonly after: string | undefined;
  readonly sums: Readonly<Record<Day, DaySums>>;
}

const NAME = "totals";

export async function loadWalk(table: Table): Promise<CountingWalk | undefined> {
  const item = await table.get(keys.cursor(NAME), { consistent: true });
  if (item?.from === undefined) return undefined;
  return { from: item.from as Day, to: item.to as Day, after: item.after as string | undefined, sums: item.sums as CountingWalk["sums"] };
}

/**
 * Unconditional: the position and the sums stand in one item, and finished days do not change, so whichever of two runs wrote it, it
 * is true.
 */
export const saveWalk = (table: Table, walk: CountingWalk): Promise<WriteResult> => table.write({ put: { ...keys.cursor(NAME), ...walk } });

/** Once: a day that stands is never written again, not by the same sums and not by others. */
export const insertTotals = (table: Table, { day, ...totals }: DayTotals): Promise<WriteResult> =>
  table.write({ put: { ...keys.totals(day), ...totals }, if: { absent: true } });

export async function loadTotals(table: Table, day: Day): Promise<DayTotals | undefined> {
  const item = await table.get(keys.totals(day), { consistent: true });
  return item && parse(day, item);
}

/** Finished days, oldest first, both ends included. */
export const queryTotals = (table: Table, from: Day, to: Day): Promise<DayTotals[]> => readDays(table, keys.totals, from, to, parse);

function parse(day: Day, item: Item): DayTotals {
  return {
    day,
    byKind: item.byKind as DayTotals["byKind"],
    entries: item.entries as number,
    activeWallets: item.activeWallets as number,
    wallets: item.wallets as number,
    closing: item.closing as DayTotals["closing"],
    carries: item.carries as boolean,
  };
}
