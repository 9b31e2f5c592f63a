import Stripe from "stripe";
import { AiraError } from "../lib/error.ts";
import type { BalanceMovement, PaymentProvider, ReversalSnapshot, SessionSnapshot, Sighting, SightingPage, Walked } from "./provider.ts";

/** The version that our field names were checked against. */
const API_VERSION = "2026-10-28.endive";

/** Well below the 30 seconds of the API. Stripe's default is 80 seconds. */
const TIMEOUT_MS = 9_000;

const PAGE = 100;

export interface StripeOptions {
  readonly secretKey: string;
  /** Another address than Stripe's own, for a sandbox. */
  readonly apiBase?: string | undefined;
  /** The way to get there, for tests in process. */
  readonly fetch?: typeof fetch | undefined;
}

/** The port to Stripe over the official SDK. */
export function createStripeProvider({ secretKey, apiBase, fetch: fetchLike }: StripeOptions): PaymentProvider {
  const base = apiBase === undefined ? undefined : new URL(apiBase);
  const stripe = new Stripe(secretKey, {
    apiVersion: API_VERSION,
    timeout: TIMEOUT_MS,
    // Safe: every creation carries our own idempotency key.
    maxNetworkRetries: fetchLike ? 0 : 1,
    telemetry: false,
    appInfo: { name: "aira" },
    ...(base ? { host: base.hostname, port: base.port || 443, protocol: base.protocol === "http:" ? "http" : "https" } : {}),
    ...(fetchLike ? { httpClient: Stripe.createFetchHttpClient(fetchLike) } : {}),
  });
  const live = /^(sk|rk)_live_/.test(secretKey);

  return {
    realm: apiBase !== undefined ? "sandbox" : live ? "live" : "test",
    live,

    async createCustomer({ metadata }, idempotencyKey) {
      const customer = await stripe.customers.create({ metadata: { ...metadata } }, { idempotencyKey }).catch(creationFailed);
      return customer.id;
    },

    async createSession(terms, idempotencyKey) {
      const session = await stripe.checkout.sessions
        .create(
          {
            mode: "payment",
            customer: terms.customerId,
            client_reference_id: terms.topUpId,
            metadata: { ...terms.metadata },
            payment_intent_data: {
              metadata: { ...terms.metadata },
              ...(terms.receiptEmail === undefined ? {} : { receipt_email: terms.receiptEmail }),
            },
            // What the customer pays is what the wallet gets: no conversion at the till.
            adaptive_pricing: { enabled: false },
            line_items: [
              {
                quantity: 1,
                price_data: {
                  currency: terms.currency.toLowerCase(),
                  unit_amount: terms.amountMinor,
                  product_data: { name: "Wallet top-up" },
                },
              },
            ],
            success_url: terms.successUrl,
            cancel_url: terms.cancelUrl,
            expires_at: terms.expiresAtMs / 1000,
          },
          { idempotencyKey },
        )
        .catch(creationFailed);
      return sessionSnapshot(session);
    },

    async expireSession(sessionId) {
      await stripe.checkout.sessions.expire(sessionId).catch((error: unknown) => {
        // Paid or expired meanwhile: there is nothing left to close.
        if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) readFailed(error);
      });
    },

    async getSession(sessionId) {
      return sessionSnapshot(await stripe.checkout.sessions.retrieve(sessionId, { expand: ["payment_intent"] }).catch(readFailed));
    },

    async findSession(paymentIntentId) {
      const { data } = await stripe.checkout.sessions
        .list({ payment_intent: paymentIntentId, limit: 1, expand: ["data.payment_intent"] })
        .catch(readFailed);
      const [session] = data;
      return session && sessionSnapshot(session);
    },

    async listRefunds(paymentIntentId) {
      const refunds: ReversalSnapshot[] = [];
      try {
        for await (const refund of stripe.refunds.list({ payment_intent: paymentIntentId, limit: PAGE }))
          refunds.push(reversalSnapshot(refund));
      } catch (error) {
        readFailed(error);
      }
      return refunds;
    },

    async listDisputes(paymentIntentId) {
      const disputes: ReversalSnapshot[] = [];
      try {
        for await (const dispute of stripe.disputes.list({ payment_intent: paymentIntentId, limit: PAGE }))
          disputes.push(reversalSnapshot(dispute));
      } catch (error) {
        readFailed(error);
      }
      return disputes;
    },

    async getPaymentMetadata(paymentIntentId) {
      return (await stripe.paymentIntents.retrieve(paymentIntentId).catch(readFailed)).metadata;
    },

    async walk(kind, span, after) {
      const page = { created: { gte: span.from, lte: span.to }, limit: PAGE, ...(after === undefined ? {} : { starting_after: after }) };
      return walkers[kind](stripe, page).catch(readFailed);
    },
  };
}

interface PageParams {
  readonly created: { readonly gte: number; readonly lte: number };
  readonly limit: number;
  readonly starting_after?: string;
}

const walkers: Record<Walked, (stripe: Stripe, page: PageParams) => Promise<SightingPage>> = {
  async sessions(stripe, page) {
    const list = await stripe.checkout.sessions.list({ ...page, expand: ["data.payment_intent"] });
    return pageOf(list, (session) => ({
      id: session.id,
      session: sessionSnapshot(session),
      reversal: undefined,
      paymentIntentId: idOf(session.payment_intent),
      movement: undefined,
    }));
  },
  async refunds(stripe, page) {
    return pageOf(await stripe.refunds.list(page), (refund) => reversalSighting(refund.id, refund));
  },
  async disputes(stripe, page) {
    return pageOf(await stripe.disputes.list(page), (dispute) => reversalSighting(dispute.id, dispute));
  },
  async balance_transactions(stripe, page) {
    return pageOf(await stripe.balanceTransactions.list({ ...page, expand: ["data.source"] }), transactionSighting);
  },
};

function pageOf<T extends { id: string }>(list: Stripe.ApiList<T>, sighting: (object: T) => Sighting): SightingPage {
  return { sightings: list.data.map(sighting), next: list.has_more ? list.data.at(-1)?.id : undefined };
}

interface Reversal {
  readonly id: string;
  readonly status: string | null;
  readonly amount: number;
  readonly currency: string;
  readonly payment_intent?: string | { readonly id: string } | null;
}

const reversalSighting = (id: string, reversal: Reversal): Sighting => ({
  id,
  session: undefined,
  reversal: reversalSnapshot(reversal),
  paymentIntentId: idOf(reversal.payment_intent),
  movement: undefined,
});

/** A balance transaction stands for the charge, refund or dispute that it moved money for. Fees and payouts concern no top-up. */
function transactionSighting(transaction: Stripe.BalanceTransaction): Sighting {
  const { id, source } = transaction;
  const movement = movementOf(transaction);
  if (source !== null && typeof source === "object") {
    if (source.object === "charge")
      return { id, session: undefined, reversal: undefined, paymentIntentId: idOf(source.payment_intent), movement };
    if (source.object === "refund" || source.object === "dispute") return { ...reversalSighting(id, source), movement };
  }
  return { id, session: undefined, reversal: undefined, paymentIntentId: null, movement };
}

/** The account may settle in another currency than the customer paid in, so the amount is the source's and the direction the transaction's. */
function movementOf({ amount, fee, currency, source }: Stripe.BalanceTransaction): BalanceMovement {
  const settled = { currency: currency.toUpperCase(), amountMinor: amount, feeMinor: fee };
  if (source === null || typeof source !== "object") return { settled, cause: undefined, metadata: undefined };
  if (source.object !== "charge" && source.object !== "refund" && source.object !== "dispute")
    return { settled, cause: undefined, metadata: undefined };
  const cause = {
    type: source.object,
    id: source.id,
    amountMinor: Math.sign(amount) * source.amount,
    currency: source.currency.toUpperCase(),
  };
  return { settled, cause, metadata: source.object === "charge" ? source.metadata : undefined };
}

const idOf = (reference: string | { readonly id: string } | null | undefined): string | null =>
  reference === null || reference === undefined ? null : typeof reference === "string" ? reference : reference.id;

function sessionSnapshot(session: Stripe.Checkout.Session): SessionSnapshot {
  const intent = session.payment_intent;
  return {
    id: session.id,
    status: session.status ?? "open",
    paymentStatus: session.payment_status,
    amountMinor: session.amount_total,
    currency: session.currency?.toUpperCase() ?? null,
    clientReferenceId: session.client_reference_id,
    metadata: session.metadata ?? {},
    paymentIntentId: idOf(intent),
    paymentIntentStatus: intent !== null && typeof intent === "object" ? intent.status : null,
    url: session.url,
  };
}

const reversalSnapshot = ({ id, status, amount, currency }: Reversal): ReversalSnapshot => ({
  id,
  status: status ?? "unknown",
  amountMinor: amount,
  currency: currency.toUpperCase(),
});

/** Stripe did not carry the request out, and says so. */
function isDefinite(error: Stripe.errors.StripeError): boolean {
  const { statusCode = 0 } = error;
  return statusCode >= 400 && statusCode < 500;
}

/** 409: our idempotency key is in use by a call that still runs. 429: too many calls. Neither was carried out. */
const isBusy = (error: Stripe.errors.StripeError): boolean => error.statusCode === 409 || error.statusCode === 429;

const unavailable = (cause: unknown): AiraError =>
  new AiraError("payment_provider.unavailable", "The payment provider is not available. Please try again.", {
    cause,
    retryAfterSeconds: 2,
  });

const refused = (cause: unknown): AiraError =>
  new AiraError("payment_provider.refused", "The payment provider refused the request.", { cause });

function readFailed(error: unknown): never {
  if (!(error instanceof Stripe.errors.StripeError)) throw error;
  throw isDefinite(error) && !isBusy(error) ? refused(error) : unavailable(error);
}

/** A timeout, a reset or a 5xx of a creation may have been carried out. The same key asks for the same again. */
function creationFailed(error: unknown): never {
  if (!(error instanceof Stripe.errors.StripeError)) throw error;
  if (isBusy(error)) throw unavailable(error);
  if (isDefinite(error)) throw refused(error);
  throw new AiraError("outcome.unknown", "The payment provider has not answered. Please ask again with the same key.", {
    cause: error,
    retryAfterSeconds: 2,
  });
}
