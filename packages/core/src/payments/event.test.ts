import { describe, expect, test } from "vitest";
import { readEvent } from "./event.ts";
import { metadataOf } from "./top-up.ts";

const US = { stage: "test", live: false };
const session = {
  id: "cs_1",
  object: "checkout.session",
  status: "complete",
  payment_status: "paid",
  amount_total: 1_000,
  currency: "usd",
  client_reference_id: "top_1",
  metadata: metadataOf("test", "top_1", "asha"),
};
const event = (type: string, object: object, fields: object = {}) =>
  JSON.stringify({ id: "evt_1", type, livemode: false, created: 1_770_000_000, data: { object }, ...fields });
const hint = (type: string, object: object, fields?: object) => readEvent(event(type, object, fields), US).hint;

const CREDIT = { act: "credit", paid: { topUpId: "top_1", owner: "asha", currency: "USD", amountMinor: 1_000, sessionId: "cs_1" } };
const SETTLE = { act: "settle", topUpId: "top_1", sessionId: "cs_1" };
const PAYMENT = { act: "settle_payment", paymentIntentId: "pi_1" };
const FOREIGN = { act: "ignore", why: "foreign" };
const IRRELEVANT = { act: "ignore", why: "irrelevant" };

test("an event says what and when it is", () => {
  expect(readEvent(event("checkout.session.completed", session), US)).toMatchObject({
    id: "evt_1",
    type: "checkout.session.completed",
    createdMs: 1_770_000_000_000,
  });
});

describe("what each type of event asks for", () => {
  test.each([
    ["checkout.session.completed", session, CREDIT],
    ["checkout.session.async_payment_succeeded", session, CREDIT],
    ["checkout.session.async_payment_failed", { ...session, payment_status: "unpaid" }, SETTLE],
    ["checkout.session.expired", { ...session, payment_status: "unpaid", status: "expired" }, SETTLE],
    ["refund.created", { object: "refund", payment_intent: "pi_1" }, PAYMENT],
    ["refund.updated", { object: "refund", payment_intent: "pi_1" }, PAYMENT],
    ["refund.failed", { object: "refund", payment_intent: "pi_1" }, PAYMENT],
    ["charge.refunded", { object: "charge", payment_intent: "pi_1" }, PAYMENT],
    ["charge.refund.updated", { object: "refund", payment_intent: "pi_1" }, PAYMENT],
    ["charge.dispute.created", { object: "dispute", payment_intent: "pi_1" }, PAYMENT],
    ["charge.dispute.updated", { object: "dispute", payment_intent: { id: "pi_1" } }, PAYMENT],
    ["charge.dispute.closed", { object: "dispute", payment_intent: "pi_1" }, PAYMENT],
    ["charge.dispute.funds_withdrawn", { object: "dispute", payment_intent: "pi_1" }, PAYMENT],
    ["charge.dispute.funds_reinstated", { object: "dispute", payment_intent: "pi_1" }, PAYMENT],
    ["charge.dispute.created", { object: "dispute", payment_intent: null }, FOREIGN],
    ["payment_intent.succeeded", { object: "payment_intent", id: "pi_1" }, IRRELEVANT],
    ["charge.succeeded", { object: "charge", payment_intent: "pi_1" }, IRRELEVANT],
    ["customer.created", { object: "customer" }, IRRELEVANT],
    ["checkout.session.invented_later", session, IRRELEVANT],
  ])("%s", (type, object, expected) => {
    expect(hint(type, object)).toEqual(expected);
  });
});

describe("a completed session that is not plainly a paid one of ours is settled, never trusted", () => {
  test.each<[string, object]>([
    ["not paid yet", { payment_status: "unpaid" }],
    ["no reference", { client_reference_id: null }],
    ["another reference", { client_reference_id: "top_2" }],
    ["a currency that no wallet holds", { currency: "eur" }],
    ["no currency", { currency: null }],
    ["no amount", { amount_total: null }],
    ["an amount of nothing", { amount_total: 0 }],
    ["a negative amount", { amount_total: -5 }],
    ["half a cent", { amount_total: 0.5 }],
    ["no owner", { metadata: { app: "aira", stage: "test", top_up_id: "top_1" } }],
  ])("%s", (_, fields) => {
    expect(hint("checkout.session.completed", { ...session, ...fields })).toEqual(SETTLE);
  });

  test("one that was free of charge is paid", () => {
    expect(hint("checkout.session.completed", { ...session, payment_status: "no_payment_required" })).toEqual(CREDIT);
  });
});

describe("what is not ours is ignored as foreign", () => {
  test.each<[string, object, object?]>([
    ["another app", { metadata: { ...session.metadata, app: "other" } }],
    ["another stage", { metadata: { ...session.metadata, stage: "prod" } }],
    ["no metadata", { metadata: null }],
    ["metadata left out", { metadata: undefined }],
    ["live mode, while we are not", {}, { livemode: true }],
  ])("%s", (_, fields, envelope) => {
    expect(hint("checkout.session.completed", { ...session, ...fields }, envelope)).toEqual(FOREIGN);
  });

  test("test mode, while we are live", () => {
    expect(readEvent(event("checkout.session.completed", session), { stage: "test", live: true }).hint).toEqual(FOREIGN);
  });
});

test.each([
  ["no JSON", "{"],
  ["no object", "null"],
  ["no event", "{}"],
  ["no data", JSON.stringify({ id: "evt_1", type: "refund.created", livemode: false, created: 1 })],
  ["a session without an id", event("checkout.session.completed", { ...session, id: undefined })],
  ["a mode that is text", event("checkout.session.completed", session, { livemode: "false" })],
])("a body with %s is a failure, so that it ends where somebody sees it", (_, body) => {
  expect(() => readEvent(body, US)).toThrow();
});
