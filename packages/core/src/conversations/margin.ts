import type { Currency } from "@aira/contract";
import { type Day, dayAfter, daysBetween, lastFinishedDay } from "../audit/index.ts";
import type { LedgerPorts } from "../ledger/index.ts";
import { iso } from "../lib/index.ts";
import type { ExchangeRates } from "../pricing/index.ts";
import { type Item, type Key, keys, type Table } from "../table/index.ts";
import { type Due, holdOf } from "./charge.ts";
import { currencyOf, dueOf, loadAll, loadProgress, type MarginReport, readMargins, saveMargin, saveProgress } from "./margin.store.ts";
import { counted, EMPTY, marginsOf, type Standing, type Tally } from "./tally.ts";
import type { ProvidedUsage, UsageProvider } from "./usage-provider.ts";

export interface MarginPorts extends Pick<LedgerPorts, "table" | "clock"> {
  readonly usage: UsageProvider;
  readonly rates: ExchangeRates;
}

/** How far back a day without a report is looked at, and one again whose prices or charges were not all there. */
const LOOK_BACK_DAYS = 7;

/**
 * Compares what we charged for calls and texts with what the provider asks for them, day by day, for the finished days of the last week that
 * have no report, and again for those with calls or texts that had no price yet or that nobody was charged for. Walks a page at a time, and
 * goes on where an earlier run stopped. Moves no money. What a transcript costs is in neither side: the provider lists it elsewhere. Errors:
 * `number_provider.…`, `service.busy`; throws for a currency that has no exchange rate.
 */
export async function measureMargins(
  ports: MarginPorts,
  stop: () => boolean = () => false,
): Promise<{ readonly reports: readonly MarginReport[]; readonly complete: boolean }> {
  const to = lastFinishedDay(ports.clock());
  const from = dayAfter(to, 1 - LOOK_BACK_DAYS);
  const reports = new Map((await readMargins(ports, from, to)).map((report) => [report.day, report]));
  const open = daysBetween(from, to).filter((day) => !isSettled(reports.get(day)));
  let complete = true;
  for (const day of open) {
    const report = await measureDay(ports, day, stop);
    if (report) reports.set(day, report);
    else complete = false;
    if (!complete) break;
  }
  return { reports: [...reports.values()].sort((a, b) => (a.day < b.day ? -1 : 1)), complete };
}

const isSettled = (report: MarginReport | undefined): boolean =>
  report !== undefined && report.unpriced === 0 && report.unchargedCount === 0;

/** Undefined: it was stopped on the way, and goes on there the next time. */
async function measureDay({ table, clock, usage, rates }: MarginPorts, day: Day, stop: () => boolean): Promise<MarginReport | undefined> {
  const begun = await loadProgress(table, day);
  let tally: Tally = begun?.tally ?? EMPTY;
  let after = begun?.after;
  do {
    if (stop()) return undefined;
    const page = await usage.listUsage(day, after);
    const standingOf = await standings(table, page.usage);
    for (const one of page.usage) tally = counted(tally, one, standingOf(one));
    after = page.next;
    if (after !== undefined) await saveProgress(table, day, { after, tally });
  } while (after !== undefined);
  const { chargedMinor: _, asked, ...counts } = tally;
  const report: MarginReport = { ...counts, day, at: iso(clock()), currencies: marginsOf(tally, rates) };
  await saveMargin(table, report);
  await saveProgress(table, day, undefined);
  return report;
}

/** The marks that recording a call or text leaves, whatever became of its conversation. */
function marksOf({ sid, kind, parentSid }: ProvidedUsage): readonly Key[] {
  if (kind === "sms") return [keys.recorded(sid, "received")];
  if (parentSid !== undefined) return [keys.recorded(sid, "forwarded")];
  return [keys.recorded(sid, "status:completed"), keys.recorded(sid, "started")];
}

/** Of a leg or an answer: what tells that it belongs to something of ours. */
const parentsOf = ({ parentSid }: ProvidedUsage): readonly Key[] =>
  parentSid === undefined ? [] : [keys.recorded(parentSid, "started"), keys.recorded(parentSid, "status:completed")];

const numberOf = ({ direction, from, to }: ProvidedUsage): Key => keys.number(direction === "inbound" ? to : from);

/** Where the ledger has a charge: the guard of usage, or the hold that it was captured from. */
const chargesOf = ({ sid, owner, heldMinor }: Due): readonly Key[] =>
  heldMinor === undefined ? [keys.usage(sid)] : [keys.usage(sid), keys.hold(owner, holdOf(sid))];

/** How each call or text of a page stands in our books: in two rounds of reads, whatever the page's size. */
async function standings(table: Table, page: readonly ProvidedUsage[]): Promise<(usage: ProvidedUsage) => Standing> {
  const recorded = await loadAll(
    table,
    page.flatMap((usage) => [...marksOf(usage), ...parentsOf(usage), numberOf(usage)]),
  );
  const found = (wanted: readonly Key[]): readonly Item[] => wanted.map(recorded).filter((item) => item !== undefined);
  const dueFor = (usage: ProvidedUsage) => found(marksOf(usage)).flatMap(dueOf);
  const posted = await loadAll(
    table,
    page.flatMap((usage) => dueFor(usage).flatMap(chargesOf)),
  );
  return (usage) => {
    const marks = found(marksOf(usage));
    const number = recorded(numberOf(usage));
    const parents = found(parentsOf(usage));
    const due = dueFor(usage);
    if (marks.length + parents.length === 0 && !number) return { of: "foreign" };
    const currency = [...due, ...parents.flatMap(dueOf)][0]?.currency ?? (number && currencyOf(number)) ?? FALLBACK;
    // The start of a call alone does not say that it was charged.
    if (!marks.some(isCharging)) return { of: "none", currency };
    const dueMinor = due.reduce((sum, { amountMinor, back }) => sum + (back ? -amountMinor : amountMinor), 0);
    const chargedMinor = due.reduce((sum, one) => sum + (one.back ? -one.amountMinor : chargedBy(posted, one)), 0);
    return { of: "ours", currency, dueMinor, chargedMinor };
  };
}

const isCharging = ({ sk }: Item): boolean => sk !== keys.recorded("", "started").sk;

/** For a leg of a number whose every trace is gone. */
const FALLBACK: Currency = "USD";

function chargedBy(posted: (key: Key) => Item | undefined, due: Due): number {
  const minors = chargesOf(due).map((key) => {
    const item = posted(key);
    return (item?.sk === keys.usage("").sk ? item.amountMinor : item?.capturedMinor) as number | undefined;
  });
  return minors.reduce<number>((sum, minor) => sum + (minor ?? 0), 0);
}
