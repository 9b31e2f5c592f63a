import Stripe from "stripe";
import type { StartedTopUp } from "./customer.ts";

/** What Stripe's objects say, read by its own SDK and added up here, so that Aira's arithmetic is not its own witness. */
export interface StripeTruth {
  /** How much of a top-up the customer has paid and not got back, in minor units. */
  heldMinor(topUp: StartedTopUp): Promise<number>;
}

/** Reads Stripe at this address. */
export function createStripeTruth(stripeUrl: string, secretKey: string): StripeTruth {
  const { hostname: host, port } = new URL(stripeUrl);
  const stripe = new Stripe(secretKey, { host, port, protocol: "http", telemetry: false });
  return {
    async heldMinor({ sessionId, currency, amountMinor }) {
      const session = await stripe.checkout.sessions.retrieve(sessionId);
      const asAsked = session.amount_total === amountMinor && session.currency === currency.toLowerCase();
      // Paid on other terms than were asked for: an operator's business, not the wallet's.
      if (session.payment_status !== "paid" || !asAsked) return 0;
      const payment = { payment_intent: session.payment_intent as string, limit: 100 };
      const [refunds, disputes] = await Promise.all([stripe.refunds.list(payment), stripe.disputes.list(payment)]);
      const refunded = refunds.data.filter(({ status }) => status === "succeeded" || status === "pending");
      const withheld = disputes.data.filter(({ status }) => ["needs_response", "under_review", "lost"].includes(status));
      return [...refunded, ...withheld].reduce((left, { amount }) => left - amount, amountMinor);
    },
  };
}
