import { sha256 } from "../lib/index.ts";
import type { Balances, Movement } from "./wallet.ts";

/** One posted movement: immutable, numbered, chained to the one before it. */
export interface Entry extends Movement {
  readonly owner: string;
  readonly seq: number;
  /** ISO 8601 in UTC with milliseconds; never before the entry before it. */
  readonly at: string;
  /** The balances of every currency after it. */
  readonly balances: Balances;
  readonly prevHash: string;
  readonly hash: string;
}

/** Version of the field list below. A change of the list is a new version; old entries keep verifying by theirs. */
const HASH_VERSION = "aira-entry-1";

/** SHA-256 over a versioned, explicit list of fields, the owner among them, so that no entry can be moved to another wallet. */
export function hashOf(entry: Omit<Entry, "hash">): string {
  const balances = Object.entries(entry.balances)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([currency, balance]) => [currency, balance.availableMinor, balance.heldMinor]);
  return sha256(
    JSON.stringify([
      HASH_VERSION,
      entry.owner,
      entry.seq,
      entry.at,
      entry.kind,
      entry.currency,
      entry.amountMinor,
      entry.heldMinor,
      entry.reference.type,
      entry.reference.id,
      entry.description,
      entry.actor,
      balances,
      entry.prevHash,
    ]),
  );
}

/** What the whole wallet gained or lost by an entry: a hold and its release change nothing. */
export const netMinor = (entry: Pick<Entry, "amountMinor" | "heldMinor">): number => entry.amountMinor + entry.heldMinor;
