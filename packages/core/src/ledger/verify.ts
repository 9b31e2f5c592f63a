import type { Currency } from "@aira/contract";
import { type Entry, hashOf } from "./entry.ts";
import { queryHolds } from "./hold.store.ts";
import { entryKeyOf, loadEntry, loadWallet, queryEntries, seqOfEntryKey } from "./ledger.store.ts";
import { listOwners } from "./owners.store.ts";
import type { LedgerPorts } from "./ports.ts";
import { type Balances, balanceOf, emptyWallet, hasShapeOfKind, isPermission, isRestricted, type Wallet, walletAfter } from "./wallet.ts";

/** A verified point of a wallet's history: where the next verification may start, and, kept outside the table, an anchor that the history can't be rewritten behind. */
export interface Checkpoint {
  readonly wallet: Wallet;
  /** Key of the entry `wallet.seq`; empty before the first. */
  readonly entryKey: string;
  readonly openHolds: Readonly<Record<string, { readonly currency: Currency; readonly amountMinor: number }>>;
}

export interface Violation {
  /** The entry, or 0 for the wallet as a whole. */
  readonly seq: number;
  /** Which invariant broke, as a sentence. */
  readonly broken: string;
}

export interface WalletReport {
  readonly owner: string;
  /** Entries read by this run. */
  readonly entries: number;
  readonly violations: readonly Violation[];
  /** Present when nothing is wrong. */
  readonly checkpoint: Checkpoint | undefined;
}

/** The state that the entries so far add up to. Pure: takes one entry after the other and says what is wrong with it. */
export class Replay {
  #wallet: Wallet;
  #entryKey: string;
  readonly #openHolds: Map<string, { currency: Currency; amountMinor: number }>;

  constructor(from: Checkpoint) {
    this.#wallet = from.wallet;
    this.#entryKey = from.entryKey;
    this.#openHolds = new Map(Object.entries(from.openHolds));
  }

  get wallet(): Wallet {
    return this.#wallet;
  }

  get checkpoint(): Checkpoint {
    return { wallet: this.#wallet, entryKey: this.#entryKey, openHolds: Object.fromEntries(this.#openHolds) };
  }

  next(entry: Entry): Violation[] {
    const before = this.#wallet;
    const broken: string[] = [];
    const must = (holds: boolean, sentence: string) => {
      if (!holds) broken.push(sentence);
    };
    must(entry.seq === before.seq + 1, `seq follows ${before.seq} without a gap`);
    must(entry.at >= before.lastAt, "time never runs backwards");
    must(entry.prevHash === before.head, "the hash chains to the entry before it");
    must(entry.hash === hashOf(entry), "the hash matches the entry's fields");
    must(hasShapeOfKind(entry), "the entry moves money as its kind allows");

    const old = balanceOf(before.balances, entry.currency);
    const sum: Balances = {
      ...before.balances,
      [entry.currency]: {
        availableMinor: old.availableMinor + entry.amountMinor,
        heldMinor: old.heldMinor + entry.heldMinor,
      },
    };
    must(sameBalances(entry.balances, sum), "the balances after it are those before it plus its amounts");
    if (isPermission(entry.kind)) {
      must(!before.frozen, "a frozen wallet spends nothing");
      must(!isRestricted(before), "a restricted wallet spends nothing");
      must(balanceOf(sum, entry.currency).availableMinor >= 0, "a debit or authorization never drives the balance below zero");
    }
    this.#trackHold(entry, must);
    this.#wallet = walletAfter(before, entry);
    this.#entryKey = entryKeyOf(entry);
    return broken.map((sentence) => ({ seq: entry.seq, broken: sentence }));
  }

  /** Held money is the sum of the open holds, hold by hold. */
  #trackHold(entry: Entry, must: (holds: boolean, sentence: string) => void): void {
    const { id } = entry.reference;
    if (entry.kind === "authorization") {
      must(!this.#openHolds.has(id), "a hold is authorized once");
      this.#openHolds.set(id, { currency: entry.currency, amountMinor: entry.heldMinor });
    } else if (entry.kind === "capture" || entry.kind === "release") {
      const hold = this.#openHolds.get(id);
      must(
        hold !== undefined && hold.currency === entry.currency && hold.amountMinor === -entry.heldMinor,
        "a capture or release closes one open hold of the same amount",
      );
      this.#openHolds.delete(id);
    }
  }
}

function sameBalances(a: Balances, b: Balances): boolean {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]) as Set<Currency>;
  return [...names].every((currency) => {
    const [x, y] = [balanceOf(a, currency), balanceOf(b, currency)];
    return x.availableMinor === y.availableMinor && x.heldMinor === y.heldMinor;
  });
}

const PAGE = 500;

interface VerifyOptions {
  /** Start from here instead of from the first entry. */
  readonly from?: Checkpoint | undefined;
  /** An earlier head, kept outside the table: the history must still lead through it. */
  readonly anchor?: Pick<Checkpoint, "wallet" | "entryKey"> | undefined;
}

/**
 * Checks every invariant of one wallet. The wallet is read consistently, then the entries up to that `seq` only, so writes
 * that go on meanwhile raise no false alarm. Reads only.
 */
export async function verifyWallet(
  { table }: Pick<LedgerPorts, "table">,
  owner: string,
  options: VerifyOptions = {},
): Promise<WalletReport> {
  const wallet = await loadWallet(table, owner, { consistent: true });
  const start: Checkpoint = options.from ?? { wallet: emptyWallet(owner), entryKey: "", openHolds: {} };
  const violations: Violation[] = [];
  const replay = new Replay(start);
  let read = 0;

  for (const anchor of [options.from, options.anchor]) {
    if (!anchor || anchor.wallet.seq === 0) continue;
    const entry = await loadEntry(table, owner, anchor.entryKey);
    if (entry?.hash !== anchor.wallet.head)
      violations.push({ seq: anchor.wallet.seq, broken: "the history leads through the anchored head" });
  }

  let after = start.entryKey || undefined;
  pages: for (;;) {
    const page = await queryEntries(table, owner, { after, limit: PAGE, consistent: true });
    for (const entry of page.entries) {
      if (entry.seq > wallet.seq) break pages;
      violations.push(...replay.next(entry));
      after = entryKeyOf(entry);
      read++;
    }
    if (!page.more) break;
  }

  const sum = replay.wallet;
  const must = (holds: boolean, broken: string) => {
    if (!holds) violations.push({ seq: 0, broken });
  };
  must(sum.seq === wallet.seq, `the wallet counts ${wallet.seq} entries, as there are`);
  must(sum.head === wallet.head, "the wallet's head is the newest entry's hash");
  must(sum.lastAt === wallet.lastAt, "the wallet's time is the newest entry's");
  must(sum.frozen === wallet.frozen, "the wallet is frozen as its entries say");
  must(sameBalances(sum.balances, wallet.balances), "the wallet's balances are the sum of its entries");
  const { openHolds } = replay.checkpoint;
  for (const currency of Object.keys(wallet.balances) as Currency[]) {
    const open = Object.values(openHolds).filter((hold) => hold.currency === currency);
    const heldMinor = open.reduce((total, hold) => total + hold.amountMinor, 0);
    must(balanceOf(wallet.balances, currency).heldMinor === heldMinor, "held money is the sum of the open holds");
  }
  violations.push(...(await verifyHolds({ table }, owner, wallet.seq, openHolds)));
  return { owner, entries: read, violations, checkpoint: violations.length === 0 ? replay.checkpoint : undefined };
}

/** Hold items against the entries up to `seq`: what was posted since is not looked at. */
async function verifyHolds(
  { table }: Pick<LedgerPorts, "table">,
  owner: string,
  seq: number,
  openHolds: Checkpoint["openHolds"],
): Promise<Violation[]> {
  const violations: Violation[] = [];
  for await (const hold of queryHolds(table, owner)) {
    if (seqOfEntryKey(hold.authorized.entryKey) > seq) continue;
    const openThen = hold.closed === undefined || seqOfEntryKey(hold.closed.entryKey) > seq;
    const entry = openHolds[hold.holdId];
    const same = entry !== undefined && entry.currency === hold.currency && entry.amountMinor === hold.amountMinor;
    if (openThen !== (entry !== undefined) || (openThen && !same))
      violations.push({ seq: seqOfEntryKey(hold.authorized.entryKey), broken: "every hold is open or closed as its entries say" });
  }
  return violations;
}

/** Verifies every wallet, yielding a report for each, so that a caller can show progress and stop at any time. */
export async function* verifyAll(ports: Pick<LedgerPorts, "table">): AsyncGenerator<WalletReport> {
  for await (const owner of listOwners(ports)) yield await verifyWallet(ports, owner);
}
