import { isDeepStrictEqual } from "node:util";
import type { PaymentProvider } from "@aira/core/payments";
import type { Refund, Session } from "../stripe/objects.ts";
import type { StripeState } from "../stripe/state.ts";
import type { CoreUnderTest } from "./core-under-test.ts";
import type { Container, FaultPlan } from "./faults.ts";
import type { Scheduler } from "./scheduler.ts";

export interface SimulatedProviderOptions {
  readonly core: CoreUnderTest;
  readonly stripe: StripeState;
  readonly scheduler: Scheduler;
  readonly plan: FaultPlan;
  readonly container: Container;
  /** Creations by idempotency key: shared by all containers, as Stripe's are. */
  readonly idempotency: Map<string, { readonly terms: unknown; readonly id: string }>;
}

type Snapshot = Awaited<ReturnType<PaymentProvider["getSession"]>>;
type Reversal = Awaited<ReturnType<PaymentProvider["listRefunds"]>>[number];

/**
 * The payment port straight over the sandbox's state, without HTTP. An answer is what Stripe knew when it was asked; how long
 * it then travels is the scheduler's choice, so callers meet stale snapshots all the time.
 */
export function simulatedProvider({ core, stripe, scheduler, plan, container, idempotency }: SimulatedProviderOptions): PaymentProvider {
  const { AiraError } = core.lib;
  const unavailable = () => new AiraError("payment_provider.unavailable", "injected");
  const unknown = () => new AiraError("outcome.unknown", "injected");

  async function read<T>(look: () => T): Promise<T> {
    await scheduler.point();
    stripe.advance();
    const fault = plan("provider.read");
    if (fault === "crash") return container.crash();
    if (fault === "unavailable") throw unavailable();
    const answer = look();
    await scheduler.point();
    return answer;
  }

  async function create(asked: unknown, idempotencyKey: string, make: () => string): Promise<string> {
    // As on the wire: a parameter that is undefined is not there.
    const terms: unknown = JSON.parse(JSON.stringify(asked));
    await scheduler.point();
    stripe.advance();
    const carryOut = (): string => {
      const earlier = idempotency.get(idempotencyKey);
      if (earlier && !isDeepStrictEqual(earlier.terms, terms)) throw new AiraError("payment_provider.refused", "other parameters");
      const id = earlier?.id ?? make();
      idempotency.set(idempotencyKey, { terms, id });
      return id;
    };
    switch (plan("provider.write")) {
      case "unavailable":
        throw unavailable();
      case "timeout_before":
        throw unknown();
      case "timeout_after":
        carryOut();
        throw unknown();
      case "crash":
        return container.crash();
      case "crash_after":
        carryOut();
        return container.crash();
      default: {
        const id = carryOut();
        await scheduler.point();
        return id;
      }
    }
  }

  const intentStatus = (id: string | null) => (id === null ? null : (stripe.store.intents.get(id)?.status ?? null));
  const snapshot = (session: Session): Snapshot => ({
    id: session.id,
    status: session.status ?? "open",
    paymentStatus: session.payment_status,
    amountMinor: session.amount_total,
    currency: session.currency?.toUpperCase() ?? null,
    clientReferenceId: session.client_reference_id,
    metadata: session.metadata ?? {},
    paymentIntentId: session.payment_intent,
    paymentIntentStatus: intentStatus(session.payment_intent),
    url: session.url,
  });
  const reversal = ({ id, status, amount, currency }: Pick<Refund, "id" | "status" | "amount" | "currency">): Reversal => ({
    id,
    status: status ?? "unknown",
    amountMinor: amount,
    currency: currency.toUpperCase(),
  });
  const sessionById = (id: string): Session => {
    const session = stripe.store.sessions.get(id);
    if (!session) throw new AiraError("payment_provider.refused", "no such session");
    return session;
  };
  const newestFirst = <T extends { readonly created: number }>(objects: Iterable<T>) => [...objects].reverse();

  return {
    realm: "sandbox",
    live: false,
    createCustomer: ({ metadata }, key) => create(metadata, key, () => stripe.createCustomer({ metadata: { ...metadata } }).id),
    async createSession(terms, key) {
      const id = await create(terms, key, () => {
        const metadata = { ...terms.metadata };
        return stripe.createSession({
          mode: "payment",
          customer: terms.customerId,
          client_reference_id: terms.topUpId,
          metadata,
          payment_intent_data: { metadata },
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
        }).id;
      });
      return snapshot(sessionById(id));
    },
    expireSession: (sessionId) =>
      read(() => {
        if (sessionById(sessionId).status === "open") stripe.expire(sessionId);
      }),
    getSession: (sessionId) => read(() => snapshot(sessionById(sessionId))),
    findSession: (intentId) =>
      read(() => {
        const session = [...stripe.store.sessions.values()].find((one) => one.payment_intent === intentId);
        return session && snapshot(session);
      }),
    listRefunds: (intentId) =>
      read(() => [...stripe.store.refunds.values()].filter((one) => one.payment_intent === intentId).map(reversal)),
    listDisputes: (intentId) =>
      read(() => [...stripe.store.disputes.values()].filter((one) => one.payment_intent === intentId).map(reversal)),
    getPaymentMetadata: (intentId) => read(() => stripe.store.intents.get(intentId)?.metadata ?? {}),
    walk: (kind, span, after) =>
      read(() => {
        const { sessions, refunds, disputes, balanceTransactions } = stripe.store;
        const objects = { sessions, refunds, disputes, balance_transactions: balanceTransactions }[kind].values() as Iterable<{
          id: string;
          created: number;
        }>;
        const all = newestFirst(objects).filter(({ created }) => created >= span.from && created <= span.to);
        const start = after === undefined ? 0 : all.findIndex(({ id }) => id === after) + 1;
        const page = all.slice(start, start + 3);
        const sightings = page.map(({ id }) => {
          const source = balanceTransactions.get(id)?.source ?? id;
          const back = refunds.get(source) ?? disputes.get(source);
          const session = sessions.get(source);
          const intent = session?.payment_intent ?? back?.payment_intent ?? stripe.store.charges.get(source)?.payment_intent;
          return {
            id,
            session: session && snapshot(session),
            reversal: back && reversal(back),
            paymentIntentId: intent ?? null,
            movement: movementOf(stripe, id),
          };
        });
        return { sightings, next: start + page.length < all.length ? page.at(-1)?.id : undefined };
      }),
  };
}

type Movement = Awaited<ReturnType<PaymentProvider["walk"]>>["sightings"][number]["movement"];

/** What a balance transaction says; undefined: the id names another object. */
function movementOf({ store }: StripeState, id: string): Movement {
  const transaction = store.balanceTransactions.get(id);
  if (!transaction) return undefined;
  const { amount, fee, currency, source } = transaction;
  const [charge, refund, dispute] = [store.charges.get(source ?? ""), store.refunds.get(source ?? ""), store.disputes.get(source ?? "")];
  const object = charge ?? refund ?? dispute;
  return {
    settled: { currency: currency.toUpperCase(), amountMinor: amount, feeMinor: fee },
    cause: object && {
      type: object.object,
      id: object.id,
      amountMinor: Math.sign(amount) * object.amount,
      currency: object.currency.toUpperCase(),
    },
    metadata: charge?.metadata,
  };
}
