import type { PaymentProvider } from "@aira/core/payments";

type SessionTerms = Parameters<PaymentProvider["createSession"]>[0];
type SessionSnapshot = Awaited<ReturnType<PaymentProvider["getSession"]>>;
type ReversalSnapshot = Awaited<ReturnType<PaymentProvider["listRefunds"]>>[number];

/** A payment port that answers at once from memory, so that what is measured is Aira's own. */
export interface StubProvider {
  readonly provider: PaymentProvider;
  /** How often the vendor was asked so far. */
  calls(): number;
  /** Pays a top-up's session, and returns the body of the event that Stripe would send. */
  pay(topUpId: string): string;
  /** Refunds a part of a paid top-up, and returns the body of the event. */
  refund(topUpId: string, amountMinor: number): string;
}

interface Payment {
  readonly terms: SessionTerms;
  session: SessionSnapshot;
  readonly refunds: ReversalSnapshot[];
}

/** `stage` in the metadata comes from the terms; the customer id is the same for everybody. */
export function createStubProvider(): StubProvider {
  const payments = new Map<string, Payment>();
  let calls = 0;
  let events = 0;
  const answer = <T>(value: T): Promise<T> => {
    calls++;
    return Promise.resolve(value);
  };
  const named = (topUpId: string): Payment => {
    const payment = payments.get(topUpId);
    if (!payment) throw new Error(`the stub has no session of ${topUpId}`);
    return payment;
  };
  const byPart = (id: string): Payment => named(id.slice(id.indexOf("_") + 1));
  const event = (type: string, object: unknown) =>
    JSON.stringify({
      id: `evt_${++events}`,
      object: "event",
      type,
      livemode: false,
      created: Math.floor(Date.now() / 1000),
      data: { object },
    });

  return {
    calls: () => calls,
    pay(topUpId) {
      const payment = named(topUpId);
      const { terms } = payment;
      payment.session = { ...payment.session, status: "complete", paymentStatus: "paid", paymentIntentStatus: "succeeded", url: null };
      return event("checkout.session.completed", {
        id: payment.session.id,
        object: "checkout.session",
        mode: "payment",
        status: "complete",
        payment_status: "paid",
        amount_total: terms.amountMinor,
        currency: terms.currency.toLowerCase(),
        client_reference_id: terms.topUpId,
        customer: terms.customerId,
        payment_intent: payment.session.paymentIntentId,
        metadata: terms.metadata,
      });
    },
    refund(topUpId, amountMinor) {
      const payment = named(topUpId);
      const id = `re_${payment.refunds.length}_${topUpId}`;
      payment.refunds.push({ id, status: "succeeded", amountMinor, currency: payment.terms.currency });
      return event("refund.created", { id, object: "refund", payment_intent: payment.session.paymentIntentId });
    },
    provider: {
      realm: "sandbox",
      live: false,
      createCustomer: () => answer("cus_bench"),
      createSession(terms) {
        const session: SessionSnapshot = {
          id: `cs_${terms.topUpId}`,
          status: "open",
          paymentStatus: "unpaid",
          amountMinor: terms.amountMinor,
          currency: terms.currency,
          clientReferenceId: terms.topUpId,
          metadata: terms.metadata,
          paymentIntentId: `pi_${terms.topUpId}`,
          paymentIntentStatus: null,
          url: `https://checkout.stripe.com/c/pay/cs_${terms.topUpId}`,
        };
        payments.set(terms.topUpId, { terms, session, refunds: [] });
        return answer(session);
      },
      expireSession: () => answer(undefined),
      getSession: (sessionId) => answer(byPart(sessionId).session),
      findSession: (paymentIntentId) => answer(byPart(paymentIntentId).session),
      listRefunds: (paymentIntentId) => answer(byPart(paymentIntentId).refunds),
      listDisputes: () => answer([]),
      getPaymentMetadata: (paymentIntentId) => answer(byPart(paymentIntentId).terms.metadata),
      walk: () => answer({ sightings: [], next: undefined }),
    },
  };
}
