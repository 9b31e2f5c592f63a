import type { Item, Key, Table } from "../table/index.ts";
import type { Day } from "./day.ts";

/** The items of a span of days, oldest first, both ends included: a Query for each year that it touches. */
export async function readDays<T>(
  table: Table,
  keyOf: (day: Day) => Key,
  from: Day,
  to: Day,
  parse: (day: Day, item: Item) => T,
): Promise<T[]> {
  const found: T[] = [];
  for (let year = Number(from.slice(0, 4)); year <= Number(to.slice(0, 4)); year++) {
    // Four digits, as in the keys: a range from the year 99 once ran backwards.
    const [newYear, newYearsEve] = ["01-01", "12-31"].map((day) => `${String(year).padStart(4, "0")}-${day}`) as [Day, Day];
    const first = keyOf(newYear > from ? newYear : from);
    const last = keyOf(newYearsEve < to ? newYearsEve : to);
    let after: Item | undefined;
    do {
      const page = await table.query({ pk: first.pk, between: [first.sk, last.sk], after });
      found.push(...page.items.map((item) => parse((item.sk as string).slice(-10), item)));
      after = page.lastKey;
    } while (after);
  }
  return found;
}
