import type { Client } from "@aira/contract/client";

type ConversationPage = Awaited<ReturnType<Client["listConversations"]>>;
export type ConversationView = ConversationPage["conversations"][number];
type ConversationRead = Awaited<ReturnType<Client["getConversation"]>>;
export type MessageView = ConversationRead["messages"][number];

/** States of a call that goes on. */
export const LIVE: ReadonlySet<string> = new Set(["queued", "ringing", "in_progress"]);
