import type { Work } from "../sandbox/work.ts";
import type { Alerts } from "./alerts.ts";
import type { Store } from "./store.ts";
import type { Switches } from "./switches.ts";
import type { Webhooks } from "./webhooks.ts";

/** What is heard on the line, or happens on it. */
export interface Line {
  /** Epoch milliseconds. */
  readonly atMs: number;
  /** `app` is who answers the number; `callee` whom the call was forwarded to; `line` the telephone network itself. */
  readonly by: "app" | "caller" | "callee" | "line";
  readonly kind: "speech" | "keys" | "sound" | "event" | "error";
  readonly text: string;
  /** Of what is spoken by the app. */
  readonly language?: string;
}

/** What the call waits for. */
export interface Listening {
  readonly for: "answer" | "voicemail" | "callee" | "talk";
  readonly speech: boolean;
  readonly keys: boolean;
  /** Whom it was forwarded to. */
  readonly number?: string;
  readonly language?: string;
}

export type CalleeAct = "answer" | "busy" | "ignore" | "unreachable" | "hangUp";

export type Act =
  | { readonly kind: "said"; readonly text: string; readonly confidence: number }
  | { readonly kind: "pressed"; readonly keys: string }
  | { readonly kind: "quiet" }
  | { readonly kind: "passed"; readonly seconds: number }
  | { readonly kind: "callee"; readonly does: CalleeAct }
  | { readonly kind: "calleeSaid"; readonly text: string };

/** The caller has hung up: nothing follows but what is told about it. */
export class HungUp extends Error {
  override readonly name = "HungUp";
}

/** Nobody is on the line any more. */
export class CallEnded extends Error {
  override readonly name = "CallEnded";
}

export interface CallWorld {
  readonly store: Store;
  readonly switches: Switches;
  readonly webhooks: Webhooks;
  readonly work: Work;
  readonly alerts: Alerts;
  /** Origin of the sandbox, for addresses of recordings. */
  readonly origin: () => string;
  readonly onChange: () => void;
}
