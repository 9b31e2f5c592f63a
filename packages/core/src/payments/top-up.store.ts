import type { Currency, TopUpState } from "@aira/contract";
import { fingerprintOf, type Guard, type Mark } from "../ledger/index.ts";
import { type Item, keys, type Table, type Write, type WriteResult } from "../table/index.ts";
import type { SessionTerms } from "./provider.ts";
import type { TopUp } from "./top-up.ts";

export async function loadTopUp(table: Table, topUpId: string, options?: { readonly consistent?: boolean }): Promise<TopUp | undefined> {
  const item = await table.get(keys.topUp(topUpId), options);
  return item && parseTopUp(topUpId, item);
}

export function parseTopUp(topUpId: string, item: Item): TopUp {
  return {
    topUpId,
    owner: item.owner as string,
    currency: item.currency as Currency,
    amountMinor: item.amountMinor as number,
    v: item.v as number,
    postedMinor: item.postedMinor as number,
    state: item.state as TopUpState,
    terms: item.terms as SessionTerms,
    sessionId: item.sessionId as string | undefined,
    url: item.url as string | undefined,
    credit: item.credit as Mark | undefined,
    last: item.last as Mark | undefined,
    seen: (item.seen as Record<string, string> | undefined) ?? {},
    createdAt: item.createdAt as string,
    updatedAt: item.updatedAt as string,
  };
}

/** Writes a new top-up, unless its id was used before: then the item that stands there refuses. */
export function insertTopUp(table: Table, topUp: TopUp): Promise<WriteResult> {
  const { topUpId, ...fields } = topUp;
  return table.write({ put: { ...keys.topUp(topUpId), ...fields }, if: { absent: true } });
}

/** Ties the top-up to its session, once for ever. Leaves `v` and `state` alone: the payment may be settled before this is written. */
export function bindSession(
  table: Table,
  topUp: TopUp,
  session: { readonly id: string; readonly url: string | null },
): Promise<WriteResult> {
  return table.write({
    update: keys.topUp(topUp.topUpId),
    set: { sessionId: session.id, url: session.url ?? undefined },
    if: {
      all: [{ equals: { owner: topUp.owner } }, { any: [{ equals: { sessionId: undefined } }, { equals: { sessionId: session.id } }] }],
    },
  });
}

/** What the event of a paid session says. */
export interface PaidFacts {
  readonly topUpId: string;
  readonly owner: string;
  readonly currency: Currency;
  readonly amountMinor: number;
  readonly sessionId: string;
}

const creditFingerprint = ({ topUpId, owner, currency, amountMinor }: Omit<PaidFacts, "sessionId">): string =>
  fingerprintOf({ kind: "credit", id: topUpId, owner, currency, amountMinor });

/**
 * The fast credit's guard: never settled (`v = 0`), and amount, currency, owner and session are those that we stored. The
 * top-up is the guard, so there is no table of event ids and no window between "seen" and "credited".
 */
export function fastCreditGuard(paid: PaidFacts): Guard {
  const key = keys.topUp(paid.topUpId);
  const fingerprint = creditFingerprint(paid);
  const { owner, currency, amountMinor, sessionId } = paid;
  return {
    key,
    fingerprint,
    write: (mark) => ({
      update: key,
      set: { v: 1, postedMinor: amountMinor, state: "credited" satisfies TopUpState, credit: mark, last: mark, updatedAt: mark.at },
      if: { equals: { v: 0, owner, currency, amountMinor, sessionId } },
    }),
    judge: (found) => {
      const credit = found.credit as Mark | undefined;
      // The session too: a second paid session on the same terms was once taken for a repeat of the first, and forgotten.
      return credit?.fingerprint === fingerprint && found.sessionId === sessionId
        ? { done: true, entryKey: credit.entryKey }
        : { done: false };
    },
  };
}

/** What a settlement leaves on the top-up. */
export interface Settled {
  readonly sessionId: string;
  readonly postedMinor: number;
  readonly state: TopUpState;
  readonly seen: Readonly<Record<string, string>>;
  readonly updatedAt: string;
}

function settleWrite(topUp: TopUp, settled: Settled, marks: { readonly credit?: Mark; readonly last?: Mark }): Write {
  return {
    update: keys.topUp(topUp.topUpId),
    set: { ...settled, ...marks, v: topUp.v + 1 },
    if: { equals: { v: topUp.v, sessionId: topUp.sessionId } },
  };
}

/** A settlement that moves no money still moves `v`. */
export const settleWithoutMoney = (table: Table, topUp: TopUp, settled: Settled): Promise<WriteResult> =>
  table.write(settleWrite(topUp, settled, {}));

/** A settlement that moves money: valid only while the top-up stands as it was read before Stripe was asked. */
export function settleGuard(topUp: TopUp, settled: Settled, deltaMinor: number): Guard {
  const { topUpId, owner, currency } = topUp;
  const key = keys.topUp(topUpId);
  const fingerprint = fingerprintOf({ kind: "settle", id: `${topUpId}@${topUp.v}`, owner, currency, amountMinor: deltaMinor });
  return {
    key,
    fingerprint,
    write: (mark) => {
      // The first money in is the credit, by whatever way it came: a late event of the fast path must find it.
      const credit = deltaMinor > 0 && !topUp.credit ? { credit: { ...mark, fingerprint: creditFingerprint(topUp) } } : {};
      return settleWrite(topUp, settled, { ...credit, last: mark });
    },
    judge: (found) => {
      const last = found.last as Mark | undefined;
      return last?.fingerprint === fingerprint ? { done: true, entryKey: last.entryKey } : { done: false };
    },
  };
}
