import type { Capability, Currency, ErrorCode, NumberState, NumberType } from "@aira/contract";
import { fingerprintOf, type Guard, type Mark } from "../ledger/index.ts";
import { iso } from "../lib/index.ts";
import { type Condition, type Item, keys, lists, owned, shardOf, shards, type Table, type WriteResult } from "../table/index.ts";
import { dueNowMinor, type NumberRecord, type Settings } from "./number.ts";

/** The number, whoever has it or had it. */
export async function loadNumber(
  table: Table,
  phoneNumber: string,
  options?: { readonly consistent?: boolean },
): Promise<NumberRecord | undefined> {
  const item = await table.get(keys.number(phoneNumber), options);
  return item && parseNumber(item);
}

/** One of an owner's numbers by its id. The index lags: read the number itself before changing it. */
export async function findNumber(table: Table, owner: string, numberId: string): Promise<NumberRecord | undefined> {
  const page = await table.query({ pk: owned.numbers(owner), index: "gsi1", between: [numberId, numberId], limit: 1 });
  return page.items[0] && parseNumber(page.items[0]);
}

export interface NumbersPage {
  readonly numbers: readonly NumberRecord[];
  readonly more: boolean;
  /** Of the last one: the next page begins behind it. */
  readonly lastId: string | undefined;
}

/** An owner's numbers, newest first, those that are gone included. `after` is the id of the last one before the page. */
export async function queryNumbers(table: Table, owner: string, limit: number, after?: string): Promise<NumbersPage> {
  const range = after === undefined ? {} : { between: ["", justBelow(after)] as const };
  const page = await table.query({ pk: owned.numbers(owner), index: "gsi1", newestFirst: true, limit, ...range });
  const numbers = page.items.map(parseNumber);
  return { numbers, more: page.lastKey !== undefined, lastId: numbers.at(-1)?.numberId };
}

const AT_ONCE = 100;

/** Every number of an owner, newest first, those that are gone included. */
export async function* numbersOf(table: Table, owner: string): AsyncGenerator<NumberRecord> {
  let after: string | undefined;
  do {
    const page = await queryNumbers(table, owner, AT_ONCE, after);
    yield* page.numbers;
    after = page.more ? page.lastId : undefined;
  } while (after !== undefined);
}

/** The greatest text below an id, of its length: ids are of one length, so nothing is between. */
const justBelow = (id: string): string => id.slice(0, -1) + String.fromCharCode(id.charCodeAt(id.length - 1) - 1);

/** Numbers for which something is due up to `nowMs`. The index lags behind: look at each before acting. */
export async function* queryDueNumbers(table: Table, nowMs: number): AsyncGenerator<string> {
  for (const shard of shards) {
    let after: Item | undefined;
    do {
      const page = await table.query({ pk: lists.numbers(shard), index: "gsi2", between: ["0", `${iso(nowMs)}~`], limit: 100, after });
      for (const { pk } of page.items) yield (pk as string).slice(keys.number("").pk.length);
      after = page.lastKey;
    } while (after);
  }
}

export function parseNumber(item: Item): NumberRecord {
  return {
    phoneNumber: (item.pk as string).slice(keys.number("").pk.length),
    numberId: item.numberId as string,
    purchaseId: item.purchaseId as string,
    owner: item.owner as string,
    state: item.state as NumberState,
    attempt: item.attempt as string,
    attemptedAtMs: item.attemptedAtMs as number,
    country: item.country as string,
    type: item.type as NumberType,
    region: (item.region as string | undefined) ?? null,
    locality: (item.locality as string | undefined) ?? null,
    capabilities: item.capabilities as readonly Capability[],
    currency: item.currency as Currency,
    setUpMinor: item.setUpMinor as number,
    monthlyMinor: item.monthlyMinor as number,
    sid: item.sid as string | undefined,
    periods: item.periods as number,
    reminded: item.reminded as number,
    unpaidSince: item.unpaidSince as string | undefined,
    suspendedAt: item.suspendedAt as string | undefined,
    failure: item.failure as ErrorCode | undefined,
    availableFrom: item.availableFrom as string | undefined,
    settings: item.settings as Settings,
    createdAt: item.createdAt as string,
    updatedAt: item.updatedAt as string,
    authorized: item.authorized as Mark | undefined,
    settled: item.settled as Mark | undefined,
    renewed: item.renewed as Mark | undefined,
  };
}

/** The index key of what is next for a number. */
const dueKeys = (phoneNumber: string, dueAtMs: number) => ({
  gsi2pk: lists.numbers(shardOf(phoneNumber)),
  gsi2sk: `${iso(dueAtMs)}#${phoneNumber}`,
});

const NOT_DUE = ["gsi2pk", "gsi2sk"] as const;

/** Each time that money is held for this purchase is another operation, by the attempt that it is held for. */
const fingerprint = (kind: string, number: NumberRecord): string =>
  fingerprintOf({
    kind,
    id: `${number.purchaseId}@${number.attempt}`,
    owner: number.owner,
    currency: number.currency,
    amountMinor: dueNowMinor(number),
  });

const marked = (found: Item, field: string, expected: string) => {
  const mark = found[field] as Mark | undefined;
  return mark?.fingerprint === expected ? ({ done: true, entryKey: mark.entryKey } as const) : ({ done: false } as const);
};

/**
 * Claims a number for its owner, in the transaction that holds the money. It may be new to us, or one that was not to be had, or one
 * whose cool-down is over.
 */
export function claimGuard(number: NumberRecord, dueAtMs: number): Guard {
  const key = keys.number(number.phoneNumber);
  const expected = fingerprint("authorization", number);
  const { phoneNumber: _, authorized: __, ...fields } = number;
  return {
    key,
    fingerprint: expected,
    write: (mark) => ({
      put: {
        ...fields,
        region: number.region ?? undefined,
        locality: number.locality ?? undefined,
        ...key,
        authorized: mark,
        gsi1pk: owned.numbers(number.owner),
        gsi1sk: number.numberId,
        ...dueKeys(number.phoneNumber, dueAtMs),
      },
      if: {
        any: [
          { absent: true },
          { equals: { state: "failed" satisfies NumberState } },
          {
            all: [
              { equals: { state: "released" satisfies NumberState } },
              { below: { availableFrom: number.createdAt } },
              // A key buys once, however long the list of its owner lags.
              { differs: { purchaseId: number.purchaseId } },
            ],
          },
        ],
      },
    }),
    judge: (found) => marked(found, "authorized", expected),
  };
}

/** The purchase as this attempt left it: nothing that is late passes. */
const stillPending = ({ purchaseId, attempt }: NumberRecord): Condition => ({
  equals: { purchaseId, attempt, state: "pending" satisfies NumberState },
});

interface Change {
  readonly set: Readonly<Record<string, unknown>>;
  readonly remove?: readonly string[];
}

function settling(number: NumberRecord, kind: "capture" | "release", change: (mark: Mark) => Change): Guard {
  const key = keys.number(number.phoneNumber);
  const expected = fingerprint(kind, number);
  return {
    key,
    fingerprint: expected,
    write: (mark) => ({ update: key, ...change(mark), if: stillPending(number) }),
    judge: (found) => marked(found, "settled", expected),
  };
}

/** It was bought: from here on it is active. */
export const activationGuard = (number: NumberRecord, sid: string, dueAtMs: number): Guard =>
  settling(number, "capture", (mark) => ({
    set: {
      sid,
      state: "active" satisfies NumberState,
      periods: 1,
      settled: mark,
      updatedAt: mark.at,
      ...dueKeys(number.phoneNumber, dueAtMs),
    },
    // What it was held by says nothing any more, and without it the item stays below 1 KB: beyond, each write of it costs double.
    remove: ["authorized"],
  }));

/** It was not to be had: the claim is dropped, and what is left says why. */
export const failureGuard = (number: NumberRecord, failure: ErrorCode): Guard =>
  settling(number, "release", (mark) => ({
    set: { state: "failed" satisfies NumberState, failure, settled: mark, updatedAt: mark.at },
    remove: NOT_DUE,
  }));

/** Months are charged one after the other, each once for ever: the count of months charged is the guard. */
export function renewalGuard(number: NumberRecord, dueAtMs: number): Guard {
  const { phoneNumber, purchaseId, owner, currency, monthlyMinor, periods } = number;
  const key = keys.number(phoneNumber);
  const expected = fingerprintOf({ kind: "renewal", id: `${purchaseId}/${periods + 1}`, owner, currency, amountMinor: monthlyMinor });
  return {
    key,
    fingerprint: expected,
    write: (mark) => ({
      update: key,
      set: {
        state: "active" satisfies NumberState,
        periods: periods + 1,
        renewed: mark,
        updatedAt: mark.at,
        ...dueKeys(phoneNumber, dueAtMs),
      },
      // The purchase's mark is long settled, and without it the item stays below 1 KB. That it was suspended stays until its owner is told
      // that it is not any more.
      remove: ["unpaidSince", "settled"],
      if: {
        all: [
          { equals: { purchaseId, periods } },
          { any: [{ equals: { state: "active" satisfies NumberState } }, { equals: { state: "suspended" satisfies NumberState } }] },
        ],
      },
    }),
    judge: (found) => marked(found, "renewed", expected),
  };
}

/**
 * A number that was given back at the provider: free for others after its cool-down. What its owner had goes to an item of its own in the same
 * transaction, so that neither their list nor a repeat of their key forgets it when somebody else claims the number.
 */
export function retire(table: Table, number: NumberRecord, availableFrom: string, now: string): Promise<WriteResult> {
  const { phoneNumber, purchaseId, owner, numberId } = number;
  const released = { state: "released" satisfies NumberState, availableFrom, updatedAt: now, settings: forgotten(number) };
  const gone = ["unpaidSince", "suspendedAt"];
  const update = {
    update: keys.number(phoneNumber),
    set: released,
    remove: [...gone, ...NOT_DUE, "gsi1pk", "gsi1sk"],
    if: { equals: { purchaseId, state: "releasing" satisfies NumberState } },
  };
  // Of what the provider had and nobody here there is no list to be on.
  if (numberId === "") return table.transact([update]);
  const { phoneNumber: _, unpaidSince: __, suspendedAt: ___, ...fields } = { ...number, ...released };
  const past = {
    ...fields,
    region: number.region ?? undefined,
    locality: number.locality ?? undefined,
    ...keys.pastNumber(phoneNumber, purchaseId),
    gsi1pk: owned.numbers(owner),
    gsi1sk: numberId,
  };
  return table.transact([update, { put: past }]);
}

const forgotten = ({ settings: { friendlyName, language } }: NumberRecord): Settings => ({
  friendlyName,
  language,
  greeting: null,
  answeringMode: "voicemail",
  forwardTo: null,
  businessHours: null,
});

/** A change of a number that moves no money: only as long as it is the same purchase, in one of these states. */
export function changeNumber(
  table: Table,
  number: Pick<NumberRecord, "phoneNumber" | "purchaseId">,
  states: readonly NumberState[],
  change: {
    readonly set: Readonly<Record<string, unknown>>;
    readonly remove?: readonly string[];
    /** What is next for it: a time, nothing any more, or (absent) what was. */
    readonly dueAtMs?: number | "never";
    /** Further conditions. */
    readonly equals?: Readonly<Record<string, unknown>>;
  },
): Promise<WriteResult> {
  const due = typeof change.dueAtMs === "number" ? dueKeys(number.phoneNumber, change.dueAtMs) : {};
  return table.write({
    update: keys.number(number.phoneNumber),
    set: { ...change.set, ...due },
    remove: [...(change.remove ?? []), ...(change.dueAtMs === "never" ? NOT_DUE : [])],
    if: { all: [{ equals: { purchaseId: number.purchaseId, ...change.equals } }, { any: states.map((state) => ({ equals: { state } })) }] },
  });
}

/**
 * Takes a number that nobody has out of everybody's reach, so that it can be given back at the provider: a purchase that began meanwhile
 * would be of the very number that is given back. It is nobody's then, also if its claim of before had failed: whoever was told that it was not
 * to be had must not be told that they had it. Refused: somebody has it.
 */
export function claimOrphan(
  table: Table,
  { phoneNumber, sid }: { readonly phoneNumber: string; readonly sid: string },
  found: NumberRecord | undefined,
  now: string,
): Promise<WriteResult> {
  const item = { ...keys.number(phoneNumber), ...NOBODYS, purchaseId: sid, sid, createdAt: now, updatedAt: now };
  return table.write({
    put: { ...item, ...dueKeys(phoneNumber, Date.parse(now)) },
    if: found ? { equals: { purchaseId: found.purchaseId, attempt: found.attempt, state: found.state } } : { absent: true },
  });
}

/** A number that the provider has and nobody here. */
const NOBODYS = {
  state: "releasing" satisfies NumberState,
  numberId: "",
  owner: "system:orphans",
  attempt: "",
  attemptedAtMs: 0,
  country: "",
  type: "local" satisfies NumberType,
  capabilities: [],
  currency: "USD" satisfies Currency,
  setUpMinor: 0,
  monthlyMinor: 0,
  periods: 0,
  reminded: 0,
  settings: { friendlyName: "", greeting: null, language: "en-US", answeringMode: "voicemail", forwardTo: null, businessHours: null },
} as const;
