import { listConversations as operation } from "@aira/contract";
import { listConversations } from "@aira/core/conversations";
import { http } from "../edge/http.ts";
import { ledgerPorts } from "../edge/services.ts";
import { toConversation } from "../views/conversation.ts";

/** The caller's calls, texts and chats. */
export const handler = http(operation, async ({ query }, { owner }) => {
  const { conversations, nextCursor } = await listConversations(ledgerPorts(), { owner, ...query });
  return { conversations: conversations.map(toConversation), nextCursor };
});
