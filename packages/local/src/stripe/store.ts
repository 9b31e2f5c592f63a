import { createHash } from "node:crypto";
import {
  API_VERSION,
  type BalanceTransaction,
  type Charge,
  type Customer,
  type Dispute,
  type EventType,
  type LineItem,
  type PaymentIntent,
  type Refund,
  type SandboxEvent,
  type Session,
  type StripeObject,
} from "./objects.ts";

/** What a session knows and does not show: its lines, and what its payment intent will be made from. */
export interface SessionDetails {
  readonly lineItems: readonly LineItem[];
  readonly intent: {
    readonly metadata: Record<string, string>;
    readonly receipt_email: string | null;
    readonly description: string | null;
  };
  /** When a bank debit is under way that settles by itself. */
  readonly settles?: { readonly outcome: "succeed" | "fail"; readonly atMs: number };
}

/** A stored answer to a POST, for the 24 hours in which its idempotency key stands. `answer` is absent while the first request runs. */
export interface IdempotentRequest {
  readonly key: string;
  readonly fingerprint: string;
  readonly createdMs: number;
  readonly answer?: { readonly requestId: string; readonly status: number; readonly body: string };
}

/** How long an idempotency key stands. */
export const IDEMPOTENCY_KEPT_MS = 24 * 60 * 60 * 1000;

const COLLECTIONS = ["customers", "sessions", "intents", "charges", "refunds", "disputes", "balanceTransactions", "events"] as const;

interface Collections {
  customers: Map<string, Customer>;
  sessions: Map<string, Session>;
  intents: Map<string, PaymentIntent>;
  charges: Map<string, Charge>;
  refunds: Map<string, Refund>;
  disputes: Map<string, Dispute>;
  balanceTransactions: Map<string, BalanceTransaction>;
  events: Map<string, SandboxEvent>;
}

/** The whole world as plain data, to be written to disk and read again. */
export interface Snapshot {
  readonly version: 1;
  readonly seed: number;
  readonly counter: number;
  readonly objects: { readonly [Name in keyof Collections]: Collections[Name] extends Map<string, infer T> ? readonly T[] : never };
  readonly details: readonly (readonly [string, SessionDetails])[];
  readonly idempotency: readonly IdempotentRequest[];
}

export interface StoreOptions {
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly seed: number;
  readonly snapshot?: Snapshot;
  readonly sessionUrl: (sessionId: string) => string;
}

/** The objects, the clock, the ids and the events: what every operation works on. */
export interface Store extends Readonly<Collections> {
  readonly details: Map<string, SessionDetails>;
  readonly idempotency: Map<string, IdempotentRequest>;
  /** Sessions for which the clock may have something to do: open ones, and those with a bank debit under way. */
  readonly waiting: Set<string>;
  readonly nowMs: () => number;
  /** Epoch seconds, Stripe's unit. */
  readonly now: () => number;
  readonly newId: (prefix: string) => string;
  readonly emit: (type: EventType, object: StripeObject) => SandboxEvent;
  readonly sessionUrl: (sessionId: string) => string;
  readonly listeners: Set<(event: SandboxEvent) => void>;
  /** The API request under way: its events name it. */
  request: { id: string; idempotency_key: string | null } | undefined;
  snapshot(): Snapshot;
}

export function createStore({ clock, seed: freshSeed, snapshot, sessionUrl }: StoreOptions): Store {
  const seed = snapshot?.seed ?? freshSeed;
  let counter = snapshot?.counter ?? 0;
  const fill = <T extends { readonly id: string }>(list: readonly T[] = []) => new Map(list.map((object) => [object.id, object]));

  const collections: Collections = {
    customers: fill(snapshot?.objects.customers),
    sessions: fill(snapshot?.objects.sessions),
    intents: fill(snapshot?.objects.intents),
    charges: fill(snapshot?.objects.charges),
    refunds: fill(snapshot?.objects.refunds),
    disputes: fill(snapshot?.objects.disputes),
    balanceTransactions: fill(snapshot?.objects.balanceTransactions),
    events: fill(snapshot?.objects.events),
  };

  const store: Store = {
    ...collections,
    details: new Map(snapshot?.details),
    idempotency: new Map(snapshot?.idempotency.map((request) => [request.key, request])),
    waiting: new Set(collections.sessions.keys()),
    nowMs: clock,
    now: () => Math.floor(clock() / 1000),
    // The counter makes ids unique across restarts; the hash makes them look like Stripe's and two seeds differ.
    newId: (prefix) => {
      counter += 1;
      const tail = createHash("sha256").update(`${seed}:${prefix}:${counter}`).digest("base64url").replaceAll(/[-_]/g, "0");
      return `${prefix}${counter.toString(36).padStart(6, "0")}${tail.slice(0, 18)}`;
    },
    emit: (type, object) => {
      const event: SandboxEvent = {
        id: store.newId("evt_"),
        object: "event",
        api_version: API_VERSION,
        created: store.now(),
        data: { object },
        livemode: false,
        pending_webhooks: 1,
        request: store.request ?? { id: null, idempotency_key: null },
        type,
      };
      store.events.set(event.id, event);
      for (const listener of store.listeners) listener(event);
      return event;
    },
    sessionUrl,
    listeners: new Set(),
    request: undefined,
    snapshot: () => ({
      version: 1,
      seed,
      counter,
      objects: Object.fromEntries(COLLECTIONS.map((name) => [name, [...collections[name].values()]])) as unknown as Snapshot["objects"],
      details: [...store.details],
      // A request that was under way when the process ended has no answer to give: its key is free again.
      idempotency: [...store.idempotency.values()].filter(
        ({ answer, createdMs }) => answer !== undefined && createdMs + IDEMPOTENCY_KEPT_MS > clock(),
      ),
    }),
  };
  return store;
}

/** Replaces an object by one with these fields changed, and returns it. The old one stays as it was, for the events that hold it. */
export function replace<T extends { readonly id: string }>(collection: Map<string, T>, object: T, change: Partial<T>): T {
  const changed = { ...object, ...change };
  collection.set(object.id, changed);
  return changed;
}
