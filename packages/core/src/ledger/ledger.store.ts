import type { Currency, EntryKind, ReferenceType } from "@aira/contract";
import { type Item, keys, lists, type Page, shardOf, type Table, type Write, type WriteResult } from "../table/index.ts";
import type { Entry } from "./entry.ts";
import { type Balances, emptyWallet, type Wallet } from "./wallet.ts";

/** Reads a wallet; one that was never posted to is empty. */
export async function loadWallet(table: Table, owner: string, options?: { readonly consistent?: boolean }): Promise<Wallet> {
  return parseWallet(owner, await table.get(keys.wallet(owner), options));
}

/** Reads wallets in one call, eventually consistent: good enough to try with. At most 100. */
export async function loadWallets(table: Table, owners: readonly string[]): Promise<ReadonlyMap<string, Wallet>> {
  const items = await table.getMany(owners.map(keys.wallet));
  return new Map(owners.map((owner, at) => [owner, parseWallet(owner, items[at])]));
}

/** A wallet's item may exist before its first entry (settings), so `seq` says whether it was posted to. */
export function parseWallet(owner: string, item: Item | undefined): Wallet {
  const settings = {
    ...(item?.arrears === undefined ? {} : { arrears: item.arrears as string }),
    ...(item?.alerts === undefined ? {} : { alerts: item.alerts as NonNullable<Wallet["alerts"]> }),
  };
  if (item?.seq === undefined) return { ...emptyWallet(owner), ...settings };
  return {
    owner,
    seq: item.seq as number,
    head: item.head as string,
    lastAt: item.lastAt as string,
    frozen: item.frozen as boolean,
    balances: item.balances as Balances,
    ...settings,
  };
}

/** Sets below which balances an owner is told, in minor units, if they are still as they were read. */
export const setAlerts = (
  table: Table,
  owner: string,
  alerts: NonNullable<Wallet["alerts"]>,
  from: Wallet["alerts"],
): Promise<WriteResult> => table.write({ update: keys.wallet(owner), set: { alerts }, if: { equals: { alerts: from } } });

/** Says on a wallet that something waits for money. `token` is new each time, so that a newer one outlives the clearing of this. */
export const setArrears = (table: Table, owner: string, token: string): Promise<WriteResult> =>
  table.write({ update: keys.wallet(owner), set: { arrears: token } });

/** Nothing waits any more, unless something has begun to since `token`. */
export const clearArrears = (table: Table, owner: string, token: string): Promise<WriteResult> =>
  table.write({ update: keys.wallet(owner), set: {}, remove: ["arrears"], if: { equals: { arrears: token } } });

/** Moves a wallet from one state to another, if it still is in the one. Named fields only: whatever else the item carries stays. */
export function walletWrite(from: Wallet, to: Wallet): Write {
  return {
    update: keys.wallet(from.owner),
    set: {
      seq: to.seq,
      head: to.head,
      lastAt: to.lastAt,
      frozen: to.frozen,
      balances: to.balances,
      // Set once: a post that leaves index keys alone costs no index unit.
      ...(from.seq === 0 ? { gsi2pk: lists.wallets(shardOf(from.owner)), gsi2sk: from.owner } : {}),
    },
    if: { equals: { seq: from.seq === 0 ? undefined : from.seq } },
  };
}

export const entryKeyOf = (entry: Pick<Entry, "owner" | "at" | "seq">): string => keys.entry(entry.owner, entry.at, entry.seq).sk;

/** The place of an entry in its wallet, read off its key. */
export const seqOfEntryKey = (entryKey: string): number => Number(entryKey.slice(-12));

export function entryWrite(entry: Entry): Write {
  const { owner, reference, ...fields } = entry;
  return {
    put: { ...keys.entry(owner, entry.at, entry.seq), ...fields, refType: reference.type, refId: reference.id },
    if: { absent: true },
  };
}

export function parseEntry(owner: string, item: Item): Entry {
  return {
    owner,
    seq: item.seq as number,
    at: item.at as string,
    kind: item.kind as EntryKind,
    currency: item.currency as Currency,
    amountMinor: item.amountMinor as number,
    heldMinor: item.heldMinor as number,
    balances: item.balances as Balances,
    reference: { type: item.refType as ReferenceType, id: item.refId as string },
    description: item.description as string,
    actor: item.actor as string,
    prevHash: item.prevHash as string,
    hash: item.hash as string,
  };
}

/** The time of an entry, read off its key. */
export const timeOfEntryKey = (entryKey: string): string => entryKey.slice("ENTRY#".length, -13);

/** One entry by its key. */
export async function loadEntry(table: Table, owner: string, entryKey: string): Promise<Entry | undefined> {
  const item = await table.get({ pk: keys.wallet(owner).pk, sk: entryKey }, { consistent: true });
  return item && parseEntry(owner, item);
}

interface EntryRange {
  /** Included. */
  readonly from?: string | undefined;
  /** Excluded: a key at that very time is longer than the bound, so it sorts behind it. */
  readonly to?: string | undefined;
  /** Entry key behind which the page starts. */
  readonly after?: string | undefined;
  readonly limit: number;
  readonly newestFirst?: boolean;
  readonly consistent?: boolean;
}

/** One page of a wallet's entries: costs the page, whatever the history. */
export async function queryEntries(table: Table, owner: string, range: EntryRange): Promise<{ entries: Entry[]; more: boolean }> {
  const { pk } = keys.wallet(owner);
  const page: Page = await table.query({
    pk,
    between: [`ENTRY#${range.from ?? ""}`, `ENTRY#${range.to ?? "~"}`],
    limit: range.limit,
    newestFirst: range.newestFirst ?? false,
    consistent: range.consistent ?? false,
    after: range.after === undefined ? undefined : { pk, sk: range.after },
  });
  return { entries: page.items.map((item) => parseEntry(owner, item)), more: page.lastKey !== undefined };
}
