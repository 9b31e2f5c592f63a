import { iso } from "../lib/index.ts";
import { type Item, keys, lists, type Table, type WriteResult } from "../table/index.ts";
import type { Walked } from "./provider.ts";

/** How far a walk has come: everything created before `walkedTo` (epoch seconds) has been seen, and of `span` the part up to `after`. */
export interface Cursor {
  readonly walkedTo: number;
  readonly span: { readonly from: number; readonly to: number } | undefined;
  readonly after: string | undefined;
}

export async function loadCursor(table: Table, kind: Walked): Promise<Cursor | undefined> {
  const item = await table.get(keys.cursor(`sweep:${kind}`), { consistent: true });
  return item && { walkedTo: item.walkedTo as number, span: item.span as Cursor["span"], after: item.after as string | undefined };
}

/** Unconditional: two sweeps side by side only walk some of the way twice. */
export const saveCursor = (table: Table, kind: Walked, cursor: Cursor): Promise<WriteResult> =>
  table.write({ put: { ...keys.cursor(`sweep:${kind}`), ...cursor } });

/** A settlement that failed and is tried again. */
export interface Deferral {
  readonly paymentIntentId: string | undefined;
  readonly topUpId: string | undefined;
  readonly sessionId: string | undefined;
  /** Is it money in that waits, not a refund or dispute? */
  readonly credit: boolean;
  readonly tries: number;
}

/** By the payment: two paid sessions of one top-up each wait on their own. Under the top-up's name, the later once hid the earlier from quarantine. */
const nameOf = ({ paymentIntentId, sessionId, topUpId }: Omit<Deferral, "tries" | "credit">): string =>
  paymentIntentId ?? sessionId ?? topUpId ?? "";

/** Puts a settlement off. A first failure (`tries` 1) leaves an earlier deferral as it is, so that walking past it again does not start its waiting over. */
export async function saveDeferral(table: Table, deferral: Deferral, nextAtMs: number): Promise<WriteResult> {
  const name = nameOf(deferral);
  const result = await table.write({
    put: { ...keys.deferral(name), ...deferral, gsi2pk: lists.deferrals, gsi2sk: `${iso(nextAtMs)}#${name}` },
    ...(deferral.tries === 1 ? { if: { absent: true } as const } : {}),
  });
  return result.outcome === "refused" ? { outcome: "committed" } : result;
}

export const removeDeferral = (table: Table, deferral: Deferral): Promise<WriteResult> =>
  table.write({ delete: keys.deferral(nameOf(deferral)) });

/** The deferral of a payment intent, or of a session or top-up that has none. */
export async function loadDeferral(table: Table, name: string): Promise<Deferral | undefined> {
  const item = await table.get(keys.deferral(name), { consistent: true });
  return item && parseDeferral(item);
}

const parseDeferral = (item: Item): Deferral => ({
  paymentIntentId: item.paymentIntentId as string | undefined,
  topUpId: item.topUpId as string | undefined,
  sessionId: item.sessionId as string | undefined,
  credit: item.credit as boolean,
  tries: item.tries as number,
});

/** Deferrals whose next try has come, oldest first. */
export async function* queryDueDeferrals(table: Table, nowMs: number): AsyncGenerator<Deferral> {
  let after: Item | undefined;
  do {
    const page = await table.query({ pk: lists.deferrals, index: "gsi2", between: ["0", `${iso(nowMs)}~`], limit: 50, after });
    for (const { pk, sk } of page.items) {
      const item = await table.get({ pk: pk as string, sk: sk as string }, { consistent: true });
      if (item) yield parseDeferral(item);
    }
    after = page.lastKey;
  } while (after);
}
