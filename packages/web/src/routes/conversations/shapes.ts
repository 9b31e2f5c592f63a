import type { Client } from "@aira/contract/client";

export type ConversationPage = Awaited<ReturnType<Client["listConversations"]>>;
export type ConversationView = ConversationPage["conversations"][number];
export type ConversationRead = Awaited<ReturnType<Client["getConversation"]>>;
export type MessageView = ConversationRead["messages"][number];
