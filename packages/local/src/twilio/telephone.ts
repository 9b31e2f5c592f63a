import { checkActive } from "./account.ts";
import { addCall, listRecordings } from "./calls.ts";
import { TwilioFault } from "./fault.ts";
import { createLiveCall, type LiveCall } from "./live-call.ts";
import { ownedBy } from "./numbers.ts";
import type { Call, Recording } from "./objects.ts";
import type { Act, CalleeAct, CallWorld, Line, Listening } from "./phone-line.ts";
import { followCall } from "./twiml-player.ts";

/** What a person at the telephone does. */
export interface NewPhoneCall {
  /** E.164, or what a withheld number is shown as (`anonymous`). */
  readonly from: string;
  /** One of the account's numbers. */
  readonly to: string;
}

/** A call that somebody placed. What is done resolves when the app has answered it, and rejects with `CallEnded` once the call has ended. */
export interface PhoneCall {
  readonly sid: string;
  /** Twilio's record of it. */
  readonly record: Call;
  /** What the app has said so far, in words. */
  readonly heard: readonly string[];
  /** All that was said and happened. */
  readonly transcript: readonly Line[];
  /** What the call waits for; undefined: it is the app's turn, or all is over. */
  readonly listening: Listening | undefined;
  readonly recordings: readonly Recording[];
  /** Resolves when the call waits for somebody, or has ended. */
  readonly ready: () => Promise<void>;
  /** Says something, which is understood as well as `confidence` says. Default 0.93. */
  say(text: string, confidence?: number): Promise<void>;
  /** Presses keys: `0` to `9`, `*`, `#`. */
  press(keys: string): Promise<void>;
  /** Says and presses nothing for as long as the app waits, or for so many seconds. Nobody really waits. */
  stayQuiet(seconds?: number): Promise<void>;
  /** What the telephone that the call was forwarded to does. */
  callee(does: CalleeAct): Promise<void>;
  /** The other side of a forwarded call speaks. */
  calleeSays(text: string): Promise<void>;
  /** Resolves when all documents have ended. What is told about it may still be under way. */
  hangUp(): Promise<Call>;
  /** Resolves with the record when the call has ended. */
  readonly done: Promise<Call>;
}

export interface Telephone {
  /** Dials. Throws a `TwilioFault` if the account has no such number, or one that takes no calls. */
  place(call: NewPhoneCall): PhoneCall;
  find(sid: string): PhoneCall | undefined;
  /** The calls of this run, newest first. */
  calls(): readonly PhoneCall[];
  /** Ends every call without a word to the app, and forgets them. */
  end(): Promise<void>;
}

const CONFIDENCE = 0.93;
const KEPT = 200;

function phoneCallOf(call: LiveCall): PhoneCall {
  const done = call.finished.then(() => call.record());
  const act = (given: Act) => call.act(given);
  return {
    sid: call.sid,
    get record() {
      return call.record();
    },
    get heard() {
      return call.transcript().flatMap(({ by, kind, text }) => (by === "app" && kind === "speech" ? [text] : []));
    },
    get transcript() {
      return call.transcript();
    },
    get listening() {
      return call.listening();
    },
    get recordings() {
      return listRecordings(call.world.store, new URLSearchParams(), call.sid);
    },
    ready: call.settled,
    say: (text, confidence = CONFIDENCE) => act({ kind: "said", text, confidence }),
    press: (keys) => act({ kind: "pressed", keys }),
    stayQuiet: (seconds) => act(seconds === undefined ? { kind: "quiet" } : { kind: "passed", seconds }),
    callee: (does) => act({ kind: "callee", does }),
    calleeSays: (text) => act({ kind: "calleeSaid", text }),
    hangUp: () => {
      call.hangUp();
      return done;
    },
    done,
  };
}

export function createTelephone(world: CallWorld): Telephone {
  const { store } = world;
  const calls = new Map<string, { readonly call: PhoneCall; readonly live: LiveCall }>();

  return {
    place: ({ from, to }) => {
      checkActive(world);
      const number = ownedBy(store, to);
      if (!number) throw new TwilioFault(20404, `There is no number ${to} on this account`);
      if (!number.capabilities.voice) throw new TwilioFault(20001, `${to} takes no calls`);
      const live = createLiveCall(world, addCall(store, { from, to, direction: "inbound" }), number);
      const call = phoneCallOf(live);
      calls.set(live.sid, { call, live });
      const [oldest] = calls.keys();
      if (calls.size > KEPT && oldest !== undefined) calls.delete(oldest);
      followCall(live).catch((error: unknown) => console.error("The Twilio sandbox failed:", error));
      return call;
    },
    find: (sid) => calls.get(sid)?.call,
    calls: () => [...calls.values()].map(({ call }) => call).reverse(),
    end: async () => {
      const open = [...calls.values()];
      calls.clear();
      for (const { live } of open) live.drop();
      await Promise.all(open.map(({ call }) => call.done));
    },
  };
}
