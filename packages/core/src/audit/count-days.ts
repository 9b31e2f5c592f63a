import { type Balances, type Entry, entryKeyOf, type LedgerPorts, nextOwners, queryEntries } from "../ledger/index.ts";
import { AiraError, iso } from "../lib/index.ts";
import type { WriteResult } from "../table/index.ts";
import { type Day, dayAfter, dayOf, daysBetween, lastFinishedDay, startOf } from "./day.ts";
import { inParallel } from "./in-parallel.ts";
import { type CountingWalk, insertTotals, loadTotals, loadWalk, queryTotals, saveWalk } from "./totals.store.ts";
import { closeDay, type DaySums, type DayTotals, NO_SUMS, withWallet } from "./totals.ts";

type Ports = Pick<LedgerPorts, "table" | "clock">;

/** Wallets read side by side. */
const WIDTH = 8;
/** Wallets between two saves of the walk's position. */
const STEP = 64;
/** Days that one walk counts at most, when days were missed: their sums stand in one item. */
const MAX_DAYS = 31;
const PAGE = 500;

export interface CountingReport {
  /** Days that were finished by this run, oldest first. */
  readonly counted: readonly Day[];
  /** Those of them whose balances do not follow from the day before. */
  readonly notCarried: readonly Day[];
  /** Wallets read. */
  readonly wallets: number;
  /** Whether every finished day stands now. */
  readonly complete: boolean;
}

/**
 * Counts every finished day that has no totals yet, in order, from the platform's first entry on. Begins no step after `deadlineMs`
 * and goes on there next time. May run late, twice or beside itself: a day is a function of its entries, and is written once.
 * Errors: `service.busy`.
 */
export async function countDays(ports: Ports, deadlineMs = Number.POSITIVE_INFINITY): Promise<CountingReport> {
  const counted: Day[] = [];
  const notCarried: Day[] = [];
  let wallets = 0;
  for (;;) {
    let walk = await nextWalk(ports);
    if (!walk) return { counted, notCarried, wallets, complete: true };
    for (;;) {
      if (ports.clock() >= deadlineMs) return { counted, notCarried, wallets, complete: false };
      const owners = await nextOwners(ports.table, walk.after, STEP);
      if (owners.length === 0) break;
      walk = await countWallets(ports, walk, owners);
      stored(await saveWalk(ports.table, walk));
      wallets += owners.length;
    }
    for (const totals of await closeDays(ports, walk)) {
      counted.push(totals.day);
      if (!totals.carries) notCarried.push(totals.day);
    }
  }
}

/** Totals of finished days, oldest first, both ends included. A day that is not counted yet is absent. */
export const readTotals = ({ table }: Pick<Ports, "table">, from: Day, to: Day): Promise<DayTotals[]> => queryTotals(table, from, to);

/** The walk that is under way, or a new one over the days that are missing; undefined when none is. */
async function nextWalk({ table, clock }: Ports): Promise<CountingWalk | undefined> {
  const last = lastFinishedDay(clock());
  const kept = await loadWalk(table);
  if (kept && !(await loadTotals(table, kept.to))) return kept;
  const from = kept ? dayAfter(kept.to) : await firstDay({ table });
  if (from === undefined || from > last) return undefined;
  const longest = dayAfter(from, MAX_DAYS - 1);
  const to = longest < last ? longest : last;
  return { from, to, after: undefined, sums: Object.fromEntries(daysBetween(from, to).map((day) => [day, NO_SUMS])) };
}

/** The day of the platform's first entry. */
async function firstDay({ table }: Pick<Ports, "table">): Promise<Day | undefined> {
  let first: Day | undefined;
  let after: string | undefined;
  for (;;) {
    const owners = await nextOwners(table, after, STEP);
    if (owners.length === 0) return first;
    const oldest = await inParallel(owners, WIDTH, async (owner) => (await queryEntries(table, owner, { limit: 1 })).entries[0]);
    for (const entry of oldest) {
      const day = entry && dayOf(Date.parse(entry.at));
      if (day !== undefined && (first === undefined || day < first)) first = day;
    }
    after = owners.at(-1);
  }
}

interface WalletDays {
  readonly opening: Balances | undefined;
  readonly entries: readonly Entry[];
}

async function countWallets({ table }: Ports, walk: CountingWalk, owners: readonly string[]): Promise<CountingWalk> {
  const read = await inParallel(owners, WIDTH, (owner) => readWallet(table, owner, walk));
  const sums: Record<Day, DaySums> = { ...walk.sums };
  for (const { opening, entries } of read) {
    let balances = opening;
    const byDay = Map.groupBy(entries, ({ at }) => dayOf(Date.parse(at)));
    for (const day of daysBetween(walk.from, walk.to)) {
      const ofDay = byDay.get(day) ?? [];
      if (balances === undefined && ofDay.length === 0) continue;
      sums[day] = withWallet(sums[day] ?? NO_SUMS, ofDay, balances ?? {});
      balances = ofDay.at(-1)?.balances ?? balances;
    }
  }
  return { ...walk, after: owners.at(-1), sums };
}

/** A wallet's entries of the days, oldest first, and its balances before them; undefined: it had no entry before. */
async function readWallet(table: Ports["table"], owner: string, { from, to }: Pick<CountingWalk, "from" | "to">): Promise<WalletDays> {
  const [start, end] = [iso(startOf(from)), iso(startOf(dayAfter(to)))];
  const newest = await queryEntries(table, owner, { to: end, limit: 1, newestFirst: true, consistent: true });
  const [last] = newest.entries;
  // Most wallets rest on most days: for them this one read is all.
  if (!last || last.at < start) return { opening: last?.balances, entries: [] };
  const entries: Entry[] = [];
  let after: string | undefined;
  for (;;) {
    const page = await queryEntries(table, owner, { from: start, to: end, after, limit: PAGE, consistent: true });
    entries.push(...page.entries);
    if (!page.more) break;
    after = entryKeyOf(entries.at(-1)!);
  }
  const [before] = (await queryEntries(table, owner, { to: start, limit: 1, newestFirst: true, consistent: true })).entries;
  return { opening: before?.balances, entries };
}

/** Writes the days of a walk that has come to its end, oldest first. A crash in between is made good by the next run, from the same sums. */
async function closeDays({ table }: Ports, { from, to, sums }: CountingWalk): Promise<DayTotals[]> {
  const closed: DayTotals[] = [];
  let before = (await loadTotals(table, dayAfter(from, -1)))?.closing ?? {};
  for (const day of daysBetween(from, to)) {
    const totals = closeDay(day, sums[day] ?? NO_SUMS, before);
    const { outcome } = stored(await insertTotals(table, totals));
    if (outcome === "committed") closed.push(totals);
    before = totals.closing;
  }
  return closed;
}

/** Written, or written before; anything else must be asked again. */
function stored(result: WriteResult): WriteResult {
  if (result.outcome === "contended" || result.outcome === "unknown")
    throw new AiraError("service.busy", "The totals could not be kept.", { cause: result.cause, retryAfterSeconds: 1 });
  return result;
}
