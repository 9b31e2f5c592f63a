import type { Currency, TopUpState } from "@aira/contract";
import { AiraError, deriveId, iso } from "../lib/index.ts";
import { keepCustomerId, loadCustomerId } from "./customer.store.ts";
import { APP, type PaymentPorts } from "./ports.ts";
import type { SessionSnapshot, SessionTerms } from "./provider.ts";
import { bindSession, insertTopUp, loadTopUp, parseTopUp } from "./top-up.store.ts";
import { metadataOf, type TopUp } from "./top-up.ts";

/** The route is part of a top-up's id: the same key on another route is another operation. */
const ROUTE = "POST /api/payment/create-checkout-session";

/** How long a page to pay on stays open. Stripe allows 30 minutes to 24 hours. */
const OPEN_MS = 2 * 3_600_000;

/** Stripe refuses to open a session that would expire sooner than this. A minute is for the way there. */
const LEAST_MS = 31 * 60_000;

const BIND_TRIES = 5;

export interface CreateCheckoutSession {
  readonly owner: string;
  /** The caller's key: the same key means the same top-up, whatever crashed in between. */
  readonly idempotencyKey: string;
  readonly currency: Currency;
  /** In minor units, within the currency's floor and ceiling. */
  readonly amountMinor: number;
  readonly successUrl?: string | undefined;
  readonly cancelUrl?: string | undefined;
  readonly receiptEmail?: string | undefined;
}

export interface CheckoutSession {
  readonly topUpId: string;
  readonly url: string;
  readonly currency: Currency;
  readonly amountMinor: number;
  readonly state: TopUpState;
  readonly expiresAt: string;
}

/**
 * Opens a page to pay a top-up on. The top-up, with every parameter that goes to Stripe, is stored before Stripe is called, so
 * that a repeat sends the very same under the same idempotency key. Errors: `idempotency.key_reused` (the key stands for other
 * terms), `top_up.expired` (the key's page is past its time), `payment_provider.refused`, `payment_provider.unavailable`,
 * `outcome.unknown` (ask again with the same key), `service.busy`.
 */
export async function createCheckoutSession(ports: PaymentPorts, request: CreateCheckoutSession): Promise<CheckoutSession> {
  const topUp = await ensureTopUp(ports, request);
  if (topUp.url !== undefined) return answer(topUp, topUp.url);
  if (topUp.sessionId !== undefined || ports.clock() > topUp.terms.expiresAtMs - LEAST_MS)
    throw new AiraError("top_up.expired", "This top-up can no longer be paid. Start another with a new Idempotency-Key.");

  const session = await ports.provider.createSession(topUp.terms, `${APP}:${ports.stage}:session:${topUp.topUpId}`);
  return bind(ports, topUp, session);
}

async function ensureTopUp(ports: PaymentPorts, request: CreateCheckoutSession): Promise<TopUp> {
  const { owner, idempotencyKey, currency, amountMinor } = request;
  const topUpId = deriveId("topUp", owner, ROUTE, idempotencyKey);
  const now = ports.clock();
  const terms: SessionTerms = {
    topUpId,
    currency,
    amountMinor,
    customerId: await ensureCustomer(ports, owner),
    successUrl: request.successUrl ?? `${ports.publicUrl}/?paid=1`,
    cancelUrl: request.cancelUrl ?? `${ports.publicUrl}/?cancelled=1`,
    receiptEmail: request.receiptEmail,
    // Stripe counts in seconds.
    expiresAtMs: Math.floor((now + OPEN_MS) / 1000) * 1000,
    metadata: metadataOf(ports.stage, topUpId, owner),
  };
  const topUp: TopUp = {
    topUpId,
    owner,
    currency,
    amountMinor,
    v: 0,
    postedMinor: 0,
    state: "created",
    terms,
    sessionId: undefined,
    url: undefined,
    credit: undefined,
    last: undefined,
    seen: {},
    createdAt: iso(now),
    updatedAt: iso(now),
  };
  const inserted = await insertTopUp(ports.table, topUp);
  if (inserted.outcome === "committed") return topUp;
  if (inserted.outcome === "refused") {
    const found = inserted.found.get(0);
    if (found) return sameTerms(parseTopUp(topUpId, found), terms);
  }
  // No answer: only reading can tell whether it stands.
  const stored = await loadTopUp(ports.table, topUpId, { consistent: true });
  if (stored) return sameTerms(stored, terms);
  throw new AiraError("service.busy", "The service is busy. Please try again with the same key.", { retryAfterSeconds: 1 });
}

/** A repeat must ask for what the first asked for. The customer and the time of expiry are ours, so they don't count. */
function sameTerms(stored: TopUp, asked: SessionTerms): TopUp {
  const { terms } = stored;
  const same =
    terms.currency === asked.currency &&
    terms.amountMinor === asked.amountMinor &&
    terms.successUrl === asked.successUrl &&
    terms.cancelUrl === asked.cancelUrl &&
    terms.receiptEmail === asked.receiptEmail;
  if (!same) throw new AiraError("idempotency.key_reused", "This Idempotency-Key stands for a top-up with other terms.");
  return stored;
}

/** One customer per owner, so that Stripe knows a returning one. */
async function ensureCustomer(ports: PaymentPorts, owner: string): Promise<string> {
  const { table, provider, stage } = ports;
  const known = await loadCustomerId(table, provider.realm, owner);
  if (known !== undefined) return known;
  const metadata = { app: APP, stage, owner };
  const customerId = await provider.createCustomer({ owner, metadata }, `${APP}:${stage}:customer:${owner}`);
  await keepCustomerId(table, provider.realm, owner, customerId);
  return customerId;
}

/**
 * Ties the session to the top-up. Only when another session is tied to it for certain is this one closed again; when the
 * outcome is not known it may be the one, and closing it would take the customer's page away.
 */
async function bind(ports: PaymentPorts, topUp: TopUp, session: SessionSnapshot): Promise<CheckoutSession> {
  for (let tries = 0; tries < BIND_TRIES; tries++) {
    const bound = await bindSession(ports.table, topUp, session);
    if (bound.outcome === "committed") {
      if (session.url === null)
        throw new AiraError("top_up.expired", "This top-up can no longer be paid. Start another with a new Idempotency-Key.");
      return answer({ ...topUp, sessionId: session.id }, session.url);
    }
    if (bound.outcome === "refused") {
      const other = bound.found.get(0);
      await ports.provider.expireSession(session.id);
      const stands = other && parseTopUp(topUp.topUpId, other);
      if (stands?.url !== undefined) return answer(stands, stands.url);
      throw new AiraError("top_up.expired", "This top-up can no longer be paid. Start another with a new Idempotency-Key.");
    }
    await ports.wait(ports.random() * Math.min(10 * 2 ** tries, 200));
  }
  throw new AiraError("outcome.unknown", "The outcome is not known yet. Please ask again with the same key.", { retryAfterSeconds: 1 });
}

const answer = (topUp: TopUp, url: string): CheckoutSession => ({
  topUpId: topUp.topUpId,
  url,
  currency: topUp.currency,
  amountMinor: topUp.amountMinor,
  state: visibleState(topUp),
  expiresAt: iso(topUp.terms.expiresAtMs),
});

/** `created` and `open` differ by the page alone. */
const visibleState = ({ state, sessionId }: Pick<TopUp, "state" | "sessionId">): TopUpState =>
  state === "created" && sessionId !== undefined ? "open" : state;

export interface TopUpView {
  readonly topUpId: string;
  readonly state: TopUpState;
  readonly currency: Currency;
  readonly amountMinor: number;
  readonly creditedMinor: number;
  /** The page to pay on, while it can be paid. */
  readonly url: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly expiresAt: string;
}

/** One top-up of this owner. Another owner's is not found, as if it did not exist. Errors: `top_up.not_found`. */
export async function readTopUp(
  ports: Pick<PaymentPorts, "table" | "clock">,
  { owner, topUpId }: { readonly owner: string; readonly topUpId: string },
): Promise<TopUpView> {
  // Consistent: the page that follows a payment must not see an older state than the wallet's.
  const topUp = await loadTopUp(ports.table, topUpId, { consistent: true });
  if (!topUp || topUp.owner !== owner) throw new AiraError("top_up.not_found", "There is no such top-up.");
  const state = visibleState(topUp);
  const payable = state === "open" && ports.clock() < topUp.terms.expiresAtMs;
  return {
    topUpId,
    state,
    currency: topUp.currency,
    amountMinor: topUp.amountMinor,
    creditedMinor: topUp.postedMinor,
    url: payable ? (topUp.url ?? null) : null,
    createdAt: topUp.createdAt,
    updatedAt: topUp.updatedAt,
    expiresAt: iso(topUp.terms.expiresAtMs),
  };
}
