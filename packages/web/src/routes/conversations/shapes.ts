import type { Client } from "@aira/contract/client";

type ConversationPage = Awaited<ReturnType<Client["listConversations"]>>;
export type ConversationView = ConversationPage["conversations"][number];
type ConversationRead = Awaited<ReturnType<Client["getConversation"]>>;
export type MessageView = ConversationRead["messages"][number];
