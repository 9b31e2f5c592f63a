import { type Item, keys, type Table, type WriteResult } from "../table/index.ts";
import type { Day } from "./day.ts";
import { readDays } from "./days.store.ts";
import type { ReconciliationReport } from "./reconciliation.ts";

/** The newest report of a day stands: it looked at the same day later. */
export const saveReport = (table: Table, { day, ...report }: ReconciliationReport): Promise<WriteResult> =>
  table.write({ put: { ...keys.reconciliation(day), ...report } });

/** Reports of a span of days, oldest first, both ends included. */
export const queryReports = (table: Table, from: Day, to: Day): Promise<ReconciliationReport[]> =>
  readDays(table, keys.reconciliation, from, to, parse);

function parse(day: Day, item: Item): ReconciliationReport {
  return {
    day,
    at: item.at as string,
    currencies: item.currencies as ReconciliationReport["currencies"],
    transactions: item.transactions as number,
    foreign: item.foreign as number,
    topUps: item.topUps as number,
    differenceCount: item.differenceCount as number,
    differences: item.differences as ReconciliationReport["differences"],
  };
}
