import { listOwners } from "../ledger/index.ts";
import { AiraError, type Clock, iso } from "../lib/index.ts";
import { type NumberDifference, type NumberReconciliation, type NumberRecord, numbersOf } from "../numbers/index.ts";
import { type Item, keys, type Table } from "../table/index.ts";
import { type Day, dayOf } from "./day.ts";
import { readDays } from "./days.store.ts";

/** One day's comparison of our numbers with the provider's list, as it is kept. */
export interface NumberReconciliationReport extends NumberReconciliation {
  readonly day: Day;
  /** When it was made. */
  readonly at: string;
  readonly differenceCount: number;
}

/** An item has at most 400 KB. */
const MAX_KEPT = 1_000;

/**
 * Every number of every wallet, in whatever state. By the owners and not by what is due, so that one which fell out of the due index is
 * found here.
 */
export async function* heldNumbers({ table }: { readonly table: Table }): AsyncGenerator<NumberRecord> {
  for await (const owner of listOwners({ table })) yield* numbersOf(table, owner);
}

/** Keeps a comparison under today's day: the newest of a day stands. Errors: `service.busy`. */
export async function saveNumberReconciliation(
  { table, clock }: { readonly table: Table; readonly clock: Clock },
  { differences, ...reconciliation }: NumberReconciliation,
): Promise<void> {
  const now = clock();
  const kept = { ...reconciliation, at: iso(now), differenceCount: differences.length, differences: differences.slice(0, MAX_KEPT) };
  const result = await table.write({ put: { ...keys.numberReconciliation(dayOf(now)), ...kept } });
  if (result.outcome === "contended" || result.outcome === "unknown")
    throw new AiraError("service.busy", "The reconciliation could not be kept.", { cause: result.cause, retryAfterSeconds: 1 });
}

/** Comparisons of a span of days, oldest first, both ends included. A day without a run is absent. Errors: `service.busy`. */
export const readNumberReconciliations = (
  { table }: { readonly table: Table },
  from: Day,
  to: Day,
): Promise<NumberReconciliationReport[]> => readDays(table, keys.numberReconciliation, from, to, parse);

const parse = (day: Day, item: Item): NumberReconciliationReport => ({
  day,
  at: item.at as string,
  provided: item.provided as number,
  held: item.held as number,
  foreign: item.foreign as number,
  balance: item.balance as NumberReconciliation["balance"],
  differenceCount: item.differenceCount as number,
  differences: item.differences as readonly NumberDifference[],
});
