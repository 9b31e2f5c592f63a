import * as z from "zod";
import { ControlFault, given, pathOf } from "../sandbox/control-route.ts";
import { type ControlOptions, PhoneNumber, type Route, route } from "./control-route.ts";
import { callView, feedOf, textView } from "./feed.ts";
import type { PhoneCall } from "./telephone.ts";

/** Short codes, names and withheld numbers are no E.164. */
const Party = z.string().regex(/^\+?[0-9A-Za-z ]{3,20}$/, "must be a number, a short code or a name");

const BODIES = {
  none: z.strictObject({}),
  call: z.strictObject({ from: Party, to: PhoneNumber }),
  say: z.strictObject({ text: z.string().min(1).max(4000), confidence: z.number().min(0).max(1).optional() }),
  press: z.strictObject({ keys: z.string().regex(/^[\d*#]{1,100}$/, "must be keys of 0-9, * and #") }),
  silence: z.strictObject({ seconds: z.int().min(1).max(86_400).optional() }),
  callee: z.strictObject({ does: z.enum(["answer", "busy", "ignore", "unreachable", "hangUp"]) }),
  calleeSays: z.strictObject({ text: z.string().min(1).max(4000) }),
  text: z.strictObject({
    from: Party,
    to: PhoneNumber,
    body: z.string().max(1600),
    media: z
      .array(z.strictObject({ url: z.url(), contentType: z.string().min(3).max(100) }))
      .max(10)
      .optional(),
  }),
  deliver: z.strictObject({
    copies: z.int().min(1).max(1000).optional(),
    concurrent: z.boolean().optional(),
    authToken: z.string().min(1).optional(),
    tamper: z.record(z.string(), z.string()).optional(),
  }),
} as const;

/** How long a page waits for news before it asks again. */
const FEED_WAIT_MS = 25_000;

function callOf({ telephone }: ControlOptions, sid: string): PhoneCall {
  const call = telephone.find(sid);
  if (!call) throw new ControlFault(404, `There is no call ${sid} of this run.`);
  return call;
}

/** Something that a person does in a call. The answer shows the call when the app has had its turn. */
const act = <Body extends z.ZodType>(path: string, body: Body, does: (call: PhoneCall, body: z.output<Body>) => Promise<unknown>): Route =>
  route("POST", `/calls/{id}/${path}`, body, async (options, given, sid) => {
    const call = callOf(options, sid);
    await does(call, given);
    return callView(call);
  });

function numberOf(query: URLSearchParams): number {
  const version = Number(query.get("version") ?? 0);
  if (!Number.isSafeInteger(version)) throw new ControlFault(400, "version: must be a whole number");
  return version;
}

/** What people with telephones do, and what became of it. */
export const PHONE_ROUTES: readonly Route[] = [
  route("GET", "/calls", BODIES.none, ({ telephone }) => ({ calls: telephone.calls().map(callView) })),
  route("POST", "/calls", BODIES.call, async ({ telephone }, body) => {
    const call = telephone.place(body);
    await call.ready();
    return callView(call);
  }),
  route("GET", "/calls/{id}", BODIES.none, (options, _, sid) => callView(callOf(options, sid))),
  act("say", BODIES.say, (call, { text, confidence }) => call.say(text, confidence)),
  act("press", BODIES.press, (call, { keys }) => call.press(keys)),
  act("silence", BODIES.silence, (call, { seconds }) => call.stayQuiet(seconds)),
  act("hang-up", BODIES.none, (call) => call.hangUp()),
  act("callee", BODIES.callee, (call, { does }) => call.callee(does)),
  act("callee-says", BODIES.calleeSays, (call, { text }) => call.calleeSays(text)),
  {
    method: "GET",
    path: pathOf("/texts"),
    run: ({ state }, { query }) => {
      const between = [query.get("number"), query.get("with")].filter((party) => party !== null);
      const texts = [...state.store.messages.values()].filter(({ from, to }) => between.every((party) => party === from || party === to));
      return { texts: texts.map(textView) };
    },
  },
  route("POST", "/texts", BODIES.text, async ({ texts, state }, { media, ...rest }) => {
    const { sid, done } = texts.send({ ...rest, ...given({ media }) });
    const replies = await done;
    const shown = [sid, ...replies.map((reply) => reply.sid)].flatMap((one) => state.store.messages.get(one) ?? []).map(textView);
    return { text: shown[0], replies: shown.slice(1) };
  }),
  route("GET", "/webhooks", BODIES.none, ({ webhooks }) => ({ webhooks: webhooks.records() })),
  route("POST", "/webhooks/{id}/deliver", BODIES.deliver, async ({ webhooks }, body, id) => {
    if (!webhooks.records().some((record) => record.id === Number(id))) throw new ControlFault(404, `There is no webhook ${id}.`);
    return { attempts: await webhooks.deliver(Number(id), given(body)) };
  }),
  route("GET", "/alerts", BODIES.none, ({ alerts }) => ({ alerts: alerts.entries() })),
  {
    method: "GET",
    path: pathOf("/feed"),
    run: async (options, { query, signal }) => {
      await options.changes.after(numberOf(query), FEED_WAIT_MS, signal);
      return feedOf(options);
    },
  },
];
