import { sha256 } from "../lib/index.ts";
import type { Item, Key, Write } from "../table/index.ts";

/** What a guard remembers of the post that passed it. */
export interface Mark {
  /** Sort key of the entry which did it. */
  readonly entryKey: string;
  readonly fingerprint: string;
  readonly at: string;
}

/** What an item that stands in the way says. */
export type Verdict =
  /** The operation was done before, on the same terms, by this entry. */
  | { readonly done: true; readonly entryKey: string }
  /** It was not done, or on other terms. */
  | { readonly done: false };

/**
 * A conditional write on the business object, in the same transaction as the entry. It makes the operation happen once for
 * ever, not for a cache's lifetime.
 */
export interface Guard {
  readonly key: Key;
  /** Over kind, business id, owner, currency and amount: what the caller asked for, nothing that was decided from state. */
  readonly fingerprint: string;
  readonly write: (mark: Mark) => Write;
  readonly judge: (found: Item) => Verdict;
}

/** The terms of an operation, for comparing a repeat with the first. */
export function fingerprintOf(terms: {
  readonly kind: string;
  readonly id: string;
  readonly owner: string;
  readonly currency: string;
  readonly amountMinor: number;
}): string {
  return sha256(JSON.stringify([terms.kind, terms.id, terms.owner, terms.currency, terms.amountMinor])).slice(0, 32);
}

/** Reads a mark that a guard left under `field`. */
export function verdictOf(found: Item, field: string, fingerprint: string): Verdict {
  const mark = found[field] as Mark | undefined;
  return mark && mark.fingerprint === fingerprint ? { done: true, entryKey: mark.entryKey } : { done: false };
}

/** A guard whose item does not exist before and never changes after: adjustments, charges, usage. */
export function onceGuard(key: Key, fingerprint: string, fields: Readonly<Record<string, unknown>>): Guard {
  return {
    key,
    fingerprint,
    write: (mark) => ({ put: { ...fields, ...key, posted: mark }, if: { absent: true } }),
    judge: (found) => verdictOf(found, "posted", fingerprint),
  };
}
