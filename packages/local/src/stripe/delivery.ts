import { seededRandom, shuffled } from "../random.ts";
import { createWork } from "../sandbox/work.ts";
import type { SandboxEvent } from "./objects.ts";
import { signatureHeader } from "./signature.ts";
import type { Switches } from "./switches.ts";

/** One POST of an event to the webhook. */
export interface Attempt {
  /** Epoch milliseconds. */
  readonly atMs: number;
  /** Which copy of the event; the first is 1. */
  readonly copy: number;
  /** The webhook's status, or absent if there was no answer. */
  readonly status?: number;
  /** Why it counts as failed. */
  readonly failure?: string;
  readonly byHand?: true;
}

/** `pending` and `held` will still be delivered; `failed` was given up after the last try; `dropped` never goes out. */
export type DeliveryStatus = "pending" | "held" | "delivered" | "failed" | "dropped";

export interface DeliveryRecord {
  readonly eventId: string;
  readonly status: DeliveryStatus;
  readonly attempts: readonly Attempt[];
}

export interface DeliveryOptions {
  readonly webhookUrl: string;
  readonly webhookSecret: string;
  /** Epoch milliseconds; signatures carry it. */
  readonly clock: () => number;
  readonly switches: Switches;
  /** The event types that the endpoint has subscribed to. Default: all. */
  readonly enabledEvents?: readonly string[];
  readonly findEvent: (eventId: string) => SandboxEvent | undefined;
  /** Pauses before the second, third … try. Its length bounds the tries. */
  readonly retryDelaysMs?: readonly number[];
  /** A webhook that takes longer has failed. */
  readonly timeoutMs?: number;
  readonly onChange?: () => void;
}

export interface ByHand {
  readonly copies?: number;
  readonly concurrent?: boolean;
  /** Another secret than the endpoint's: a forgery. */
  readonly secret?: string;
  /** Another time than now, in epoch seconds: a stale signature, or one from the future. */
  readonly timestampSeconds?: number;
}

export interface Delivery {
  /** Takes an event as it is emitted. */
  accept(event: SandboxEvent): void;
  /** Posts an event now, as told, without retries; gives the webhook's answers. Throws if there is no such event. */
  deliver(eventId: string, byHand?: ByHand): Promise<readonly Attempt[]>;
  /** Lets go of the events that are held. Returns how many. */
  release(): number;
  /** Takes up the records of an earlier run: what was undelivered is delivered. */
  resume(records: readonly DeliveryRecord[]): void;
  /** What happened to each event, oldest first. */
  records(): readonly DeliveryRecord[];
  /** Resolves when nothing is on its way and no retry is waiting. Held and dropped events do not count. */
  idle(): Promise<void>;
  /** Ends everything that is under way. Nothing is delivered afterwards. */
  stop(): Promise<void>;
}

const RETRY_DELAYS_MS = [500, 1000, 2000, 5000, 10_000, 30_000, 60_000];
const TIMEOUT_MS = 20_000;
const REORDER_WINDOW_MS = 150;

/** Delivers events to one webhook as Stripe does: signed, at least once, again until it is answered 2xx. */
export function createDelivery(options: DeliveryOptions): Delivery {
  const { webhookUrl, clock, switches, findEvent, retryDelaysMs = RETRY_DELAYS_MS, timeoutMs = TIMEOUT_MS, onChange = () => {} } = options;
  // A newline at its end, as from a file, would make every signature wrong.
  const webhookSecret = options.webhookSecret.trim();
  const records = new Map<string, DeliveryRecord>();
  /** Whoever waits in the queue waits for something under way, so this knows when all is done. */
  const work = createWork();
  let queue: (() => Promise<void>)[] = [];
  let active = 0;
  let window: SandboxEvent[] = [];
  /** Copies of an event that have not reached an end. The event is delivered if any of them was, failed if none. */
  const open = new Map<string, number>();

  function update(eventId: string, change: Partial<DeliveryRecord>): void {
    records.set(eventId, { ...(records.get(eventId) ?? { eventId, status: "pending", attempts: [] }), ...change });
    onChange();
  }

  async function post(event: SandboxEvent, copy: number, secrets: readonly string[], timestampSeconds: number): Promise<Attempt> {
    const atMs = clock();
    const body = JSON.stringify(event);
    try {
      const response = await fetch(webhookUrl, {
        method: "POST",
        headers: {
          "content-type": "application/json; charset=utf-8",
          "stripe-signature": signatureHeader(body, secrets, timestampSeconds),
          "user-agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        },
        body,
        // A redirect is a failure, as with Stripe: following it would hide a wrong URL.
        redirect: "manual",
        signal: AbortSignal.any([work.signal, AbortSignal.timeout(timeoutMs)]),
      });
      await response.arrayBuffer();
      return response.ok
        ? { atMs, copy, status: response.status }
        : { atMs, copy, status: response.status, failure: `answered ${response.status}` };
    } catch (error) {
      return { atMs, copy, failure: `no answer: ${reasonOf(error)}` };
    }
  }

  /** One try of one copy; a failed one comes again after its pause, without keeping others waiting. */
  async function attempt(event: SandboxEvent, copy: number, tries: number): Promise<void> {
    const { alsoSignWith } = switches.get();
    const secrets = alsoSignWith === null ? [webhookSecret] : [webhookSecret, alsoSignWith];
    const result = await post(event, copy, secrets, Math.floor(clock() / 1000));
    // What a stop cuts off was not refused by the webhook: it stays pending, for the next run.
    if (work.signal.aborted && result.failure !== undefined) return;
    const attempts = [...(records.get(event.id)?.attempts ?? []), result];
    const pause = retryDelaysMs[tries];
    if (result.failure !== undefined && pause !== undefined) {
      update(event.id, { attempts });
      work.later(pause, () => enqueue(() => attempt(event, copy, tries + 1)));
      return;
    }
    const left = (open.get(event.id) ?? 1) - 1;
    open.set(event.id, left);
    if (left === 0) open.delete(event.id);
    const reached = attempts.some(({ failure }) => failure === undefined);
    update(event.id, { attempts, status: left > 0 ? "pending" : reached ? "delivered" : "failed" });
  }

  function enqueue(job: () => Promise<void>): void {
    queue.push(job);
    pump();
  }

  function pump(): void {
    while (active < switches.get().parallel && !work.signal.aborted) {
      const job = queue.shift();
      if (!job) break;
      active += 1;
      work.track(
        job().finally(() => {
          active -= 1;
          pump();
        }),
      );
    }
  }

  function send(event: SandboxEvent): void {
    const { duplicate, concurrent } = switches.get();
    const copies = Array.from({ length: duplicate + 1 }, (_, index) => index + 1);
    open.set(event.id, copies.length);
    if (concurrent) enqueue(() => Promise.all(copies.map((copy) => attempt(event, copy, 0))).then(() => undefined));
    else for (const copy of copies) enqueue(() => attempt(event, copy, 0));
  }

  function flushWindow(): void {
    const events = shuffled(window, seededRandom(switches.get().seed));
    window = [];
    for (const event of events) send(event);
  }

  /** From here on an event is on its way: at once, after the delay, or with others in another order. */
  function dispatch(event: SandboxEvent): void {
    const { delayMs, reorder } = switches.get();
    if (reorder) {
      window.push(event);
      if (window.length === 1) work.later(delayMs + REORDER_WINDOW_MS, flushWindow);
    } else if (delayMs > 0) work.later(delayMs, () => send(event));
    else send(event);
  }

  return {
    accept: (event) => {
      if (options.enabledEvents && !options.enabledEvents.includes(event.type)) return;
      const { drop, hold } = switches.get();
      const dropped = drop.includes(event.type) || drop.includes("*");
      update(event.id, { status: dropped ? "dropped" : hold ? "held" : "pending" });
      if (!dropped && !hold) dispatch(event);
    },
    deliver: async (eventId, { copies = 1, concurrent = false, secret = webhookSecret, timestampSeconds } = {}) => {
      const event = findEvent(eventId);
      if (!event) throw new RangeError(`There is no event ${eventId}.`);
      const one = async (_: unknown, index: number) => {
        const result = await post(event, index + 1, [secret], timestampSeconds ?? Math.floor(clock() / 1000));
        const marked: Attempt = { ...result, byHand: true };
        const record = records.get(eventId);
        update(eventId, {
          attempts: [...(record?.attempts ?? []), marked],
          // An event that reached the webhook by hand has reached it; a forgery's refusal changes nothing.
          ...(marked.failure === undefined && !open.has(eventId) && { status: "delivered" as const }),
        });
        return marked;
      };
      const numbers = Array.from({ length: copies });
      if (concurrent) return work.track(Promise.all(numbers.map(one)));
      const results: Attempt[] = [];
      for (const [index, number] of numbers.entries()) results.push(await work.track(one(number, index)));
      return results;
    },
    release: () => {
      const held = [...records.values()].filter((record) => record.status === "held");
      for (const { eventId } of held) {
        update(eventId, { status: "pending" });
        dispatch(findEvent(eventId)!);
      }
      return held.length;
    },
    resume: (earlier) => {
      for (const record of earlier) {
        records.set(record.eventId, record);
        const event = record.status === "pending" ? findEvent(record.eventId) : undefined;
        if (event) dispatch(event);
      }
    },
    records: () => [...records.values()],
    idle: () => work.idle(),
    stop: async () => {
      queue = [];
      await work.end();
    },
  };
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error && "code" in error.cause ? String(error.cause.code) : undefined;
  return cause ?? error.message;
}
