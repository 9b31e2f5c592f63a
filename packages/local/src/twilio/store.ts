import { createHash } from "node:crypto";
import { microsOf } from "./amount.ts";
import { type Catalogue, createCatalogue } from "./catalogue.ts";
import {
  type Address,
  API_VERSION,
  type Bundle,
  type Call,
  type IncomingNumber,
  type Message,
  type Recording,
  rfc2822,
} from "./objects.ts";

/** A number that was given back: for a while lists still show it, and only the account that had it can buy it again. */
export interface Departed {
  readonly number: IncomingNumber;
  readonly releasedMs: number;
}

interface Collections {
  readonly numbers: Map<string, IncomingNumber>;
  readonly addresses: Map<string, Address>;
  readonly bundles: Map<string, Bundle>;
  readonly messages: Map<string, Message>;
  readonly calls: Map<string, Call>;
  readonly recordings: Map<string, Recording>;
}

/** The whole world as plain data, to be written to disk and read again. */
export interface Snapshot {
  readonly version: 1;
  readonly seed: number;
  readonly counter: number;
  readonly balanceMicros: number;
  readonly objects: { readonly [Name in keyof Collections]: Collections[Name] extends Map<string, infer T> ? readonly T[] : never };
  readonly boughtMs: readonly (readonly [sid: string, ms: number])[];
  readonly departed: readonly Departed[];
  readonly taken: readonly string[];
  readonly prices: readonly (readonly [key: string, price: string])[];
  /** Absent in what was saved before there were texts and calls. */
  readonly optOuts?: readonly string[];
  readonly pricesDueMs?: readonly (readonly [sid: string, ms: number])[];
}

/** What is told when the account sends a text: the text, and where its statuses are to be told. */
export type OnSend = (message: Message, statusCallback: string | null) => void;

export interface StoreOptions {
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly seed: number;
  readonly accountSid: string;
  readonly snapshot?: Snapshot;
}

/** The objects, the clock and the SIDs: what every operation works on. */
export interface Store extends Collections {
  readonly accountSid: string;
  readonly catalogue: Catalogue;
  /** When each number came to the account, by SID. */
  readonly boughtMs: Map<string, number>;
  /** Numbers that were given back, by SID. */
  readonly departed: Map<string, Departed>;
  /** Numbers that somebody else owns. */
  readonly taken: Set<string>;
  /** Prices that differ from the catalogue's, by `<country>/<type>`. */
  readonly prices: Map<string, string>;
  /** Who wants no more texts from whom: `<number of the account>/<telephone>`. */
  readonly optOuts: Set<string>;
  /** When finished calls and texts get their price, by SID. */
  readonly pricesDueMs: Map<string, number>;
  /** Who carries texts that are sent. Nobody: they stay queued. */
  readonly onSend: Set<OnSend>;
  /** What is left on Twilio's own account, in millionths of a dollar. */
  balanceMicros: number;
  readonly nowMs: () => number;
  /** Now, as the 2010 API writes it. */
  readonly now: () => string;
  /** SIDs of later objects sort behind those of earlier ones, whatever their prefix. */
  readonly newSid: (prefix: string) => string;
  /** The path of a resource of this account: `path` begins with a slash. */
  readonly accountPath: (path: string) => string;
  /** Forgets everything, the catalogue and the SIDs given so far excepted. */
  reset(): void;
  snapshot(): Snapshot;
}

/** What a fresh account has. */
const BALANCE_MICROS = microsOf("10000.00");

const bySid = <T extends { readonly sid: string }>(list: readonly T[] = []) => new Map(list.map((object) => [object.sid, object]));

export function createStore({ clock, seed: freshSeed, accountSid, snapshot }: StoreOptions): Store {
  const seed = snapshot?.seed ?? freshSeed;
  let counter = snapshot?.counter ?? 0;

  const collections: Collections = {
    numbers: bySid(snapshot?.objects.numbers),
    addresses: bySid(snapshot?.objects.addresses),
    bundles: bySid(snapshot?.objects.bundles),
    messages: bySid(snapshot?.objects.messages),
    calls: bySid(snapshot?.objects.calls),
    recordings: bySid(snapshot?.objects.recordings),
  };

  const store: Store = {
    ...collections,
    accountSid,
    catalogue: createCatalogue(seed),
    boughtMs: new Map(snapshot?.boughtMs),
    departed: new Map(snapshot?.departed.map((departed) => [departed.number.sid, departed])),
    taken: new Set(snapshot?.taken),
    prices: new Map(snapshot?.prices),
    optOuts: new Set(snapshot?.optOuts),
    pricesDueMs: new Map(snapshot?.pricesDueMs),
    onSend: new Set(),
    balanceMicros: snapshot?.balanceMicros ?? BALANCE_MICROS,
    nowMs: clock,
    now: () => rfc2822(clock()),
    // The counter leads, so that pages can go on behind a SID which is gone; the hash makes two seeds differ.
    newSid: (prefix) => {
      counter += 1;
      const tail = createHash("sha256").update(`${seed}:${prefix}:${counter}`).digest("hex");
      return `${prefix}${counter.toString(16).padStart(8, "0")}${tail.slice(0, 24)}`;
    },
    accountPath: (path) => `/${API_VERSION}/Accounts/${accountSid}${path}`,
    reset: () => {
      for (const collection of Object.values(collections)) collection.clear();
      for (const collection of [store.boughtMs, store.departed, store.taken, store.prices, store.optOuts, store.pricesDueMs])
        collection.clear();
      store.balanceMicros = BALANCE_MICROS;
    },
    snapshot: () => ({
      version: 1,
      seed,
      counter,
      balanceMicros: store.balanceMicros,
      objects: {
        numbers: [...store.numbers.values()],
        addresses: [...store.addresses.values()],
        bundles: [...store.bundles.values()],
        messages: [...store.messages.values()],
        calls: [...store.calls.values()],
        recordings: [...store.recordings.values()],
      },
      boughtMs: [...store.boughtMs],
      departed: [...store.departed.values()],
      taken: [...store.taken],
      prices: [...store.prices],
      optOuts: [...store.optOuts],
      pricesDueMs: [...store.pricesDueMs],
    }),
  };
  return store;
}

/** Replaces an object by one with these fields changed, and returns it. */
export function replace<T extends { readonly sid: string }>(collection: Map<string, T>, object: T, change: Partial<T>): T {
  const changed = { ...object, ...change };
  collection.set(object.sid, changed);
  return changed;
}
