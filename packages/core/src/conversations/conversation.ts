import type { ConversationKind, ConversationStatus, Currency, Language, NumberType, Proposal, Speaker } from "@aira/contract";
import { deriveId } from "../lib/index.ts";

/** One conversation as the table has it: its header. What was said stands beside it, an item each. */
export interface ConversationRecord {
  readonly conversationId: string;
  /** Moves with every change: each is made of what was read, or not at all. */
  readonly v: number;
  readonly owner: string;
  readonly kind: ConversationKind;
  readonly direction: "inbound" | "outbound";
  readonly status: ConversationStatus;
  /** Of a call or texts. */
  readonly numberId: string | undefined;
  readonly phoneNumber: string | undefined;
  /** Country and type of our number: they decide the rate. */
  readonly country: string | undefined;
  readonly numberType: NumberType | undefined;
  /** The other side: E.164, a short code, a name; undefined when withheld. */
  readonly peer: string | undefined;
  readonly language: Language;
  readonly optedOut: boolean;
  /** What usage is charged in. */
  readonly currency: Currency | undefined;
  readonly costMinor: number;
  /** Of a call, once it is over. */
  readonly lengthSeconds: number | undefined;
  /** Money set aside for a call, in minor units. */
  readonly heldMinor: number | undefined;
  /** How a finished call is charged: decided once, when it is recorded as finished, so that a repeat does the same. */
  readonly chargeBy: "hold" | "usage" | undefined;
  readonly voicemail: { readonly url: string; readonly lengthSeconds: number; readonly transcript: string | null } | undefined;
  /** A call that was turned away: it costs its owner nothing. */
  readonly refused: true | undefined;
  readonly preview: string;
  readonly messages: number;
  /** The newest things said, oldest first: what a responder is told without another read. */
  readonly recent: readonly { readonly speaker: Speaker; readonly text: string; readonly at: string }[];
  /** Of a chat: the turn that is being answered. It is over at the latest at `untilMs`. */
  readonly turn: { readonly nonce: string; readonly untilMs: number } | undefined;
  readonly startedAt: string;
  readonly updatedAt: string;
  /** Epoch seconds at which it is forgotten; undefined: never. */
  readonly ttl: number | undefined;
}

/** One thing said or written. */
export interface MessageRecord {
  readonly messageId: string;
  readonly speaker: Speaker;
  readonly text: string;
  readonly proposals: readonly Proposal[];
  readonly media: readonly { readonly contentType: string; readonly url: string }[];
  readonly at: string;
}

/** Something said, and nothing beside the words. */
export const said = (messageId: string, speaker: Speaker, text: string, at: string): MessageRecord => ({
  messageId,
  speaker,
  text,
  proposals: [],
  media: [],
  at,
});

/** When what was said at a time is forgotten, in epoch seconds; undefined, when it is kept for 0 days: never. */
export const expiryOf = (retentionDays: number, atMs: number): number | undefined =>
  retentionDays === 0 ? undefined : Math.floor(atMs / 1000) + retentionDays * 86_400;

/** A call is found by its SID, however its events are ordered. */
export const callIdOf = (callSid: string): string => deriveId("conversation", "call", callSid);

/** Texts between one of our numbers and one other side are one conversation, as long as the number is the same purchase's. */
export const threadIdOf = (purchaseId: string, peer: string): string => deriveId("conversation", "sms", purchaseId, peer);

/** A conversation before anything was said in it. */
export function newConversation(
  about: Pick<ConversationRecord, "conversationId" | "owner" | "kind" | "language"> & Partial<ConversationRecord>,
  at: string,
): ConversationRecord {
  return {
    v: 0,
    direction: "inbound",
    status: about.kind === "call" ? "ringing" : "open",
    numberId: undefined,
    phoneNumber: undefined,
    country: undefined,
    numberType: undefined,
    peer: undefined,
    optedOut: false,
    currency: undefined,
    costMinor: 0,
    lengthSeconds: undefined,
    heldMinor: undefined,
    chargeBy: undefined,
    voicemail: undefined,
    refused: undefined,
    preview: "",
    messages: 0,
    recent: [],
    turn: undefined,
    startedAt: at,
    updatedAt: at,
    ttl: undefined,
    ...about,
  };
}

const RECENT = 8;
const RECENT_CHARACTERS = 300;
const PREVIEW_CHARACTERS = 140;

/** The conversation once this was said. */
export function withMessages(conversation: ConversationRecord, messages: readonly MessageRecord[]): ConversationRecord {
  const last = messages.at(-1);
  if (!last) return conversation;
  const said = messages.map(({ speaker, text, at }) => ({ speaker, text: cut(text, RECENT_CHARACTERS), at }));
  // What was said earlier may be recorded later.
  const recent = [...conversation.recent, ...said].sort((a, b) => (a.at === b.at ? 0 : a.at < b.at ? -1 : 1)).slice(-RECENT);
  return {
    ...conversation,
    messages: conversation.messages + messages.length,
    preview: cut(recent.at(-1)?.text ?? "", PREVIEW_CHARACTERS),
    recent,
    updatedAt: last.at > conversation.updatedAt ? last.at : conversation.updatedAt,
  };
}

/** By code points, so that no character is cut in half. */
const cut = (text: string, most: number): string => {
  const points = [...text];
  return points.length <= most ? text : `${points.slice(0, most - 1).join("")}…`;
};

/** How far a call has come. What is over is over, whichever way it ended. */
const RANK: Readonly<Record<ConversationStatus, number>> = {
  open: 0,
  queued: 1,
  ringing: 2,
  in_progress: 3,
  completed: 4,
  busy: 4,
  failed: 4,
  no_answer: 4,
  canceled: 4,
};

export const isOver = (status: ConversationStatus): boolean => RANK[status] === RANK.completed;

/** The later of two statuses: a late message of the provider never moves a call back. */
export const later = (now: ConversationStatus, said: ConversationStatus): ConversationStatus => (RANK[said] > RANK[now] ? said : now);
