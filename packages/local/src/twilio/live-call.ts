import { ApplicationError } from "./alerts.ts";
import { type CallClock, createCallClock } from "./call-clock.ts";
import { endCall } from "./calls.ts";
import { awaitPrice } from "./late-prices.ts";
import type { Call, IncomingNumber } from "./objects.ts";
import { callParameters, callStatusParameters, type Parameters } from "./parameters.ts";
import { type Act, CallEnded, type CallWorld, HungUp, type Line, type Listening } from "./phone-line.ts";
import { replace } from "./store.ts";
import { type Method, methodOf } from "./twiml-verbs.ts";
import type { Fetched } from "./webhook-post.ts";

/** One call that is under way, as whoever follows its documents sees it. */
export interface LiveCall {
  readonly sid: string;
  readonly world: CallWorld;
  readonly clock: CallClock;
  readonly number: IncomingNumber;
  readonly record: () => Call;
  /** What every request about it carries now. */
  readonly parameters: () => Parameters;
  readonly listening: () => Listening | undefined;
  readonly transcript: () => readonly Line[];
  readonly answered: () => boolean;
  readonly ended: () => boolean;
  hear(line: Omit<Line, "atMs">): void;
  /** Picks the call up, if that has not been done. */
  answer(): void;
  /** Waits for what happens next, at most until a moment of the call's clock. Rejects with `HungUp`. */
  next(listening: Listening, untilMs?: number): Promise<Act>;
  /** Asks for a document. Rejects with `HungUp` when the caller doesn't wait for it. */
  ask(url: string, method: Method, extra: Parameters, begin?: Parameters): Promise<Fetched>;
  /** Tells what happened, whatever is answered. */
  post(url: string, method: Method, extra: Parameters): Promise<void>;
  alert(error: ApplicationError, url: string): void;
  /** Ends the call's record. Only the first end counts. */
  end(status: Call["status"]): void;
  /** What people do. It waits until somebody listens, and until the call waits again. Rejects with `CallEnded` when it has. */
  act(act: Act): Promise<void>;
  hangUp(): void;
  /** Ends without a word to anybody: the world ends. */
  drop(): void;
  /** Resolves when the call waits for somebody, or has ended. */
  settled(): Promise<void>;
  /** The documents have come to their end: nothing follows. */
  finish(): void;
  readonly finished: Promise<void>;
}

/** The longest chain of documents without anybody saying anything. */
const MAX_HOPS = 50;

export function createLiveCall(world: CallWorld, call: Call, number: IncomingNumber): LiveCall {
  const { store, webhooks, switches, work, alerts, onChange } = world;
  const { sid } = call;
  const clock = createCallClock(() => store.nowMs());
  const hungUp = Promise.withResolvers<never>();
  hungUp.promise.catch(() => {});
  const finished = Promise.withResolvers<void>();
  let transcript: readonly Line[] = [];
  let waiting: { readonly listening: Listening; readonly give: (act: Act) => void } | undefined;
  let answeredMs: number | undefined;
  let gone = false;
  let silent = false;
  let over = false;
  let hops = 0;
  const settling: (() => void)[] = [];

  let last = call;
  const record = () => {
    last = store.calls.get(sid) ?? last;
    return last;
  };
  const settle = () => {
    if (waiting || over) for (const resolve of settling.splice(0)) resolve();
  };
  const settled = () => (waiting || over ? Promise.resolve() : new Promise<void>((resolve) => settling.push(resolve)));

  function end(status: Call["status"]): void {
    if (record().end_time !== null || !store.calls.has(sid)) return;
    endCall(store, sid, status, answeredMs === undefined ? 0 : clock.nowMs() - answeredMs);
    awaitPrice(store, sid, switches.get().priceAfterMs);
    onChange();
  }

  function alert(error: ApplicationError, url: string): void {
    alerts.add({ atMs: store.nowMs(), code: error.code, message: error.message, sid, url });
    transcript = [...transcript, { atMs: clock.nowMs(), by: "line", kind: "error", text: `${error.code}: ${error.message}` }];
    onChange();
  }

  /** The number's own callback: of a call that came in, Twilio tells the end alone. */
  function tellEnd(): void {
    const { status_callback: url, status_callback_method: method } = number;
    if (url !== "" && !silent)
      webhooks.tell({ sid, url, method: methodOf(method), parameters: callStatusParameters(record(), store.now(), 0) });
  }

  return {
    sid,
    world,
    clock,
    number,
    record,
    parameters: () => callParameters(record()),
    listening: () => waiting?.listening,
    transcript: () => transcript,
    answered: () => answeredMs !== undefined,
    ended: () => over,
    hear: (line) => {
      transcript = [...transcript, { atMs: clock.nowMs(), ...line }];
      onChange();
    },
    answer: () => {
      if (answeredMs !== undefined) return;
      answeredMs = clock.nowMs();
      replace(store.calls, record(), { status: "in-progress", date_updated: store.now() });
      onChange();
    },
    next: async (listening, untilMs) => {
      if (gone) throw new HungUp();
      hops = 0;
      let timer: NodeJS.Timeout | undefined;
      const act = new Promise<Act>((give) => {
        waiting = { listening, give };
        if (untilMs !== undefined) {
          const leftMs = untilMs - clock.nowMs();
          timer = setTimeout(() => give({ kind: "passed", seconds: 0 }), leftMs);
        }
      });
      settle();
      onChange();
      return Promise.race([act, hungUp.promise]).finally(() => {
        clearTimeout(timer);
        waiting = undefined;
      });
    },
    ask: (url, method, extra, begin) => {
      if (gone) throw new HungUp();
      hops += 1;
      if (hops > MAX_HOPS) throw new ApplicationError(11215, "One document leads to the next, and none to the caller");
      const parameters = { ...(begin ?? callParameters(record())), ...extra };
      return Promise.race([work.track(webhooks.ask({ sid, url, method, parameters })), hungUp.promise]);
    },
    post: async (url, method, extra) => {
      if (silent) return;
      try {
        await webhooks.ask({ sid, url, method, parameters: { ...callParameters(record()), ...extra } });
      } catch (error) {
        if (!(error instanceof ApplicationError)) throw error;
        alert(error, url);
      }
    },
    alert,
    end,
    act: async (act) => {
      await settled();
      if (!waiting) throw new CallEnded("The call has ended.");
      const { give } = waiting;
      waiting = undefined;
      give(act);
      await settled();
    },
    hangUp: () => {
      if (gone || over) return;
      gone = true;
      waiting = undefined;
      transcript = [...transcript, { atMs: clock.nowMs(), by: "caller", kind: "event", text: "Hung up" }];
      end(answeredMs === undefined ? "no-answer" : "completed");
      hungUp.reject(new HungUp());
    },
    drop: () => {
      if (gone || over) return;
      gone = true;
      silent = true;
      waiting = undefined;
      end(answeredMs === undefined ? "no-answer" : "completed");
      hungUp.reject(new HungUp());
    },
    settled,
    finish: () => {
      if (over) return;
      over = true;
      tellEnd();
      settle();
      onChange();
      finished.resolve();
    },
    finished: finished.promise,
  };
}
