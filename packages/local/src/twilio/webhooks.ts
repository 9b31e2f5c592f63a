import { randomUUID } from "node:crypto";
import { seededRandom, shuffled } from "../random.ts";
import type { Work } from "../sandbox/work.ts";
import { ApplicationError } from "./alerts.ts";
import type { Parameters } from "./parameters.ts";
import type { Switches } from "./switches.ts";
import type { Method } from "./twiml-verbs.ts";
import { type Answer, documentOf, type Fetched, neverConnected, postSigned } from "./webhook-post.ts";

export interface WebhookRequest {
  /** `document`: what to do next is asked for. `status`: something is told. */
  readonly kind: "document" | "status";
  /** The call or the text that it is about. */
  readonly sid: string;
  readonly url: string;
  readonly method: Method;
  readonly parameters: Parameters;
}

/** One time that a webhook was sent. */
export interface Attempt {
  /** Epoch milliseconds, by the sandbox's clock. */
  readonly atMs: number;
  /** Which copy; the first is 1. */
  readonly copy: number;
  readonly status?: number;
  /** Why there was no answer. */
  readonly failure?: string;
  readonly byHand?: true;
}

export interface WebhookRecord extends WebhookRequest {
  readonly id: number;
  readonly attempts: readonly Attempt[];
}

export interface ByHand {
  readonly copies?: number;
  /** All at once rather than one after another. */
  readonly concurrent?: boolean;
  /** Signs with another token: a forgery. */
  readonly authToken?: string;
  /** Changes these parameters behind the signature. */
  readonly tamper?: Parameters;
}

export interface Webhooks {
  /** Asks the app for a document. Throws `ApplicationError` if it can't be had. */
  ask(request: Omit<WebhookRequest, "kind">): Promise<Fetched>;
  /** Tells the app something, behind the scenes: in the order of its kind, or as badly as the switches say. */
  tell(request: Omit<WebhookRequest, "kind">): void;
  /** Sends what was sent once more. Throws a RangeError if there is no such webhook. */
  deliver(id: number, byHand?: ByHand): Promise<readonly Attempt[]>;
  /** What was sent, oldest first, the newest 2,000. */
  records(): readonly WebhookRecord[];
  clear(): void;
}

export interface WebhooksOptions {
  readonly authToken: string;
  readonly switches: Switches;
  readonly work: Work;
  readonly clock: () => number;
  /** How long an answer may take, in milliseconds of the machine. */
  readonly timeoutMs: number;
  readonly onChange: () => void;
}

const KEPT = 2000;
const REORDER_WINDOW_MS = 150;

/** Posts to the app as Twilio does, signed by the official SDK's own function. */
export function createWebhooks({ authToken, switches, work, clock, timeoutMs, onChange }: WebhooksOptions): Webhooks {
  const records = new Map<number, WebhookRecord>();
  /** The last thing that is told about each call or text: what follows waits for it. */
  const tails = new Map<string, Promise<void>>();
  let last = 0;
  let window: (() => void)[] = [];

  function begin(request: WebhookRequest): WebhookRecord {
    last += 1;
    const record = { ...request, id: last, attempts: [] };
    records.set(last, record);
    records.delete(last - KEPT);
    onChange();
    return record;
  }

  function note(id: number, attempt: Attempt): void {
    const record = records.get(id);
    if (record) records.set(id, { ...record, attempts: [...record.attempts, attempt] });
    onChange();
  }

  async function attempt(record: WebhookRecord, copy: number, token: string, byHand?: ByHand): Promise<Answer> {
    const atMs = clock();
    const answer = await work.track(
      postSigned({
        ...record,
        authToken: byHand?.authToken ?? authToken,
        token,
        tamper: byHand?.tamper ?? {},
        signal: AbortSignal.any([work.signal, AbortSignal.timeout(timeoutMs)]),
      }),
    );
    const result = "failure" in answer ? { failure: answer.failure } : { status: answer.status };
    note(record.id, { atMs, copy, ...result, ...(byHand && { byHand: true }) });
    return answer;
  }

  /** A connection that can't be made is tried once more; nothing else is. */
  async function insist(record: WebhookRecord, token: string): Promise<Answer> {
    const answer = await attempt(record, 1, token);
    return neverConnected(answer) ? attempt(record, 1, token) : answer;
  }

  async function repeat(record: WebhookRecord, token: string): Promise<void> {
    for (let copy = 1; copy <= switches.get().repeatWebhooks; copy += 1) await attempt(record, copy + 1, token);
  }

  /** Behind whatever was told about the same call or text before. */
  function enqueue(record: WebhookRecord): void {
    const token = randomUUID();
    const before = tails.get(record.sid) ?? Promise.resolve();
    const tail = before.then(async () => {
      // Forgotten meanwhile, with the world that it was about.
      if (!records.has(record.id)) return;
      await insist(record, token);
      await repeat(record, token);
    });
    tails.set(record.sid, tail);
    work.track(tail.finally(() => tails.get(record.sid) === tail && tails.delete(record.sid)));
  }

  function flushWindow(): void {
    const going = shuffled(window, seededRandom(switches.get().seed));
    window = [];
    for (const go of going) go();
  }

  return {
    ask: async (request) => {
      if (!URL.canParse(request.url)) throw new ApplicationError(11100, `Not an address: ${request.url.slice(0, 200)}`);
      const record = begin({ ...request, kind: "document" });
      const token = randomUUID();
      const answer = await insist(record, token);
      work.track(repeat(record, token));
      return documentOf(answer);
    },
    tell: (request) => {
      if (!URL.canParse(request.url)) return;
      const record = begin({ ...request, kind: "status" });
      const { dropCallbacks, reorderCallbacks, callbackDelayMs } = switches.get();
      if (dropCallbacks) return;
      const go = () => enqueue(record);
      if (reorderCallbacks) {
        // Each on its own, or the next would wait for the one that came before it.
        window.push(() => enqueue({ ...record, sid: `${record.sid}/${record.id}` }));
        if (window.length === 1) work.later(callbackDelayMs + REORDER_WINDOW_MS, flushWindow);
      } else if (callbackDelayMs > 0) work.later(callbackDelayMs, go);
      else go();
    },
    deliver: async (id, byHand = {}) => {
      const record = records.get(id);
      if (!record) throw new RangeError(`There is no webhook ${id}.`);
      const token = randomUUID();
      const before = record.attempts.length;
      const copies = Array.from({ length: byHand.copies ?? 1 }, (_, index) => index + 1);
      const one = (copy: number) => attempt(record, copy, token, byHand);
      if (byHand.concurrent) await Promise.all(copies.map(one));
      else for (const copy of copies) await one(copy);
      return (records.get(id)?.attempts ?? []).slice(before);
    },
    records: () => [...records.values()],
    clear: () => records.clear(),
  };
}
