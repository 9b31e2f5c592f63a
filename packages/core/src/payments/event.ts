import { type Currency, currencies } from "@aira/contract";
import * as z from "zod/mini";
import { invariant } from "../lib/index.ts";
import type { PaidFacts } from "./top-up.store.ts";
import { attributionOf, isPaid } from "./top-up.ts";

/** An id that Stripe gives as it is or, expanded, inside its object. */
const Id = z.union([z.string(), z.object({ id: z.string() })]);
const Metadata = z.nullish(z.record(z.string(), z.string()));

/** The fields of an event that Aira reads; everything else is Stripe's to change. */
const Event = z.object({
  id: z.string(),
  type: z.string(),
  livemode: z.boolean(),
  created: z.number(),
  data: z.object({ object: z.looseObject({ object: z.optional(z.string()) }) }),
});

const Session = z.object({
  id: z.string(),
  payment_status: z.string(),
  amount_total: z.nullish(z.number()),
  currency: z.nullish(z.string()),
  client_reference_id: z.nullish(z.string()),
  metadata: Metadata,
});

const WithPayment = z.object({ payment_intent: z.nullish(Id) });

/** What an event asks for. Events are hints: only the fast credit trusts one, and only as far as it equals what we stored. */
type Hint =
  /** A paid session of ours. */
  | { readonly act: "credit"; readonly paid: PaidFacts }
  /** Something changed on a session of ours. */
  | { readonly act: "settle"; readonly topUpId: string; readonly sessionId: string }
  /** Something changed on a payment that may be ours: its intent's metadata tell. */
  | { readonly act: "settle_payment"; readonly paymentIntentId: string }
  | { readonly act: "ignore"; readonly why: "foreign" | "irrelevant" };

export interface PaymentEvent {
  readonly id: string;
  readonly type: string;
  readonly createdMs: number;
  readonly hint: Hint;
}

const SESSION_EVENTS = new Set([
  "checkout.session.completed",
  "checkout.session.async_payment_succeeded",
  "checkout.session.async_payment_failed",
  "checkout.session.expired",
]);

/** Refunds and disputes know the payment intent, not the session; a dispute has not even a customer. */
const REVERSAL_EVENTS = /^(refund\.(created|updated|failed)|charge\.(refunded|refund\.updated)|charge\.dispute\.\w+)$/;

/** Reads an event that was verified at the door. Throws when it is not one. */
export function readEvent(body: string, us: { readonly stage: string; readonly live: boolean }): PaymentEvent {
  const event = Event.parse(JSON.parse(body));
  return { id: event.id, type: event.type, createdMs: event.created * 1000, hint: hintOf(event, us) };
}

function hintOf(event: z.infer<typeof Event>, us: { readonly stage: string; readonly live: boolean }): Hint {
  if (event.livemode !== us.live) return { act: "ignore", why: "foreign" };
  if (SESSION_EVENTS.has(event.type)) return sessionHint(event.type, Session.parse(event.data.object), us.stage);
  if (REVERSAL_EVENTS.test(event.type)) {
    const { payment_intent: intent } = WithPayment.parse(event.data.object);
    // A charge outside of payment intents is not of ours: every session of ours makes one.
    if (!intent) return { act: "ignore", why: "foreign" };
    return { act: "settle_payment", paymentIntentId: typeof intent === "string" ? intent : intent.id };
  }
  return { act: "ignore", why: "irrelevant" };
}

function sessionHint(type: string, session: z.infer<typeof Session>, stage: string): Hint {
  const ours = attributionOf(session.metadata, stage);
  if (!ours) return { act: "ignore", why: "foreign" };
  const settle: Hint = { act: "settle", topUpId: ours.topUpId, sessionId: session.id };
  const currency = currencies.find((known) => known === session.currency?.toUpperCase());
  const succeeded = type === "checkout.session.completed" || type === "checkout.session.async_payment_succeeded";
  const plain =
    succeeded &&
    isPaid({ paymentStatus: session.payment_status }) &&
    session.client_reference_id === ours.topUpId &&
    ours.owner !== undefined &&
    currency !== undefined &&
    Number.isSafeInteger(session.amount_total) &&
    (session.amount_total ?? 0) > 0;
  return plain ? { act: "credit", paid: paidFacts(ours.topUpId, ours.owner, currency, session) } : settle;
}

function paidFacts(topUpId: string, owner: string, currency: Currency, session: z.infer<typeof Session>): PaidFacts {
  invariant(typeof session.amount_total === "number", "the amount was checked");
  return { topUpId, owner, currency, amountMinor: session.amount_total, sessionId: session.id };
}
