import { createHash } from "node:crypto";
import type { StripeState } from "../stripe/state.ts";
import type { MemoryTable } from "./memory-table.ts";

type Item = Record<string, unknown>;
interface Balance {
  readonly availableMinor: number;
  readonly heldMinor: number;
}

/** An entry as it lies in the table. */
export interface EntryItem {
  readonly sk: string;
  readonly owner: string;
  readonly seq: number;
  readonly at: string;
  readonly kind: string;
  readonly currency: string;
  readonly amountMinor: number;
  readonly heldMinor: number;
  readonly balances: Record<string, Balance>;
  readonly refType: string;
  readonly refId: string;
  readonly description: string;
  readonly actor: string;
  readonly prevHash: string;
  readonly hash: string;
}

export class BrokenPromise extends Error {
  override readonly name = "BrokenPromise";
}

export function promise(kept: boolean, sentence: string): asserts kept {
  if (!kept) throw new BrokenPromise(sentence);
}

export interface WalletItems {
  readonly owner: string;
  readonly wallet: Item | undefined;
  readonly entries: readonly EntryItem[];
  readonly holds: readonly Item[];
}

/** The raw items, by wallet. */
export function walletsOf(memory: MemoryTable): WalletItems[] {
  const byOwner = new Map<string, Item[]>();
  for (const item of memory.items()) {
    const [, owner] = /^WALLET#(.*)$/.exec(item.pk as string) ?? [];
    if (owner !== undefined) byOwner.set(owner, [...(byOwner.get(owner) ?? []), item]);
  }
  return [...byOwner].map(([owner, items]) => {
    const sorted = items.sort((a, b) => ((a.sk as string) < (b.sk as string) ? -1 : 1));
    return {
      owner,
      wallet: sorted.find(({ sk }) => sk === "WALLET"),
      entries: sorted.filter(({ sk }) => (sk as string).startsWith("ENTRY#")).map((item) => ({ ...item, owner }) as unknown as EntryItem),
      holds: sorted.filter(({ sk }) => (sk as string).startsWith("HOLD#")),
    };
  });
}

const NOTHING: Balance = { availableMinor: 0, heldMinor: 0 };

/** The list of fields that the first version of the hash covers, written down a second time on purpose. */
export function expectedHash(entry: EntryItem): string {
  const balances = Object.keys(entry.balances)
    .sort()
    .map((name) => [name, entry.balances[name]?.availableMinor, entry.balances[name]?.heldMinor]);
  const { owner, seq, at, kind, currency, amountMinor, heldMinor, refType, refId, description, actor, prevHash } = entry;
  const fields = [
    "aira-entry-1",
    owner,
    seq,
    at,
    kind,
    currency,
    amountMinor,
    heldMinor,
    refType,
    refId,
    description,
    actor,
    balances,
    prevHash,
  ];
  return createHash("sha256").update(JSON.stringify(fields)).digest("hex");
}

/**
 * The ledger's invariants over the raw items, written without the ledger's own code, so that a mistake there can't vouch for
 * itself.
 */
export function checkWallet({ owner, wallet, entries, holds }: WalletItems): void {
  const at = (entry: EntryItem) => `entry ${entry.seq} of ${owner}`;
  let previous: EntryItem | undefined;
  let sums: Record<string, Balance> = {};
  let frozen = false;
  const open = new Map<string, { readonly currency: string; readonly amountMinor: number }>();
  const charged = new Set<string>();

  for (const entry of entries) {
    promise(entry.seq === (previous?.seq ?? 0) + 1, `${at(entry)}: seq has no gap`);
    promise(previous === undefined || entry.at >= previous.at, `${at(entry)}: time never runs backwards`);
    promise(entry.prevHash === (previous?.hash ?? "0".repeat(64)), `${at(entry)}: every hash chains`);
    promise(entry.hash === expectedHash(entry), `${at(entry)}: the hash covers the fields`);
    const before = sums;
    const old = before[entry.currency] ?? NOTHING;
    const now = { availableMinor: old.availableMinor + entry.amountMinor, heldMinor: old.heldMinor + entry.heldMinor };
    sums = { ...before, [entry.currency]: now };
    for (const [currency, balance] of Object.entries(sums)) {
      const { availableMinor, heldMinor } = entry.balances[currency] ?? NOTHING;
      promise(
        availableMinor === balance.availableMinor && heldMinor === balance.heldMinor,
        `${at(entry)}: balances equal the sum of entries`,
      );
    }
    if (entry.kind === "debit" || entry.kind === "authorization") {
      promise(!frozen, `${at(entry)}: a frozen wallet spends nothing`);
      promise(
        Object.values(before).every(({ availableMinor }) => availableMinor >= 0),
        `${at(entry)}: a restricted wallet spends nothing`,
      );
      promise(now.availableMinor >= 0, `${at(entry)}: a debit or authorization never drives available below zero`);
    }
    if (entry.kind === "freeze") frozen = true;
    if (entry.kind === "unfreeze") frozen = false;
    if (entry.kind === "authorization") {
      promise(!open.has(entry.refId), `${at(entry)}: a hold is authorized once`);
      open.set(entry.refId, { currency: entry.currency, amountMinor: entry.heldMinor });
    }
    if (entry.kind === "capture" || entry.kind === "release") {
      const hold = open.get(entry.refId);
      promise(hold?.amountMinor === -entry.heldMinor && hold.currency === entry.currency, `${at(entry)}: it closes an open hold, whole`);
      open.delete(entry.refId);
    }
    if (entry.kind === "capture" || (entry.kind === "usage" && entry.refType === "hold")) {
      promise(!charged.has(entry.refId), `${at(entry)}: a hold is charged once`);
      charged.add(entry.refId);
    }
    previous = entry;
  }

  promise(((wallet?.seq as number | undefined) ?? 0) === entries.length, `${owner}: the wallet counts its entries`);
  if (!wallet || wallet.seq === undefined) return;
  promise(wallet.head === previous?.hash, `${owner}: the wallet's head is the newest hash`);
  promise(wallet.frozen === frozen, `${owner}: the wallet is frozen as its entries say`);
  promise(typeof wallet.gsi2pk === "string", `${owner}: the wallet is on the list of wallets`);
  const balances = wallet.balances as Record<string, Balance>;
  for (const [currency, sum] of Object.entries(sums)) {
    promise(
      balances[currency]?.availableMinor === sum.availableMinor && balances[currency]?.heldMinor === sum.heldMinor,
      `${owner}: the wallet's balances equal the sum of its entries`,
    );
    const heldMinor = [...open.values()].filter((hold) => hold.currency === currency).reduce((total, hold) => total + hold.amountMinor, 0);
    promise(sum.heldMinor === heldMinor, `${owner}: held equals the open holds`);
  }
  for (const hold of holds) {
    const id = (hold.sk as string).slice("HOLD#".length);
    promise((hold.state === "open") === open.has(id), `${owner}: hold ${id} is open or closed as its entries say`);
  }
}

/** Did the wallet, at its entry `fromSeq` or at any later one, have to decline this price for this reason? */
export function isReason(
  code: string,
  price: { readonly currency: string; readonly amountMinor: number },
  entries: readonly EntryItem[],
  fromSeq: number,
): boolean {
  let frozen = false;
  let balances: Record<string, Balance> = {};
  const stands = (): boolean => {
    if (code === "wallet.frozen") return frozen;
    if (code === "wallet.restricted") return Object.values(balances).some(({ availableMinor }) => availableMinor < 0);
    return (balances[price.currency]?.availableMinor ?? 0) < price.amountMinor;
  };
  if (fromSeq === 0 && stands()) return true;
  for (const entry of entries) {
    if (entry.kind === "freeze") frozen = true;
    if (entry.kind === "unfreeze") frozen = false;
    balances = entry.balances;
    if (entry.seq >= fromSeq && stands()) return true;
  }
  return false;
}

export interface TopUpItem {
  readonly topUpId: string;
  readonly owner: string;
  readonly currency: string;
  readonly amountMinor: number;
  readonly postedMinor: number;
  readonly sessionId: string | undefined;
  readonly state: string;
  readonly v: number;
}

export function topUpsOf(memory: MemoryTable): TopUpItem[] {
  return memory
    .items()
    .filter(({ sk }) => sk === "TOPUP")
    .map((item) => ({ ...(item as unknown as TopUpItem), topUpId: (item.pk as string).slice("TOPUP#".length) }));
}

/** Each top-up against the entries that name it. */
export function checkTopUps(memory: MemoryTable, wallets: readonly WalletItems[]): void {
  const posted = new Map<string, EntryItem[]>();
  for (const { entries } of wallets)
    for (const entry of entries) if (entry.refType === "top_up") posted.set(entry.refId, [...(posted.get(entry.refId) ?? []), entry]);
  const topUps = new Map(topUpsOf(memory).map((topUp) => [topUp.topUpId, topUp]));
  for (const [topUpId, entries] of posted) {
    const topUp = topUps.get(topUpId);
    promise(topUp !== undefined, `${topUpId}: no credit without its top-up`);
    promise(entries.filter(({ kind }) => kind === "credit").length <= 1, `${topUpId}: credited once`);
    for (const entry of entries)
      promise(entry.owner === topUp.owner && entry.currency === topUp.currency, `${topUpId}: posted to its owner, in its currency`);
  }
  for (const topUp of topUps.values()) {
    const sum = (posted.get(topUp.topUpId) ?? []).reduce((total, { amountMinor }) => total + amountMinor, 0);
    promise(sum === topUp.postedMinor, `${topUp.topUpId}: the top-up says what its entries say`);
    promise(sum >= 0 && sum <= topUp.amountMinor, `${topUp.topUpId}: never more than was paid, never less than nothing`);
  }
}

const RETURNED = { failed: false, canceled: false } as Record<string, boolean>;
const NOT_WITHHELD = new Set(["won", "prevented", "warning_needs_response", "warning_under_review", "warning_closed"]);

/** What Stripe says that a session's owner should have of it. */
export function netOf(stripe: StripeState, sessionId: string): number {
  const session = stripe.store.sessions.get(sessionId);
  if (!session || session.payment_status === "unpaid") return 0;
  const amountMinor = session.amount_total ?? 0;
  let backMinor = 0;
  for (const refund of stripe.store.refunds.values())
    if (refund.payment_intent === session.payment_intent && (RETURNED[refund.status ?? ""] ?? true)) backMinor += refund.amount;
  for (const dispute of stripe.store.disputes.values())
    if (dispute.payment_intent === session.payment_intent && !NOT_WITHHELD.has(dispute.status)) backMinor += dispute.amount;
  return Math.max(0, amountMinor - backMinor);
}
