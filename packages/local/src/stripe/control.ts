import * as z from "zod";
import type { Delivery } from "./delivery.ts";
import { StripeFault } from "./fault.ts";
import type { StripeState } from "./state.ts";
import { type Switches, sentenceOf } from "./switches.ts";

export interface ControlOptions {
  readonly state: StripeState;
  readonly delivery: Delivery;
  readonly switches: Switches;
}

class ControlFault extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
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

/** Leaves out what is undefined, so that a default is not overwritten by it. */
type Given<T> = { [Key in keyof T]: Exclude<T[Key], undefined> };
const given = <T extends object>(object: T) =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Partial<Given<T>>;

type Run<Body> = (options: ControlOptions, body: Body, id: string) => object | Promise<object>;

interface Route {
  readonly method: string;
  readonly path: RegExp;
  readonly run: (options: ControlOptions, body: unknown, id: string) => object | Promise<object>;
}

function route<Name extends keyof typeof BODIES>(
  method: string,
  path: string,
  body: Name,
  run: Run<z.output<(typeof BODIES)[Name]>>,
): Route {
  return {
    method,
    path: new RegExp(`^/_sandbox${path.replace("{id}", "([^/]+)")}$`),
    run: (options, json, id) => {
      const parsed = (BODIES[body] as unknown as z.ZodType<z.output<(typeof BODIES)[Name]>>).safeParse(json);
      if (!parsed.success) throw new ControlFault(400, sentenceOf(parsed.error, "the body"));
      return run(options, parsed.data, id);
    },
  };
}

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

const ROUTES: readonly Route[] = [
  route("POST", "/sessions/{id}/pay", "pay", ({ state }, { method, settles }, id) =>
    method === "decline" ? { declined: state.decline(id).toJSON().error } : state.pay(id, method, settles),
  ),
  route("POST", "/sessions/{id}/settle", "settle", ({ state }, { outcome }, id) => state.settleAsync(id, outcome)),
  route("POST", "/sessions/{id}/expire", "none", ({ state }, _, id) => state.expire(id)),
  route("POST", "/refunds", "refund", ({ state }, { session, paymentIntent, charge, ...rest }) =>
    state.refund(paymentOf({ session, paymentIntent, charge }), given(rest)),
  ),
  route("POST", "/refunds/{id}/fail", "none", ({ state }, _, id) => state.failRefund(id)),
  route("POST", "/refunds/{id}/succeed", "none", ({ state }, _, id) => state.succeedRefund(id)),
  route("POST", "/disputes", "dispute", ({ state }, { session, paymentIntent, charge, ...rest }) =>
    state.openDispute(paymentOf({ session, paymentIntent, charge }), given(rest)),
  ),
  route("POST", "/disputes/{id}/answer", "none", ({ state }, _, id) => state.submitEvidence(id)),
  route("POST", "/disputes/{id}/escalate", "none", ({ state }, _, id) => state.escalateInquiry(id)),
  route("POST", "/disputes/{id}/win", "none", ({ state }, _, id) => state.winDispute(id)),
  route("POST", "/disputes/{id}/lose", "none", ({ state }, _, id) => state.loseDispute(id)),
  route("POST", "/disputes/{id}/close", "none", ({ state }, _, id) => state.closeInquiry(id)),
  route("POST", "/tamper/altered-payment", "forge", ({ state }, { session, ...forgery }) =>
    state.tamper.payAltered(session, given(forgery)),
  ),
  route("POST", "/tamper/second-session", "forge", ({ state }, { session, ...forgery }) =>
    state.tamper.paySecondSession(session, given(forgery)),
  ),
  route("POST", "/tamper/repeat-event", "repeat", ({ state }, { event }) => state.tamper.repeatEvent(event)),
  route("POST", "/release", "none", ({ delivery }) => ({ released: delivery.release() })),
  route("GET", "/events", "none", ({ state, delivery }) => {
    const records = new Map(delivery.records().map((record) => [record.eventId, record]));
    return {
      events: [...state.store.events.values()].map((event) => {
        const record = records.get(event.id);
        return { event, delivery: { status: record?.status ?? "unsubscribed", attempts: record?.attempts ?? [] } };
      }),
    };
  }),
  route("POST", "/events/{id}/deliver", "deliver", async ({ delivery, state }, body, id) => {
    if (!state.store.events.has(id)) throw new ControlFault(404, `There is no event ${id}.`);
    const { timestamp: timestampSeconds, ...rest } = body;
    return { attempts: await delivery.deliver(id, given({ ...rest, timestampSeconds })) };
  }),
  { method: "GET", path: /^\/_sandbox\/switches$/, run: ({ switches }) => switches.get() },
  {
    method: "PUT",
    path: /^\/_sandbox\/switches$/,
    run: ({ switches, delivery }, body) => {
      const settings = setSwitches(switches, body);
      // What was held has nothing to wait for once holding is off.
      if (!settings.hold) delivery.release();
      return settings;
    },
  },
];

function setSwitches(switches: Switches, body: unknown) {
  try {
    return switches.set(body);
  } catch (error) {
    if (error instanceof TypeError) throw new ControlFault(400, error.message);
    throw error;
  }
}

async function bodyOf(request: Request): Promise<unknown> {
  if (request.method === "GET") return {};
  const text = await request.text();
  if (text === "") return {};
  // A plain HTML form of another site can send text, never JSON: this keeps strange pages out.
  if (!request.headers.get("content-type")?.startsWith("application/json"))
    throw new ControlFault(415, "the body: must be JSON, sent with content-type application/json");
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ControlFault(400, `the body: is no valid JSON (${error instanceof Error ? error.message : error})`);
  }
}

const json = (status: number, body: object) =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json", "cache-control": "no-store" } });

/** The sandbox's own API under `/_sandbox/`: what customers, banks and bad networks do. Answers undefined for a path that is not its own. */
export async function handleControl(options: ControlOptions, request: Request): Promise<Response | undefined> {
  const { pathname } = new URL(request.url);
  if (!pathname.startsWith("/_sandbox/")) return undefined;
  try {
    const here = ROUTES.filter((candidate) => candidate.path.test(pathname));
    const found = here.find((candidate) => candidate.method === request.method);
    if (!found && here.length > 0)
      throw new ControlFault(405, `${pathname} takes ${here.map((candidate) => candidate.method).join(" and ")}, not ${request.method}.`);
    if (!found) throw new ControlFault(404, `There is nothing at ${request.method} ${pathname}.`);
    const body = await bodyOf(request);
    options.state.advance();
    return json(200, await found.run(options, body, found.path.exec(pathname)?.[1] ?? ""));
  } catch (error) {
    if (error instanceof ControlFault) return json(error.status, { error: { message: error.message } });
    if (error instanceof StripeFault) return json(error.status, error.toJSON());
    throw error;
  }
}
