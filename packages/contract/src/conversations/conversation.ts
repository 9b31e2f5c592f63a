import * as z from "zod/mini";
import { Currency } from "../money.ts";
import { Language } from "../numbers/settings.ts";

/** A call is a conversation of its own; texts with one person make one; a chat is one until the customer begins another. */
export const CONVERSATION_KINDS = ["call", "sms", "chat"] as const;
export const ConversationKind = z.enum(CONVERSATION_KINDS);
export type ConversationKind = (typeof CONVERSATION_KINDS)[number];

/**
 * Where a call stands, in the order in which it can: what comes late never moves it back. Texts and chats are `open`.
 * The words are Twilio's, `no_answer` and `in_progress` with an underscore.
 */
export const CALL_STATUSES = ["queued", "ringing", "in_progress", "completed", "busy", "failed", "no_answer", "canceled"] as const;
export const CONVERSATION_STATUSES = ["open", ...CALL_STATUSES] as const;
export const ConversationStatus = z.enum(CONVERSATION_STATUSES);
export type ConversationStatus = (typeof CONVERSATION_STATUSES)[number];

/** Who said something: the person outside, the customer in the chat, the assistant, or Aira itself (a notice, a greeting). */
export const SPEAKERS = ["caller", "customer", "assistant", "system"] as const;
export const Speaker = z.enum(SPEAKERS);
export type Speaker = (typeof SPEAKERS)[number];

export const ConversationId = z.string().check(z.regex(/^con_[0-9a-hjkmnp-tv-z]{26}$/));

/**
 * Something that the assistant proposes. It is only ever carried out by the API, after the customer confirms: the fields are those that
 * the operation takes.
 */
export const Proposal = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("top_up"), currency: Currency, amountMinor: z.int() }),
  z.object({
    kind: z.literal("purchase_number"),
    phoneNumber: z.string(),
    currency: Currency,
    expectedMinor: z.int(),
    expectedMonthlyMinor: z.int(),
    country: z.string(),
    type: z.string(),
  }),
]);
export type Proposal = z.infer<typeof Proposal>;

/** One thing said or written. */
export const ConversationMessage = z.object({
  messageId: z.string(),
  speaker: Speaker,
  text: z.string(),
  /** What was proposed beside it. */
  proposals: z.array(Proposal),
  /** Addresses of pictures and files that came with a text. */
  media: z.array(z.object({ contentType: z.string(), url: z.string() })),
  at: z.iso.datetime(),
});

export const Conversation = z.object({
  conversationId: ConversationId,
  kind: ConversationKind,
  direction: z.enum(["inbound", "outbound"]),
  status: ConversationStatus,
  /** The owner's number. Null for a chat. */
  numberId: z.nullable(z.string()),
  phoneNumber: z.nullable(z.string()),
  /** Who it was with: E.164, a short code or a name. Null for a chat, or when withheld. */
  peer: z.nullable(z.string()),
  language: Language,
  /** Whether the other side asked not to be written to any more. */
  optedOut: z.boolean(),
  lengthSeconds: z.nullable(z.int()),
  /** What it cost so far. */
  currency: z.nullable(Currency),
  costMinor: z.int(),
  voicemail: z.nullable(z.object({ url: z.string(), lengthSeconds: z.int(), transcript: z.nullable(z.string()) })),
  /** The newest message, cut. */
  preview: z.string(),
  messages: z.int(),
  startedAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
