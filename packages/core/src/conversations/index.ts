export { type Chat, type ChatAnswer, type ChatPorts, chat } from "./chat.ts";
export { type RecordedMessage, recordEvents } from "./consume.ts";
export { loadConversation } from "./conversation.store.ts";
export { type ConversationRecord, callIdOf, type MessageRecord, threadIdOf } from "./conversation.ts";
export { deleteConversation } from "./delete.ts";
export { type ConversationList, type ConversationRead, listConversations, readConversation } from "./list.ts";
export type { ConversationPolicy, ConversationPorts } from "./ports.ts";
export { contextOfNumber, recordTurn } from "./record.ts";
export type * from "./telephony.ts";
