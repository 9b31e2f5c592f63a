import * as z from "zod/mini";
import { Cursor } from "../cursor.ts";
import { QueryInteger } from "../money.ts";
import { NumberId } from "../numbers/number.ts";
import { Language } from "../numbers/settings.ts";
import type { Operation } from "../operation.ts";
import { Conversation, ConversationId, ConversationKind, ConversationMessage, Proposal } from "./conversation.ts";

const When = z.iso.datetime();

export const ListConversationsQuery = z.strictObject({
  kind: z.optional(ConversationKind),
  numberId: z.optional(NumberId),
  from: z.optional(When),
  to: z.optional(When),
  limit: z._default(QueryInteger(1, 100), 50),
  cursor: Cursor,
});

export const ListConversationsOutput = z.object({ conversations: z.array(Conversation), nextCursor: z.nullable(z.string()) });

export const ConversationQuery = z.strictObject({ limit: z._default(QueryInteger(1, 100), 50), cursor: Cursor });

export const ConversationOutput = z.object({
  conversation: Conversation,
  /** Newest first. */
  messages: z.array(ConversationMessage),
  nextCursor: z.nullable(z.string()),
});

export const DeleteConversationOutput = z.object({
  conversationId: ConversationId,
  /** What is kept for the books: references and amounts, nothing that was said or written. */
  remains: z.array(z.string()),
});

export const ChatInput = z.strictObject({
  /** Absent: a new conversation. */
  conversationId: z.optional(ConversationId),
  message: z.string().check(z.minLength(1), z.maxLength(2_000), z.regex(/\S/)),
  language: z.optional(Language),
});

export const ChatOutput = z.object({
  conversationId: ConversationId,
  reply: z.string(),
  proposals: z.array(Proposal),
  at: When,
});

const conversationId = z.strictObject({ conversationId: ConversationId });

export const sendChatMessage = {
  method: "POST",
  path: "/api/chatbot",
  summary: "One turn with the assistant",
  description:
    "The turn is stored. One turn at a time per conversation. What the assistant proposes is data: nothing is bought or paid before the customer confirms it by calling the operation itself.",
  auth: "jwt",
  body: ChatInput,
  output: ChatOutput,
  status: 200,
  errors: ["conversation.not_found", "conversation.busy", "responder.unavailable"],
} as const satisfies Operation;

export const listConversations = {
  method: "GET",
  path: "/api/conversations",
  summary: "Calls, texts and chats, newest first",
  auth: "jwt",
  query: ListConversationsQuery,
  output: ListConversationsOutput,
  status: 200,
  errors: ["cursor.invalid"],
} as const satisfies Operation;

export const getConversation = {
  method: "GET",
  path: "/api/conversations/{conversationId}",
  summary: "One conversation with what was said",
  auth: "jwt",
  params: conversationId,
  query: ConversationQuery,
  output: ConversationOutput,
  status: 200,
  errors: ["conversation.not_found", "cursor.invalid"],
} as const satisfies Operation;

export const deleteConversation = {
  method: "DELETE",
  path: "/api/conversations/{conversationId}",
  summary: "Delete what was said and by whom",
  description:
    "Personal data is deleted: messages, transcript, voicemail, the other side's number. Entries of the statement stay, as the books need them.",
  auth: "jwt",
  params: conversationId,
  output: DeleteConversationOutput,
  status: 200,
  errors: ["conversation.not_found", "conversation.busy"],
} as const satisfies Operation;

export const conversationOperations = { sendChatMessage, listConversations, getConversation, deleteConversation };
