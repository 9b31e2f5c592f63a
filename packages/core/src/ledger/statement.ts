import { type Currency, currencies, type EntryKind } from "@aira/contract";
import { iso, readCursor, sha256, writeCursor } from "../lib/index.ts";
import { type Entry, netMinor } from "./entry.ts";
import { entryKeyOf, loadWallet, queryEntries } from "./ledger.store.ts";
import type { LedgerPorts } from "./ports.ts";
import { type Balances, balanceOf, isRestricted } from "./wallet.ts";

interface CurrencyBalance {
  readonly currency: Currency;
  readonly availableMinor: number;
  readonly heldMinor: number;
  readonly totalMinor: number;
}

/** What a wallet holds, in minor units, in every currency that Aira knows. */
export interface WalletView {
  readonly balances: CurrencyBalance[];
  readonly frozen: boolean;
  readonly restricted: boolean;
  readonly seq: number;
  readonly updatedAt: string | null;
  /** Below which balances the owner asked to be told, in minor units. */
  readonly alerts: Readonly<Partial<Record<Currency, number>>>;
}

function listBalances(balances: Balances): CurrencyBalance[] {
  return currencies.map((currency) => {
    const { availableMinor, heldMinor } = balanceOf(balances, currency);
    return { currency, availableMinor, heldMinor, totalMinor: availableMinor + heldMinor };
  });
}

/** The balances now: one call, half a read unit. */
export async function readBalances({ table }: Pick<LedgerPorts, "table">, owner: string): Promise<WalletView> {
  const wallet = await loadWallet(table, owner);
  return {
    balances: listBalances(wallet.balances),
    frozen: wallet.frozen,
    restricted: isRestricted(wallet),
    seq: wallet.seq,
    updatedAt: wallet.lastAt || null,
    alerts: wallet.alerts ?? {},
  };
}

/** The balances as they stood at a time (epoch milliseconds, included): each entry carries those after it, so the newest one up to then tells. */
export async function balancesAt(
  { table }: Pick<LedgerPorts, "table">,
  owner: string,
  atMs: number,
): Promise<Pick<WalletView, "balances" | "seq" | "updatedAt">> {
  const { entries } = await queryEntries(table, owner, { to: `${iso(atMs)}#~`, limit: 1, newestFirst: true });
  const [entry] = entries;
  return { balances: listBalances(entry?.balances ?? {}), seq: entry?.seq ?? 0, updatedAt: entry?.at ?? null };
}

/** Would a debit of this amount be accepted as far as money goes? A hint for a page, not a promise: only posting decides. */
export function sufficiency(
  view: Pick<WalletView, "balances"> & Partial<Pick<WalletView, "frozen" | "restricted">>,
  currency: Currency,
  amountMinor: number,
): { sufficient: boolean; missingMinor: number } {
  const available = view.balances.find((balance) => balance.currency === currency)?.availableMinor ?? 0;
  const missingMinor = Math.max(0, amountMinor - available);
  return { sufficient: missingMinor === 0 && !view.frozen && !view.restricted, missingMinor };
}

export interface StatementQuery {
  readonly kind?: EntryKind | undefined;
  readonly currency?: Currency | undefined;
  /** By what the wallet as a whole gained or lost: an authorization is neither, its capture is `out`. */
  readonly direction?: "in" | "out" | undefined;
  /** ISO 8601, included. */
  readonly from?: string | undefined;
  /** ISO 8601, excluded. */
  readonly to?: string | undefined;
  /** Id of the business object. */
  readonly reference?: string | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface StatementPage {
  readonly entries: Entry[];
  readonly nextCursor: string | null;
}

/** A filter may match nothing for long stretches: one request reads at most so many entries and answers what it found. */
const FILTERED_PAGE = 100;
const FILTERED_PAGES = 5;

/**
 * A page of the statement, newest first. Without filters beyond the time range: one call that costs the page. With them: a
 * bounded number of pages, so the answer may be short and still have a cursor. Errors: `cursor.invalid`.
 */
export async function listEntries({ table }: Pick<LedgerPorts, "table">, owner: string, query: StatementQuery): Promise<StatementPage> {
  const filtered =
    query.kind !== undefined || query.currency !== undefined || query.direction !== undefined || query.reference !== undefined;
  const range = { from: query.from && iso(Date.parse(query.from)), to: query.to && iso(Date.parse(query.to)), newestFirst: true };
  let after = query.cursor === undefined ? undefined : readCursor(query.cursor, shapeOf(query)).slice(MARK_LENGTH);
  // BETWEEN refuses a range whose ends are reversed; such a range holds nothing.
  if (range.from !== undefined && range.to !== undefined && range.from >= range.to) return { entries: [], nextCursor: null };

  const found: Entry[] = [];
  for (let pages = 0; pages < (filtered ? FILTERED_PAGES : 1); pages++) {
    const page = await queryEntries(table, owner, { ...range, after, limit: filtered ? FILTERED_PAGE : query.limit });
    for (const [at, entry] of page.entries.entries()) {
      after = entryKeyOf(entry);
      if (matches(entry, query)) found.push(entry);
      const more = page.more || at < page.entries.length - 1;
      if (found.length === query.limit) return { entries: found, nextCursor: more ? writeCursor(placeOf(query, after)) : null };
    }
    if (!page.more) return { entries: found, nextCursor: null };
  }
  return { entries: found, nextCursor: after === undefined ? null : writeCursor(placeOf(query, after)) };
}

function matches(entry: Entry, query: StatementQuery): boolean {
  if (query.kind !== undefined && entry.kind !== query.kind) return false;
  if (query.currency !== undefined && entry.currency !== query.currency) return false;
  if (query.reference !== undefined && entry.reference.id !== query.reference) return false;
  if (query.direction === "in" && netMinor(entry) <= 0) return false;
  if (query.direction === "out" && netMinor(entry) >= 0) return false;
  return true;
}

const MARK_LENGTH = 12;

/** A cursor belongs to its list: the same filters, whatever the page size. The owner is not in it, since every list is read from the caller's own partition. */
const filterMark = ({ kind, currency, direction, from, to, reference }: StatementQuery): string =>
  sha256(JSON.stringify([kind, currency, direction, from, to, reference].map((part) => part ?? null))).slice(0, MARK_LENGTH);

/** A place in this list: an entry's key behind the mark of the filters. */
const placeOf = (query: StatementQuery, entryKey: string): string => `${filterMark(query)}${entryKey}`;
const shapeOf = (query: StatementQuery): RegExp =>
  new RegExp(String.raw`^${filterMark(query)}ENTRY#\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z#\d{12}$`);
