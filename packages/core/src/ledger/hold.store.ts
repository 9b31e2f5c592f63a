import type { Currency } from "@aira/contract";
import { iso } from "../lib/index.ts";
import { type Condition, type Item, keys, lists, shardOf, shards, type Table } from "../table/index.ts";
import { type Guard, type Mark, verdictOf } from "./guard.ts";
import type { Hold } from "./hold.ts";

/** `captured_late`: captured after it had expired, as a charge for finished usage. */
export type HoldState = "open" | "captured" | "released" | "expired" | "captured_late";

export interface StoredHold extends Hold {
  readonly state: HoldState;
  readonly expiresAtMs: number | undefined;
  readonly authorized: Mark;
  readonly closed: Mark | undefined;
}

const keyOf = (hold: Pick<Hold, "owner" | "holdId">) => keys.hold(hold.owner, hold.holdId);

/** The hold as it was authorized, in this state: a caller that remembers other terms is refused. */
const standsAs = (hold: Hold, state: HoldState): Condition => ({
  equals: { state, currency: hold.currency, amountMinor: hold.amountMinor },
});

/** The hold itself is the guard of its authorization. */
export function holdGuard(hold: Hold, fingerprint: string, expiresAtMs: number | undefined): Guard {
  const key = keyOf(hold);
  const due =
    expiresAtMs === undefined
      ? {}
      : { expiresAtMs, gsi2pk: lists.holds(shardOf(hold.holdId)), gsi2sk: `${iso(expiresAtMs)}#${hold.holdId}` };
  return {
    key,
    fingerprint,
    write: (mark) => ({
      put: { ...key, state: "open", currency: hold.currency, amountMinor: hold.amountMinor, authorized: mark, ...due },
      if: { absent: true },
    }),
    judge: (found) => verdictOf(found, "authorized", fingerprint),
  };
}

function closing(hold: Hold, to: HoldState, fingerprint: string, set: Readonly<Record<string, unknown>>, condition: Condition): Guard {
  const key = keyOf(hold);
  return {
    key,
    fingerprint,
    write: (mark) => ({ update: key, set: { state: to, closed: mark, ...set }, remove: ["gsi2pk", "gsi2sk"], if: condition }),
    judge: (found) => verdictOf(found, "closed", fingerprint),
  };
}

/** Open to captured. A repeat also finds the mark of a late capture, which did the same. */
export function captureGuard(hold: Hold, fingerprint: string, capturedMinor: number): Guard {
  const guard = closing(hold, "captured", fingerprint, { capturedMinor }, standsAs(hold, "open"));
  const late = lateCaptureGuard(hold, fingerprint, capturedMinor);
  return {
    ...guard,
    judge: (found) => {
      const verdict = guard.judge(found);
      return verdict.done ? verdict : late.judge(found);
    },
  };
}

/** Open to released or, when its time has passed by `dueMs`, to expired. */
export function closeGuard(hold: Hold, to: "released" | "expired", fingerprint: string, dueMs?: number): Guard {
  const open = standsAs(hold, "open");
  return closing(hold, to, fingerprint, {}, dueMs === undefined ? open : { all: [open, { below: { expiresAtMs: dueMs + 1 } }] });
}

/** Expired to captured late. The money had gone back, so the entry beside it is a charge for finished usage. */
export function lateCaptureGuard(hold: Hold, fingerprint: string, capturedMinor: number): Guard {
  const key = keyOf(hold);
  return {
    key,
    fingerprint,
    write: (mark) => ({
      update: key,
      set: { state: "captured_late" satisfies HoldState, late: mark, capturedMinor },
      if: standsAs(hold, "expired"),
    }),
    judge: (found) => verdictOf(found, "late", fingerprint),
  };
}

function parseHold(owner: string, holdId: string, item: Item): StoredHold {
  return {
    owner,
    holdId,
    currency: item.currency as Currency,
    amountMinor: item.amountMinor as number,
    state: item.state as HoldState,
    expiresAtMs: item.expiresAtMs as number | undefined,
    authorized: item.authorized as Mark,
    closed: item.closed as Mark | undefined,
  };
}

export async function loadHold(
  table: Table,
  owner: string,
  holdId: string,
  options?: { readonly consistent?: boolean },
): Promise<StoredHold | undefined> {
  const item = await table.get(keys.hold(owner, holdId), options);
  return item && parseHold(owner, holdId, item);
}

/** Every hold of one wallet, open and closed, a page at a time. */
export async function* queryHolds(table: Table, owner: string): AsyncGenerator<StoredHold> {
  const { pk } = keys.wallet(owner);
  let after: Item | undefined;
  do {
    const page = await table.query({ pk, prefix: keys.holdPrefix, after, consistent: true });
    for (const item of page.items) yield parseHold(owner, (item.sk as string).slice(keys.holdPrefix.length), item);
    after = page.lastKey;
  } while (after);
}

/** Holds that the due index lists up to `nowMs`. It lags behind: look at each before acting. */
export async function* queryDueHolds(table: Table, nowMs: number): AsyncGenerator<Pick<Hold, "owner" | "holdId">> {
  for (const shard of shards) {
    let after: Item | undefined;
    do {
      const page = await table.query({ pk: lists.holds(shard), index: "gsi2", between: ["0", `${iso(nowMs)}~`], limit: 100, after });
      for (const { pk, sk } of page.items)
        yield { owner: (pk as string).slice("WALLET#".length), holdId: (sk as string).slice(keys.holdPrefix.length) };
      after = page.lastKey;
    } while (after);
  }
}
