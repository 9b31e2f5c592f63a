import { isDeepStrictEqual } from "node:util";
import { type Entry, entryKeyOf, nextOwners, queryEntries } from "../ledger/index.ts";
import { AiraError, iso } from "../lib/index.ts";
import { attributionOf, type BalanceMovement, loadTopUp, type PaymentPorts } from "../payments/index.ts";
import { type Day, dayAfter, dayOf, daysBetween, lastFinishedDay, startOf } from "./day.ts";
import { examineTopUp, readQuarantine } from "./examine.ts";
import { inParallel } from "./in-parallel.ts";
import { queryReports, saveReport } from "./reconciliation.store.ts";
import { DayBook, type Moved, type Payer, type ReconciliationReport } from "./reconciliation.ts";

/** Calls under way at once: far below Stripe's limit (25 a second in test mode). */
const WIDTH = 4;
const OWNERS = 64;
const PAGE = 500;

/** How far back a day without a report, or with differences in it, is reconciled again. */
const LOOK_BACK_DAYS = 30;

/** Days whose entries are read in one walk over the wallets. Entries of top-ups only are kept meanwhile. */
const DAYS_AT_ONCE = 7;

export interface ReconcileOptions {
  /** Asked between two steps: true ends the run. A day that was begun leaves nothing behind. */
  readonly stop?: () => boolean;
  /** Told now and then how far the run has come with these days. */
  readonly progress?: (step: { readonly from: Day; readonly to: Day; readonly of: Step; readonly done: number }) => void;
}

interface DaysOptions extends ReconcileOptions {
  /** Told of each day that was done, once its report is kept. */
  readonly kept?: (report: ReconciliationReport) => Promise<void>;
}

type Step = "transactions" | "wallets" | "top-ups";
type Tell = (of: Step, done: number) => void;

class Stopped extends Error {
  override readonly name = "Stopped";
}

/**
 * Compares what moved at Stripe with what the ledger posted, day by day, and yields a report for each. A top-up whose two sides of a day are
 * equal is done; any other is looked at as it stands now, so that midnight and late events explain themselves. The last day need not be
 * over. Reads only. Ends early when it is stopped. Errors: `payment_provider.…`, `service.busy`.
 */
export async function* reconcile(
  ports: PaymentPorts,
  days: readonly Day[],
  options: ReconcileOptions = {},
): AsyncGenerator<ReconciliationReport> {
  const tellOf =
    (from: Day, to: Day): Tell =>
    (of, done) => {
      if (options.stop?.()) throw new Stopped();
      options.progress?.({ from, to, of, done });
    };
  try {
    for (const some of consecutive(days)) {
      const [from, to] = [some[0]!, some.at(-1)!];
      const entries = await readLedger(ports, from, to, tellOf(from, to));
      for (const day of some) {
        const book = new DayBook();
        for (const entry of entries.get(day) ?? []) book.addEntry(entry);
        await readStripe(ports, day, book, tellOf(day, day));
        await lookAt(ports, book, tellOf(day, day));
        yield book.report(day, iso(ports.clock()));
      }
    }
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
  }
}

/** In order, without gaps, and few enough to be read at once. */
function consecutive(days: readonly Day[]): Day[][] {
  const spans: Day[][] = [];
  for (const day of days) {
    const span = spans.at(-1);
    const previous = span?.at(-1);
    if (span && previous !== undefined && span.length < DAYS_AT_ONCE && dayAfter(previous) === day) span.push(day);
    else spans.push([day]);
  }
  return spans;
}

/**
 * Reconciles the finished days of the last month that have no report, and again those whose report names differences: what was put right
 * leaves the report. A report that says the same is not written again. Answers the reports of that month as they stand now, and whether
 * every day was done.
 */
export async function reconcileDays(
  ports: PaymentPorts,
  options: DaysOptions = {},
): Promise<{ readonly reports: readonly ReconciliationReport[]; readonly complete: boolean }> {
  const to = lastFinishedDay(ports.clock());
  const from = dayAfter(to, 1 - LOOK_BACK_DAYS);
  const reports = new Map((await queryReports(ports.table, from, to)).map((report) => [report.day, report]));
  const open = daysBetween(from, to).filter((day) => reports.get(day)?.differenceCount !== 0);
  let done = 0;
  for await (const report of reconcile(ports, open, options)) {
    const kept = await keepReport(ports, report, reports.get(report.day));
    reports.set(report.day, kept);
    done++;
    await options.kept?.(kept);
  }
  const byDay = [...reports.values()].sort((a, b) => (a.day < b.day ? -1 : 1));
  return { reports: byDay, complete: done === open.length };
}

/** Stores a report of a finished day, unless the one that stands says the same. */
async function keepReport(
  { table }: PaymentPorts,
  report: ReconciliationReport,
  kept: ReconciliationReport | undefined,
): Promise<ReconciliationReport> {
  if (kept && isDeepStrictEqual({ ...kept, at: report.at }, report)) return kept;
  const result = await saveReport(table, report);
  if (result.outcome === "contended" || result.outcome === "unknown")
    throw new AiraError("service.busy", "The report could not be kept.", { cause: result.cause, retryAfterSeconds: 1 });
  return report;
}

/** Stored reports of a span of days, oldest first, both ends included. A day that was not reconciled yet is absent. */
export const readReconciliations = ({ table }: Pick<PaymentPorts, "table">, from: Day, to: Day): Promise<ReconciliationReport[]> =>
  queryReports(table, from, to);

async function readStripe(ports: PaymentPorts, day: Day, book: DayBook, tell: Tell): Promise<void> {
  const { provider } = ports;
  const span = { from: startOf(day) / 1000, to: startOf(dayAfter(day)) / 1000 - 1 };
  const payers = new Map<string, Payer>();
  let after: string | undefined;
  let done = 0;
  do {
    tell("transactions", done);
    const page = await provider.walk("balance_transactions", span, after);
    const unknown = new Map<string, BalanceMovement["metadata"]>();
    for (const { paymentIntentId, movement } of page.sightings)
      if (paymentIntentId !== null && !payers.has(paymentIntentId))
        unknown.set(paymentIntentId, unknown.get(paymentIntentId) ?? movement?.metadata);
    await inParallel([...unknown], WIDTH, async ([intent, metadata]) => {
      payers.set(intent, await payerOf(ports, intent, metadata));
    });
    for (const { paymentIntentId, movement } of page.sightings)
      if (movement) book.addMovement(movement, paymentIntentId, payers.get(paymentIntentId ?? "") ?? "foreign");
    done += page.sightings.length;
    after = page.next;
  } while (after !== undefined);
}

/** A charge carries its intent's metadata; a refund or dispute does not, so the intent is asked. */
async function payerOf(
  { provider, stage }: PaymentPorts,
  paymentIntentId: string,
  copied: Readonly<Record<string, string>> | undefined,
): Promise<Payer> {
  return (
    attributionOf(copied, stage) ?? attributionOf(await provider.getPaymentMetadata(paymentIntentId), stage) ?? ("foreign" satisfies Payer)
  );
}

/** Entries of the days that name a top-up, by day. */
async function readLedger({ table }: PaymentPorts, from: Day, to: Day, tell: Tell): Promise<ReadonlyMap<Day, readonly Entry[]>> {
  const found = new Map<Day, Entry[]>();
  let after: string | undefined;
  let done = 0;
  for (;;) {
    tell("wallets", done);
    const owners = await nextOwners(table, after, OWNERS);
    if (owners.length === 0) return found;
    for (const entry of (await inParallel(owners, 2 * WIDTH, (owner) => entriesOf(table, owner, from, to))).flat()) {
      const day = dayOf(Date.parse(entry.at));
      const ofDay = found.get(day) ?? [];
      ofDay.push(entry);
      found.set(day, ofDay);
    }
    done += owners.length;
    after = owners.at(-1);
  }
}

async function entriesOf(table: PaymentPorts["table"], owner: string, from: Day, to: Day): Promise<Entry[]> {
  const range = { from: iso(startOf(from)), to: iso(startOf(dayAfter(to))), limit: PAGE, consistent: true };
  const found: Entry[] = [];
  let after: string | undefined;
  for (;;) {
    const { entries, more } = await queryEntries(table, owner, { ...range, after });
    found.push(...entries.filter(({ reference }) => reference.type === "top_up"));
    if (!more) return found;
    after = entryKeyOf(entries.at(-1)!);
  }
}

async function lookAt(ports: PaymentPorts, book: DayBook, tell: Tell): Promise<void> {
  const unexplained = book.unexplained();
  tell("top-ups", 0);
  if (unexplained.length === 0) return;
  const quarantine = await readQuarantine(ports);
  for (let at = 0; at < unexplained.length; at += WIDTH) {
    const some = unexplained.slice(at, at + WIDTH);
    const looks = await Promise.all(
      some.map(async (moved) => {
        const strayEntries = await strays(ports, moved);
        return examineTopUp(ports, moved.topUpId, { paymentIntentIds: [...moved.paymentIntentIds], strayEntries, quarantine });
      }),
    );
    for (const [n, look] of looks.entries()) book.addExamination(some[n]!, look);
    tell("top-ups", at + some.length);
  }
}

/** Entries that name the top-up in wallets that are not its owner's. */
async function strays({ table }: PaymentPorts, { topUpId, entries }: Moved): Promise<Entry[]> {
  const owner = (await loadTopUp(table, topUpId))?.owner;
  return entries.filter((entry) => entry.owner !== owner);
}
