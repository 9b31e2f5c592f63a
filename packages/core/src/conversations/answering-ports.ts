import type { ConversationPorts } from "./ports.ts";
import type { Responder } from "./responder/responder.ts";
import type { TelephonyEvent } from "./telephony.ts";

/** What failed on the way to an answer. None of it fails the answer: somebody waits for one. */
export type Trouble =
  /** The table could not be read, so who was called is not known. */
  | "read"
  /** The assistant had no answer: late, not available, or it would not. */
  | "reply"
  /** What was said could not be stored. */
  | "store"
  /** The queue did not take an event: it is lost. */
  | "send";

/** What answering calls and texts needs from outside. */
export interface AnsweringPorts extends ConversationPorts {
  /** Where the provider reaches Aira. */
  readonly publicUrl: string;
  /** Made when it is first asked: not every call needs one. */
  readonly responder: () => Responder;
  /** Hands an event to the telephony queue, and returns once the queue has it. */
  readonly send: (event: TelephonyEvent) => Promise<void>;
  /** Tells the operator of what the caller was spared. */
  readonly report: (trouble: Trouble, cause: unknown) => void;
}
