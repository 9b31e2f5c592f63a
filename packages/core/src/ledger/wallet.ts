import type { Currency, EntryKind, ReferenceType } from "@aira/contract";
import { invariant, iso } from "../lib/index.ts";
import { type Entry, hashOf } from "./entry.ts";

/** What one currency of a wallet holds, in minor units. `held` is set aside by holds and not spendable. */
export interface Balance {
  readonly availableMinor: number;
  readonly heldMinor: number;
}

export type Balances = Readonly<Partial<Record<Currency, Balance>>>;

/** One owner's wallet as of entry `seq`. */
export interface Wallet {
  readonly owner: string;
  /** Number of entries so far: gap-free, and the version that every post is conditional on. */
  readonly seq: number;
  /** Hash of the newest entry. */
  readonly head: string;
  /** Time of the newest entry: no later one may be earlier. */
  readonly lastAt: string;
  readonly frozen: boolean;
  readonly balances: Balances;
  /** Something of this owner waits for money (a month of a number): whoever brings money in should see to it. Not of the history. */
  readonly arrears?: string | undefined;
  /** Below which balances its owner wants to be told, in minor units. Not of the history. */
  readonly alerts?: Readonly<Partial<Record<Currency, number>>> | undefined;
}

/** A change that somebody wants posted: signed amounts in minor units, and why. */
export interface Movement {
  readonly kind: EntryKind;
  readonly currency: Currency;
  /** Change of the available balance. */
  readonly amountMinor: number;
  /** Change of the held balance. */
  readonly heldMinor: number;
  readonly reference: { readonly type: ReferenceType; readonly id: string };
  readonly description: string;
  /** Who caused it: an owner, an operator, or a part of the system. */
  readonly actor: string;
}

/** Why a permission was refused. A refusal changes nothing. */
export type Refusal =
  | { readonly code: "wallet.insufficient_funds"; readonly missingMinor: number }
  | { readonly code: "wallet.restricted" }
  | { readonly code: "wallet.frozen" };

/**
 * `nothing_held`: the hold that this closes is not in the wallet. Either the wallet is older than the hold, or the hold was closed
 * before: its guard tells.
 */
export type Decision =
  | { readonly accepted: true; readonly entry: Entry; readonly wallet: Wallet }
  | { readonly accepted: false; readonly refusal: Refusal | { readonly code: "nothing_held" } };

const NOTHING: Balance = { availableMinor: 0, heldMinor: 0 };

/** Hash that the first entry of a wallet chains to. */
export const GENESIS = "0".repeat(64);

export function emptyWallet(owner: string): Wallet {
  return { owner, seq: 0, head: GENESIS, lastAt: "", frozen: false, balances: {} };
}

export const balanceOf = (balances: Balances, currency: Currency): Balance => balances[currency] ?? NOTHING;

/** A clawback can push a currency below zero. Then the wallet can receive, not spend, in any currency. */
export function isRestricted(wallet: Wallet): boolean {
  return Object.values(wallet.balances).some((balance) => balance.availableMinor < 0);
}

/**
 * Facts happened already and always post. Permissions ask beforehand and may be refused: "never below zero" is about these
 * two kinds only.
 */
export const isPermission = (kind: EntryKind): boolean => kind === "debit" || kind === "authorization";

function refusalOf(wallet: Wallet, movement: Movement): Refusal | undefined {
  if (!isPermission(movement.kind)) return undefined;
  if (wallet.frozen) return { code: "wallet.frozen" };
  if (isRestricted(wallet)) return { code: "wallet.restricted" };
  const after = balanceOf(wallet.balances, movement.currency).availableMinor + movement.amountMinor;
  return after < 0 ? { code: "wallet.insufficient_funds", missingMinor: -after } : undefined;
}

/** Each kind moves money in one way only; anything else is a mistake of ours. */
const SHAPE: Record<EntryKind, (amountMinor: number, heldMinor: number) => boolean> = {
  credit: (amount, held) => amount > 0 && held === 0,
  reinstatement: (amount, held) => amount > 0 && held === 0,
  clawback: (amount, held) => amount < 0 && held === 0,
  debit: (amount, held) => amount < 0 && held === 0,
  usage: (amount, held) => amount < 0 && held === 0,
  adjustment: (amount, held) => amount !== 0 && held === 0,
  authorization: (amount, held) => amount < 0 && held === -amount,
  capture: (amount, held) => held < 0 && amount >= 0 && amount < -held,
  release: (amount, held) => held < 0 && amount === -held,
  freeze: (amount, held) => amount === 0 && held === 0,
  unfreeze: (amount, held) => amount === 0 && held === 0,
};

/** Is this movement one that its kind allows? The verifier asks the same of every stored entry. */
export const hasShapeOfKind = (movement: Pick<Movement, "kind" | "amountMinor" | "heldMinor">): boolean =>
  SHAPE[movement.kind](movement.amountMinor, movement.heldMinor);

/**
 * The next entry of a wallet, or why there is none. Pure: the wallet and the time come in, nothing is read or written.
 * Time never runs backwards within a wallet: a clock behind the last entry repeats its time.
 */
export function decide(wallet: Wallet, movement: Movement, nowMs: number): Decision {
  invariant(Number.isSafeInteger(movement.amountMinor) && Number.isSafeInteger(movement.heldMinor), "amounts are integers of minor units");
  invariant(hasShapeOfKind(movement), `a ${movement.kind} cannot move ${movement.amountMinor} available and ${movement.heldMinor} held`);
  const refusal = refusalOf(wallet, movement);
  if (refusal) return { accepted: false, refusal };

  const before = balanceOf(wallet.balances, movement.currency);
  const after: Balance = {
    availableMinor: before.availableMinor + movement.amountMinor,
    heldMinor: before.heldMinor + movement.heldMinor,
  };
  if (after.heldMinor < 0) return { accepted: false, refusal: { code: "nothing_held" } };
  invariant(Number.isSafeInteger(after.availableMinor) && Number.isSafeInteger(after.heldMinor), "the balance stays a safe integer");

  const now = iso(nowMs);
  const unsealed = {
    ...movement,
    owner: wallet.owner,
    seq: wallet.seq + 1,
    at: now > wallet.lastAt ? now : wallet.lastAt,
    balances: { ...wallet.balances, [movement.currency]: after },
    prevHash: wallet.head,
  };
  const entry: Entry = { ...unsealed, hash: hashOf(unsealed) };
  return { accepted: true, entry, wallet: walletAfter(wallet, entry) };
}

/** The wallet once `entry` has been posted to it. */
export function walletAfter(wallet: Wallet, entry: Entry): Wallet {
  return {
    owner: wallet.owner,
    seq: entry.seq,
    head: entry.hash,
    lastAt: entry.at,
    frozen: entry.kind === "freeze" || (entry.kind !== "unfreeze" && wallet.frozen),
    balances: entry.balances,
    ...(wallet.arrears === undefined ? {} : { arrears: wallet.arrears }),
    ...(wallet.alerts === undefined ? {} : { alerts: wallet.alerts }),
  };
}
