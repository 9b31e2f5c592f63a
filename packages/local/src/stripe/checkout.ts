import { CURRENCIES, formatAmount, MAXIMUM_MINOR } from "./currencies.ts";
import { noSuch, ParameterFault, refusal } from "./fault.ts";
import type { Customer, LineItem, Session } from "./objects.ts";
import type { Parameters } from "./parameters.ts";
import { replace, type Store } from "./store.ts";

const MINUTE_SECONDS = 60;
const DAY_SECONDS = 24 * 60 * MINUTE_SECONDS;
const SHORTEST_SECONDS = 30 * MINUTE_SECONDS;

export function createCustomer(store: Store, parameters: Parameters<"createCustomer">): Customer {
  const customer: Customer = {
    id: store.newId("cus_"),
    object: "customer",
    address: null,
    balance: 0,
    created: store.now(),
    currency: null,
    default_source: null,
    delinquent: false,
    description: parameters.description ?? null,
    discount: null,
    email: parameters.email ?? null,
    invoice_prefix: null,
    invoice_settings: { custom_fields: null, default_payment_method: null, footer: null, rendering_options: null },
    livemode: false,
    metadata: parameters.metadata,
    name: parameters.name ?? null,
    phone: parameters.phone ?? null,
    preferred_locales: [],
    shipping: null,
    tax_exempt: "none",
    test_clock: null,
  };
  store.customers.set(customer.id, customer);
  store.emit("customer.created", customer);
  return customer;
}

function expiry(store: Store, requested: number | undefined): number {
  const now = store.now();
  if (requested === undefined) return now + DAY_SECONDS;
  if (requested < now + SHORTEST_SECONDS || requested > now + DAY_SECONDS)
    throw new ParameterFault(
      "expires_at",
      undefined,
      requested < now + SHORTEST_SECONDS
        ? "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation."
        : "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.",
    );
  return requested;
}

function linesOf(store: Store, parameters: Parameters<"createSession">): LineItem[] {
  const currencies = new Set(parameters.line_items.map((line) => line.price_data.currency));
  if (parameters.currency !== undefined) currencies.add(parameters.currency);
  if (currencies.size > 1) throw new ParameterFault("line_items", undefined, "All line items and the session must have the same currency.");
  return parameters.line_items.map(({ price_data, quantity, metadata }) => {
    const total = price_data.unit_amount * quantity;
    return {
      id: store.newId("li_"),
      object: "item",
      adjustable_quantity: null,
      amount_discount: 0,
      amount_subtotal: total,
      amount_tax: 0,
      amount_total: total,
      currency: price_data.currency,
      description: price_data.product_data.name,
      metadata: metadata ?? {},
      price: null,
      quantity,
    };
  });
}

function assertAmount(currency: string, amountMinor: number): void {
  const minimumMinor = CURRENCIES[currency]?.minimumMinor ?? 0;
  if (amountMinor < minimumMinor)
    throw new ParameterFault(
      "line_items",
      "amount_too_small",
      `The Checkout Session's total amount must convert to at least 50 cents: ${formatAmount(currency, amountMinor)} is less than ${formatAmount(currency, minimumMinor)}.`,
    );
  if (amountMinor > MAXIMUM_MINOR)
    throw new ParameterFault(
      "line_items",
      "amount_too_large",
      `The Checkout Session's total amount must be no more than ${formatAmount(currency, MAXIMUM_MINOR)}.`,
    );
}

/** Opens a session. As in Stripe, its payment intent comes into being only when the customer submits a payment. */
export function createSession(store: Store, parameters: Parameters<"createSession">): Session {
  const customer = parameters.customer === undefined ? undefined : store.customers.get(parameters.customer);
  if (parameters.customer !== undefined && !customer) throw noSuch("customer", parameters.customer, "customer", 400);
  if (customer && parameters.customer_email !== undefined)
    throw new ParameterFault("customer_email", undefined, "You may only specify one of these parameters: customer, customer_email.");
  const lineItems = linesOf(store, parameters);
  const currency = lineItems[0]!.currency;
  const amountMinor = lineItems.reduce((sum, line) => sum + line.amount_total, 0);
  assertAmount(currency, amountMinor);
  const expiresAt = expiry(store, parameters.expires_at);
  const email = customer?.email ?? parameters.customer_email ?? null;

  const id = store.newId("cs_test_");
  const session: Session = {
    id,
    object: "checkout.session",
    adaptive_pricing: { enabled: parameters.adaptive_pricing?.enabled ?? true },
    after_expiration: null,
    allow_promotion_codes: null,
    allowed_payment_method_types: null,
    amount_subtotal: amountMinor,
    amount_total: amountMinor,
    automatic_tax: { enabled: false, liability: null, provider: null, status: null },
    billing_address_collection: parameters.billing_address_collection ?? null,
    cancel_url: parameters.cancel_url ?? null,
    client_reference_id: parameters.client_reference_id ?? null,
    client_secret: null,
    collected_information: null,
    consent: null,
    consent_collection: null,
    created: store.now(),
    currency,
    currency_conversion: null,
    custom_fields: [],
    custom_text: { after_submit: null, shipping_address: null, submit: null, terms_of_service_acceptance: null },
    customer: customer?.id ?? null,
    customer_account: null,
    customer_creation: customer ? null : (parameters.customer_creation ?? "if_required"),
    customer_details: email === null ? null : detailsOf(email, customer?.name ?? null),
    customer_email: parameters.customer_email ?? null,
    discounts: [],
    expires_at: expiresAt,
    integration_identifier: parameters.integration_identifier ?? null,
    invoice: null,
    invoice_creation: null,
    livemode: false,
    locale: parameters.locale ?? null,
    managed_payments: null,
    metadata: parameters.metadata,
    mode: "payment",
    origin_context: parameters.origin_context ?? null,
    payment_intent: null,
    payment_link: null,
    payment_method_collection: "if_required",
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_method_types: ["card", "us_bank_account"],
    payment_status: "unpaid",
    permissions: null,
    recovered_from: null,
    saved_payment_method_options: null,
    setup_intent: null,
    shipping_address_collection: null,
    shipping_cost: null,
    shipping_options: [],
    status: "open",
    submit_type: parameters.submit_type ?? null,
    subscription: null,
    success_url: parameters.success_url,
    total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
    ui_mode: "hosted_page",
    url: store.sessionUrl(id),
    wallet_options: null,
  };
  store.sessions.set(id, session);
  store.waiting.add(id);
  store.details.set(id, {
    lineItems,
    intent: {
      metadata: parameters.payment_intent_data?.metadata ?? {},
      receipt_email: parameters.payment_intent_data?.receipt_email ?? null,
      description: parameters.payment_intent_data?.description ?? null,
    },
  });
  return session;
}

export const detailsOf = (email: string | null, name: string | null): NonNullable<Session["customer_details"]> => ({
  address: null,
  business_name: null,
  email,
  individual_name: null,
  name,
  phone: null,
  tax_exempt: "none",
  tax_ids: [],
});

/** The session of an id. Throws `resource_missing`. */
export function sessionOf(store: Store, id: string): Session {
  const session = store.sessions.get(id);
  if (!session) throw noSuch("checkout.session", id, "session");
  return session;
}

/** An open session, or the refusal that Stripe gives for what was to be done with it. */
export function openSessionOf(store: Store, id: string, doing: "paid" | "expired"): Session {
  const session = sessionOf(store, id);
  if (session.status === "open") return session;
  throw refusal(
    undefined,
    doing === "expired"
      ? `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of "${session.status}".`
      : `This Checkout Session has a status of "${session.status}" and can no longer be paid.`,
  );
}

/** Closes an open session: it can't be paid any more. A payment intent that a declined card left behind is canceled with it. */
export function expireSession(store: Store, id: string): Session {
  const open = openSessionOf(store, id, "expired");
  const session = replace(store.sessions, open, { status: "expired", url: null });
  const intent = session.payment_intent === null ? undefined : store.intents.get(session.payment_intent);
  if (intent)
    store.emit(
      "payment_intent.canceled",
      replace(store.intents, intent, { status: "canceled", canceled_at: store.now(), cancellation_reason: "automatic" }),
    );
  store.emit("checkout.session.expired", session);
  return session;
}
