import * as z from "zod";
import { createControl } from "../sandbox/control.ts";
import { ControlFault, type ControlRoute, createRoute, given, pathOf, setSwitches } from "../sandbox/control-route.ts";
import type { Delivery } from "./delivery.ts";
import { StripeFault } from "./fault.ts";
import type { StripeState } from "./state.ts";
import type { Switches } from "./switches.ts";

export interface ControlOptions {
  readonly state: StripeState;
  readonly delivery: Delivery;
  readonly switches: Switches;
}

const AmountMinor = z.int().min(1).max(99_999_999);
const Metadata = z.record(z.string().max(40), z.string().max(500));

const Payment = z.union([
  z.strictObject({ session: z.string() }),
  z.strictObject({ paymentIntent: z.string() }),
  z.strictObject({ charge: z.string() }),
]);
const reference = { session: z.string().optional(), paymentIntent: z.string().optional(), charge: z.string().optional() };

const BODIES = {
  none: z.strictObject({}),
  pay: z.strictObject({
    method: z.enum(["card", "async", "decline"]).default("card"),
    /** A bank debit settles by itself, this way, after a while. Without it, `settle` decides. */
    settles: z.strictObject({ outcome: z.enum(["succeed", "fail"]), afterMs: z.int().min(0).max(86_400_000) }).optional(),
  }),
  settle: z.strictObject({ outcome: z.enum(["succeed", "fail"]) }),
  refund: z.strictObject({
    ...reference,
    amountMinor: AmountMinor.optional(),
    status: z.enum(["succeeded", "pending", "requires_action"]).optional(),
    metadata: Metadata.optional(),
  }),
  dispute: z.strictObject({
    ...reference,
    amountMinor: AmountMinor.optional(),
    inquiry: z.boolean().optional(),
    reason: z.string().max(100).optional(),
  }),
  forge: z.strictObject({
    session: z.string(),
    amountMinor: AmountMinor.optional(),
    currency: z
      .string()
      .regex(/^[a-z]{3}$/, "must be a currency in three lower-case letters")
      .optional(),
    metadata: Metadata.optional(),
    clientReferenceId: z.string().max(200).optional(),
  }),
  repeat: z.strictObject({ event: z.string() }),
  deliver: z.strictObject({
    copies: z.int().min(1).max(1000).default(1),
    concurrent: z.boolean().default(false),
    secret: z.string().min(1).optional(),
    timestamp: z.int().min(0).optional(),
  }),
} as const;

const route = createRoute<ControlOptions>();

function paymentOf({
  session,
  paymentIntent,
  charge,
}: {
  session?: string | undefined;
  paymentIntent?: string | undefined;
  charge?: string | undefined;
}) {
  const parsed = Payment.safeParse(given({ session, paymentIntent, charge }));
  if (!parsed.success) throw new ControlFault(400, "the body: name the payment by exactly one of session, paymentIntent, charge");
  return parsed.data;
}

const ROUTES: readonly ControlRoute<ControlOptions>[] = [
  route("POST", "/sessions/{id}/pay", BODIES.pay, ({ state }, { method, settles }, id) =>
    method === "decline" ? { declined: state.decline(id).toJSON().error } : state.pay(id, method, settles),
  ),
  route("POST", "/sessions/{id}/settle", BODIES.settle, ({ state }, { outcome }, id) => state.settleAsync(id, outcome)),
  route("POST", "/sessions/{id}/expire", BODIES.none, ({ state }, _, id) => state.expire(id)),
  route("POST", "/refunds", BODIES.refund, ({ state }, { session, paymentIntent, charge, ...rest }) =>
    state.refund(paymentOf({ session, paymentIntent, charge }), given(rest)),
  ),
  route("POST", "/refunds/{id}/fail", BODIES.none, ({ state }, _, id) => state.failRefund(id)),
  route("POST", "/refunds/{id}/succeed", BODIES.none, ({ state }, _, id) => state.succeedRefund(id)),
  route("POST", "/disputes", BODIES.dispute, ({ state }, { session, paymentIntent, charge, ...rest }) =>
    state.openDispute(paymentOf({ session, paymentIntent, charge }), given(rest)),
  ),
  route("POST", "/disputes/{id}/answer", BODIES.none, ({ state }, _, id) => state.submitEvidence(id)),
  route("POST", "/disputes/{id}/escalate", BODIES.none, ({ state }, _, id) => state.escalateInquiry(id)),
  route("POST", "/disputes/{id}/win", BODIES.none, ({ state }, _, id) => state.winDispute(id)),
  route("POST", "/disputes/{id}/lose", BODIES.none, ({ state }, _, id) => state.loseDispute(id)),
  route("POST", "/disputes/{id}/close", BODIES.none, ({ state }, _, id) => state.closeInquiry(id)),
  route("POST", "/tamper/altered-payment", BODIES.forge, ({ state }, { session, ...forgery }) =>
    state.tamper.payAltered(session, given(forgery)),
  ),
  route("POST", "/tamper/second-session", BODIES.forge, ({ state }, { session, ...forgery }) =>
    state.tamper.paySecondSession(session, given(forgery)),
  ),
  route("POST", "/tamper/repeat-event", BODIES.repeat, ({ state }, { event }) => state.tamper.repeatEvent(event)),
  route("POST", "/release", BODIES.none, ({ delivery }) => ({ released: delivery.release() })),
  route("GET", "/events", BODIES.none, ({ state, delivery }) => {
    const records = new Map(delivery.records().map((record) => [record.eventId, record]));
    return {
      events: [...state.store.events.values()].map((event) => {
        const record = records.get(event.id);
        return { event, delivery: { status: record?.status ?? "unsubscribed", attempts: record?.attempts ?? [] } };
      }),
    };
  }),
  route("POST", "/events/{id}/deliver", BODIES.deliver, async ({ delivery, state }, body, id) => {
    if (!state.store.events.has(id)) throw new ControlFault(404, `There is no event ${id}.`);
    const { timestamp: timestampSeconds, ...rest } = body;
    return { attempts: await delivery.deliver(id, given({ ...rest, timestampSeconds })) };
  }),
  { method: "GET", path: pathOf("/switches"), run: ({ switches }) => switches.get() },
  {
    method: "PUT",
    path: pathOf("/switches"),
    run: ({ switches, delivery }, { body }) => {
      const settings = setSwitches(switches, body);
      // What was held has nothing to wait for once holding is off.
      if (!settings.hold) delivery.release();
      return settings;
    },
  },
];

/** What customers, banks and bad networks do. */
export const handleControl = createControl({
  routes: ROUTES,
  before: ({ state }) => state.advance(),
  refusalOf: (error) => (error instanceof StripeFault ? { status: error.status, ...error.toJSON() } : undefined),
});
