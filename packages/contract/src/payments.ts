import * as z from "zod/mini";
import { AmountMinor, CURRENCIES, Currency, currencies } from "./money.ts";
import type { Operation } from "./operation.ts";

/**
 * Where a top-up stands, read off Stripe's objects when it was last settled.
 * `created`: no payment page yet; `open`: waiting for the customer; `processing`: paid by a method that confirms later.
 */
export const TOP_UP_STATES = ["created", "open", "processing", "credited", "partially_reversed", "reversed", "failed", "expired"] as const;
export const TopUpState = z.enum(TOP_UP_STATES);
export type TopUpState = (typeof TOP_UP_STATES)[number];

const TopUpId = z.string().check(z.regex(/^top_[0-9a-hjkmnp-tv-z]{26}$/));
const LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?";
const WIRE_URL = new RegExp(`^https?://(?:${LABEL}\\.)*${LABEL}(?::\\d{1,5})?(?:[/?#][\\x21-\\x5b\\x5d-\\x7e]*)?$`);

/**
 * An absolute URL as it goes over the wire. Not `z.url()`: it repairs line feeds, backslashes and user names, and Stripe refuses
 * what it can't read, when the top-up already stands. Braces are for Stripe's `{CHECKOUT_SESSION_ID}`.
 */
export const PageUrl = z.string().check(z.maxLength(2_000), (c) => {
  if (!WIRE_URL.test(c.value) || !URL.canParse(c.value)) c.issues.push({ code: "invalid_format", format: "url", input: c.value });
});

export const CreateCheckoutSessionInput = z
  .strictObject({
    currency: Currency,
    amountMinor: AmountMinor,
    /** Where Stripe sends the customer after paying. `{CHECKOUT_SESSION_ID}` is filled in by Stripe. Default: the dashboard. */
    successUrl: z.optional(PageUrl),
    cancelUrl: z.optional(PageUrl),
    /** Stripe mails its receipt there. */
    receiptEmail: z.optional(z.email().check(z.maxLength(254))),
  })
  .check((c) => {
    const { floorMinor, ceilingMinor } = CURRENCIES[c.value.currency];
    if (c.value.amountMinor < floorMinor)
      c.issues.push({
        code: "too_small",
        origin: "int",
        minimum: floorMinor,
        inclusive: true,
        input: c.value.amountMinor,
        path: ["amountMinor"],
      });
    if (c.value.amountMinor > ceilingMinor)
      c.issues.push({
        code: "too_big",
        origin: "int",
        maximum: ceilingMinor,
        inclusive: true,
        input: c.value.amountMinor,
        path: ["amountMinor"],
      });
  });

export const CreateCheckoutSessionOutput = z.object({
  topUpId: TopUpId,
  /** Stripe's page to pay on. */
  url: z.url(),
  currency: Currency,
  amountMinor: AmountMinor,
  state: TopUpState,
  expiresAt: z.iso.datetime(),
});

export const TopUp = z.object({
  topUpId: TopUpId,
  state: TopUpState,
  currency: Currency,
  amountMinor: AmountMinor,
  /** What the wallet holds of it: the amount less refunds and disputes, once paid. */
  creditedMinor: z.int(),
  url: z.nullable(z.url()),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
});

export const createCheckoutSession = {
  method: "POST",
  path: "/api/payment/create-checkout-session",
  summary: "Start a top-up and get Stripe's page to pay on",
  description: `Bounds of one top-up: ${currencies.map((c) => `${c} ${CURRENCIES[c].floorMinor} to ${CURRENCIES[c].ceilingMinor} minor units`).join(", ")}.`,
  auth: "jwt",
  idempotent: true,
  body: CreateCheckoutSessionInput,
  output: CreateCheckoutSessionOutput,
  status: 201,
  errors: ["top_up.expired", "payment_provider.refused", "payment_provider.unavailable", "outcome.unknown"],
} as const satisfies Operation;

export const getTopUp = {
  method: "GET",
  path: "/api/payment/top-ups/{topUpId}",
  summary: "The state of one top-up",
  auth: "jwt",
  params: z.strictObject({ topUpId: TopUpId }),
  output: TopUp,
  status: 200,
  errors: ["top_up.not_found"],
} as const satisfies Operation;

export const receiveStripeEvent = {
  method: "POST",
  path: "/api/payment/webhook",
  summary: "Stripe's events, signed",
  description: "Verified on the raw bytes, queued, and only then answered 200.",
  auth: "signature",
  output: z.object({ received: z.literal(true) }),
  status: 200,
  errors: ["webhook.signature_invalid"],
} as const satisfies Operation;

export const paymentOperations = { createCheckoutSession, getTopUp, receiveStripeEvent };
