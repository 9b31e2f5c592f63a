import { createJsonRequest } from "./json-request.ts";

/** A bad network, impatient banks and a developer's hands: the control addresses of the Stripe sandbox and of the local app, over HTTP. */
export interface Control {
  /** Sets the sandbox's switches; all others go back to their defaults. */
  switches(settings: Readonly<Record<string, unknown>>): Promise<void>;
  /** What a customer, a bank or an attacker does at Stripe, such as `disputes/du_1/lose`. Answers Stripe's object. */
  atStripe<Answer = { readonly id: string }>(path: string, body?: Readonly<Record<string, unknown>>): Promise<Answer>;
  /** The newest event of a type about a session. */
  eventOf(sessionId: string, type: string): Promise<string>;
  /** Posts an event to the webhook now and answers the statuses of the webhook. */
  deliver(eventId: string, how: Readonly<Record<string, unknown>>): Promise<(number | undefined)[]>;
  /** Has everything been done that is under way: no event waits for delivery, no message for a consumer? */
  isQuiet(): Promise<boolean>;
  /** What stands in each queue. `inFlight`: a consumer holds it, or held it when it died. */
  queues(): Promise<Readonly<Record<string, Depth>>>;
  /** Runs a schedule now and answers its result. */
  run<Result>(schedule: string): Promise<Result>;
  /** Runs the sweep now. */
  sweep(): Promise<SweepResult>;
}

interface SweepResult {
  readonly recovered: number;
  readonly quarantineOpen: number;
}

interface Depth {
  readonly waiting: number;
  readonly inFlight: number;
  readonly delayed: number;
  readonly dead: number;
}

interface EventRecord {
  readonly event: { readonly id: string; readonly type: string; readonly data: { readonly object: { readonly id: string } } };
  readonly delivery: { readonly status: string };
}

/** The control addresses of an app and of its Stripe sandbox. Every request ends with the signal. */
export function createControl(appUrl: string, stripeUrl: string, signal: AbortSignal): Control {
  const call = createJsonRequest(signal);
  const events = async () => (await call<{ events: EventRecord[] }>("GET", `${stripeUrl}/_sandbox/events`)).events;
  const depths = () => call<Record<string, Depth>>("GET", `${appUrl}/_local/queues`);
  const run = async <Result>(schedule: string) => (await call<{ result: Result }>("POST", `${appUrl}/_local/schedules/${schedule}`)).result;
  return {
    switches: (settings) => call("PUT", `${stripeUrl}/_sandbox/switches`, settings),
    atStripe: (path, body = {}) => call("POST", `${stripeUrl}/_sandbox/${path}`, body),
    async eventOf(sessionId, type) {
      const found = (await events()).findLast(({ event }) => event.type === type && event.data.object.id === sessionId);
      if (!found) throw new Error(`Stripe has no event ${type} of the session ${sessionId}`);
      return found.event.id;
    },
    async deliver(eventId, how) {
      const url = `${stripeUrl}/_sandbox/events/${eventId}/deliver`;
      const { attempts } = await call<{ attempts: { status?: number }[] }>("POST", url, how);
      return attempts.map(({ status }) => status);
    },
    async isQuiet() {
      // Events first: each is answered only after the queue has taken it.
      if ((await events()).some(({ delivery }) => delivery.status === "pending")) return false;
      return Object.values(await depths()).every(({ waiting, inFlight, delayed }) => waiting + inFlight + delayed === 0);
    },
    queues: depths,
    run,
    sweep: () => run("sweepTopUps"),
  };
}
