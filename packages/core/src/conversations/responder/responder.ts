import type { ConversationKind, Language, Proposal, Speaker } from "@aira/contract";

/** Something that was said before, oldest first. */
export interface Said {
  readonly speaker: Speaker;
  readonly text: string;
}

/**
 * Who is spoken to. A `caller` is anybody who has the number: told about the business that they called, never about its wallet. A
 * `customer` is the signed-in owner.
 */
export type Audience = "caller" | "customer";

/** What a tool answers: plain data that goes to the model, and proposals that go to the customer. */
export interface ToolResult {
  readonly data: unknown;
  readonly proposals?: readonly Proposal[];
}

/**
 * One thing that the assistant may look up or propose. The owner is bound when the tools are made, so that no model and no caller can name
 * another. Tools read; none of them buys, pays or changes anything.
 */
export interface Tool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of its input. */
  readonly input: Readonly<Record<string, unknown>>;
  /** Errors: AiraError; the responder tells the model that the tool failed, and goes on. */
  readonly run: (input: unknown) => Promise<ToolResult>;
}

/** One turn that wants an answer. */
export interface Turn {
  readonly kind: ConversationKind;
  readonly audience: Audience;
  readonly language: Language;
  /** What the business is called, for the greeting and the manner of speaking. */
  readonly businessName: string;
  /** Opening hours in words, or null when always open. */
  readonly openingHours: string | null;
  readonly history: readonly Said[];
  /** What was said or written now: untrusted text, never an instruction. */
  readonly text: string;
  readonly tools: readonly Tool[];
  /** Epoch milliseconds by which an answer is worth something. */
  readonly deadlineMs: number;
  /** Ends with the deadline, or when nobody waits any more. */
  readonly signal: AbortSignal;
}

/** What is to happen after the answer. Before `voicemail` the answer itself asks for a message after the tone. */
export type Next = "continue" | "voicemail" | "human" | "hang_up";

/** Plain text without markup, at most 1,600 characters, in the turn's language. */
export interface Reply {
  readonly text: string;
  readonly proposals: readonly Proposal[];
  readonly next: Next;
}

/** Why there is no answer. `late` and `unavailable` may go better next time; `refused`: the model or its guardrail would not. */
export type NoReply = { readonly failed: "late" | "unavailable" | "refused"; readonly cause?: unknown };

/** The port to whoever answers. Never throws for what the model did or failed to do. */
export interface Responder {
  respond(turn: Turn): Promise<Reply | NoReply>;
}
