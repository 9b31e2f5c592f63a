import { openSessionOf, sessionOf } from "./checkout.ts";
import { noSuch } from "./fault.ts";
import type { SandboxEvent, Session } from "./objects.ts";
import { pay } from "./payments.ts";
import type { Store } from "./store.ts";

/** What is to be different from the session as it was asked for. */
export interface Forgery {
  readonly amountMinor?: number;
  /** Stripe's lower-case code. */
  readonly currency?: string;
  /** Laid over the metadata of the session and of its payment intent. An empty string takes a key away. */
  readonly metadata?: Record<string, string>;
  readonly clientReferenceId?: string;
}

const overlay = (metadata: Record<string, string> | null, change: Record<string, string> = {}) =>
  Object.fromEntries(Object.entries({ ...metadata, ...change }).filter(([, value]) => value !== ""));

/** The session's own details, with the forgery laid over them, under `id`. */
function forge(store: Store, source: Session, id: string, forgery: Forgery): Session {
  const details = store.details.get(source.id)!;
  const amountMinor = forgery.amountMinor ?? source.amount_total;
  const forged: Session = {
    ...source,
    id,
    amount_subtotal: amountMinor,
    amount_total: amountMinor,
    client_reference_id: forgery.clientReferenceId ?? source.client_reference_id,
    created: id === source.id ? source.created : store.now(),
    currency: forgery.currency ?? source.currency,
    expires_at: id === source.id ? source.expires_at : store.now() + 24 * 60 * 60,
    metadata: overlay(source.metadata, forgery.metadata),
    payment_intent: null,
    payment_status: "unpaid",
    status: "open",
    url: store.sessionUrl(id),
  };
  store.sessions.set(id, forged);
  store.waiting.add(id);
  store.details.set(id, {
    lineItems: details.lineItems,
    intent: { ...details.intent, metadata: overlay(details.intent.metadata, forgery.metadata) },
  });
  return forged;
}

/** Pays an open session, but not as it was asked for: another amount, currency or owner. */
export function payAltered(store: Store, sessionId: string, forgery: Forgery): Session {
  const session = forge(store, openSessionOf(store, sessionId, "paid"), sessionId, forgery);
  return pay(store, session.id, "card");
}

/** A second session that claims to be the same top-up, paid. The first stays as it is. */
export function paySecondSession(store: Store, sessionId: string, forgery: Forgery = {}): Session {
  const session = forge(store, sessionOf(store, sessionId), store.newId("cs_test_"), forgery);
  return pay(store, session.id, "card");
}

/** A second Event object for one fact, under an id of its own, as Stripe sometimes sends. */
export function repeatEvent(store: Store, eventId: string): SandboxEvent {
  const event = store.events.get(eventId);
  if (!event) throw noSuch("event", eventId);
  return store.emit(event.type, event.data.object);
}
