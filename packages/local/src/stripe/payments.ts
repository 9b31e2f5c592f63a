import { book } from "./balance.ts";
import { createCustomer, detailsOf, openSessionOf, sessionOf } from "./checkout.ts";
import { cardFeeMinor } from "./currencies.ts";
import { noSuch, refusal, StripeFault } from "./fault.ts";
import type { Charge, PaymentIntent, Session } from "./objects.ts";
import { replace, type Store } from "./store.ts";

/** `card` is paid at once. `async` is a bank debit: the session completes unpaid, and the money comes, or not, later. */
export type PaymentMethod = "card" | "async";
export type Outcome = "succeed" | "fail";

const DECLINED = "Your card was declined.";
const DEBIT_FAILED = "The customer's bank account could not be debited.";
const BANK_DEBIT_FEE_CEILING_MINOR = 500;

export const isBankDebit = (charge: Charge): boolean => charge.payment_method_details?.type === "us_bank_account";

const feeMinor = (charge: Charge): number =>
  isBankDebit(charge)
    ? Math.min(Math.round(charge.amount * 0.008), BANK_DEBIT_FEE_CEILING_MINOR)
    : cardFeeMinor(charge.currency, charge.amount);

/** The intent that a submitted payment goes by: the one of an earlier declined attempt, or a new one made from the session. */
function intentFor(store: Store, session: Session, method: PaymentMethod): PaymentIntent {
  const existing = session.payment_intent === null ? undefined : store.intents.get(session.payment_intent);
  if (existing) return existing;
  const { intent: data } = store.details.get(session.id)!;
  const id = store.newId("pi_");
  const intent: PaymentIntent = {
    id,
    object: "payment_intent",
    allowed_payment_method_types: null,
    amount: session.amount_total ?? 0,
    amount_capturable: 0,
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: "automatic_async",
    client_secret: `${id}_secret_sandbox`,
    confirmation_method: "automatic",
    created: store.now(),
    currency: session.currency ?? "usd",
    customer: session.customer,
    customer_account: null,
    description: data.description,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: null,
    metadata: data.metadata,
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_method_types: [method === "card" ? "card" : "us_bank_account"],
    payment_record: null,
    processing: null,
    receipt_email: data.receipt_email,
    review: null,
    setup_future_usage: null,
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: "requires_payment_method",
    transfer_data: null,
    transfer_group: null,
  };
  store.intents.set(id, intent);
  store.emit("payment_intent.created", intent);
  return intent;
}

const CARD = {
  amount_authorized: null,
  authorization_code: null,
  brand: "visa",
  checks: null,
  country: "US",
  electronic_commerce_indicator: null,
  exp_month: 12,
  exp_year: 2034,
  funding: "credit",
  installments: null,
  last4: "4242",
  mandate: null,
  network: "visa",
  network_transaction_id: null,
  regulated_status: null,
  three_d_secure: null,
  transaction_link_id: null,
  wallet: null,
} as const;

const BANK_ACCOUNT = {
  account_holder_type: "individual",
  account_type: "checking",
  bank_name: "STRIPE TEST BANK",
  fingerprint: null,
  last4: "6789",
  payment_reference: null,
  routing_number: "110000000",
} as const;

/** A charge that has not been decided yet. Stripe's ids of charges that are not by card begin with `py_`. */
function newCharge(store: Store, intent: PaymentIntent, method: PaymentMethod): Charge {
  const id = store.newId(method === "card" ? "ch_" : "py_");
  const charge: Charge = {
    id,
    object: "charge",
    amount: intent.amount,
    amount_captured: 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: { address: null, email: intent.receipt_email, name: null, phone: null, tax_id: null },
    calculated_statement_descriptor: "AIRA SANDBOX",
    captured: false,
    created: store.now(),
    currency: intent.currency,
    customer: intent.customer,
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    fraud_details: {},
    livemode: false,
    metadata: intent.metadata,
    on_behalf_of: null,
    outcome: null,
    paid: false,
    payment_intent: intent.id,
    payment_method: store.newId("pm_"),
    payment_method_details: method === "card" ? { type: "card", card: CARD } : { type: "us_bank_account", us_bank_account: BANK_ACCOUNT },
    receipt_email: intent.receipt_email,
    receipt_number: null,
    receipt_url: `https://pay.stripe.com/receipts/sandbox/${id}`,
    refunded: false,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: "pending",
    transfer_data: null,
    transfer_group: null,
  };
  store.charges.set(id, charge);
  return charge;
}

const outcomeOf = (type: "authorized" | "issuer_declined") => ({
  advice_code: null,
  network_advice_code: null,
  network_decline_code: null,
  network_status: type === "authorized" ? "approved_by_network" : "declined_by_network",
  reason: type === "authorized" ? null : "generic_decline",
  risk_level: "normal",
  seller_message: type === "authorized" ? "Payment complete." : "The bank did not return any further details with this decline.",
  type,
});

/** The charge went through: charge, intent and balance change together, and the two events follow. */
function succeed(store: Store, intent: PaymentIntent, pending: Charge): void {
  const bankDebit = isBankDebit(pending);
  const transaction = book(store, {
    // Stripe books payments that are not by card as `payment`, under the same reporting category.
    type: bankDebit ? "payment" : "charge",
    reportingCategory: "charge",
    amountMinor: pending.amount,
    feeMinor: feeMinor(pending),
    currency: pending.currency,
    source: pending.id,
    description: pending.description,
  });
  const charge = replace(store.charges, pending, {
    amount_captured: pending.amount,
    balance_transaction: transaction.id,
    captured: true,
    outcome: outcomeOf("authorized"),
    paid: true,
    status: "succeeded",
  });
  store.emit("charge.succeeded", charge);
  store.emit(
    "payment_intent.succeeded",
    replace(store.intents, intent, {
      amount_received: charge.amount,
      last_payment_error: null,
      latest_charge: charge.id,
      payment_method: charge.payment_method,
      processing: null,
      status: "succeeded",
    }),
  );
}

function fail(store: Store, intent: PaymentIntent, pending: Charge, code: string, message: string): void {
  const charge = replace(store.charges, pending, {
    failure_code: code,
    failure_message: message,
    outcome: outcomeOf("issuer_declined"),
    receipt_url: null,
    status: "failed",
  });
  store.emit("charge.failed", charge);
  store.emit(
    "payment_intent.payment_failed",
    replace(store.intents, intent, {
      last_payment_error: {
        type: "card_error",
        code,
        charge: charge.id,
        message,
        ...(code === "card_declined" && { decline_code: "generic_decline" }),
      },
      latest_charge: charge.id,
      processing: null,
      status: "requires_payment_method",
    }),
  );
}

/** What completing a session writes on it, whatever the method. */
function completed(store: Store, session: Session, intent: PaymentIntent, paymentStatus: "paid" | "unpaid"): Session {
  const email = session.customer_details?.email ?? intent.receipt_email ?? "customer@example.com";
  const customer =
    session.customer_creation === "always" && session.customer === null
      ? createCustomer(store, { email, metadata: {} }).id
      : session.customer;
  return replace(store.sessions, session, {
    customer,
    customer_details: detailsOf(email, session.customer_details?.name ?? null),
    payment_intent: intent.id,
    payment_status: paymentStatus,
    status: "complete",
    url: null,
  });
}

/** When a bank debit started here settles by itself; without it, `settle` decides. */
export interface Settlement {
  readonly outcome: Outcome;
  readonly afterMs: number;
}

/** The customer pays. Throws if the session is no longer open. */
export function pay(store: Store, sessionId: string, method: PaymentMethod, settlement?: Settlement): Session {
  const open = openSessionOf(store, sessionId, "paid");
  const intent = intentFor(store, open, method);
  const charge = newCharge(store, intent, method);
  if (method === "card") {
    succeed(store, intent, charge);
    const session = completed(store, open, intent, "paid");
    store.emit("checkout.session.completed", session);
    return session;
  }
  store.emit("charge.pending", charge);
  store.emit("payment_intent.processing", replace(store.intents, intent, { latest_charge: charge.id, status: "processing" }));
  if (settlement) {
    const settles = { outcome: settlement.outcome, atMs: store.nowMs() + settlement.afterMs };
    store.details.set(sessionId, { ...store.details.get(sessionId)!, settles });
  }
  const session = completed(store, open, intent, "unpaid");
  store.emit("checkout.session.completed", session);
  return session;
}

/** The customer's card is declined: the session stays open for another try. Returns the error that Stripe shows. */
export function decline(store: Store, sessionId: string): StripeFault {
  const open = openSessionOf(store, sessionId, "paid");
  const intent = intentFor(store, open, "card");
  replace(store.sessions, open, { payment_intent: intent.id });
  fail(store, intent, newCharge(store, intent, "card"), "card_declined", DECLINED);
  return new StripeFault(402, "card_error", DECLINED, { code: "card_declined", decline_code: "generic_decline" });
}

/** The bank debit of a completed session comes through, or fails. Throws unless one is under way. */
export function settle(store: Store, sessionId: string, outcome: Outcome): Session {
  const session = sessionOf(store, sessionId);
  const intent = session.payment_intent === null ? undefined : store.intents.get(session.payment_intent);
  const charge = typeof intent?.latest_charge === "string" ? store.charges.get(intent.latest_charge) : undefined;
  if (!intent || !charge || intent.status !== "processing")
    throw refusal(undefined, `No bank debit is under way for the Checkout Session '${sessionId}'.`);
  const { settles: _, ...details } = store.details.get(sessionId)!;
  store.details.set(sessionId, details);
  if (outcome === "fail") {
    fail(store, intent, charge, "account_closed", DEBIT_FAILED);
    store.emit("checkout.session.async_payment_failed", session);
    return session;
  }
  succeed(store, intent, charge);
  const paid = replace(store.sessions, session, { payment_status: "paid" });
  store.emit("checkout.session.async_payment_succeeded", paid);
  return paid;
}

/** One of the three ways in which the sandbox's own callers name a payment. */
export type PaymentReference = { readonly session: string } | { readonly paymentIntent: string } | { readonly charge: string };

/** The charge of a payment that went through. Throws `resource_missing`, or a refusal if nothing has been paid. */
export function paidCharge(store: Store, reference: PaymentReference): Charge {
  let chargeId: string | null;
  if ("charge" in reference) chargeId = reference.charge;
  else {
    const intentId = "session" in reference ? sessionOf(store, reference.session).payment_intent : reference.paymentIntent;
    const intent = intentId === null ? undefined : store.intents.get(intentId);
    if (!intent && intentId !== null) throw noSuch("payment_intent", intentId, "payment_intent");
    chargeId = intent?.latest_charge ?? null;
  }
  const charge = chargeId === null ? undefined : store.charges.get(chargeId);
  if (!charge && "charge" in reference) throw noSuch("charge", reference.charge, "charge");
  if (charge?.status !== "succeeded") throw refusal("payment_intent_unexpected_state", "This payment has no successful charge.");
  return charge;
}
