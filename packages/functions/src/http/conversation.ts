import { getConversation } from "@aira/contract";
import { readConversation } from "@aira/core/conversations";
import { http } from "../edge/http.ts";
import { ledgerPorts } from "../edge/services.ts";
import { toConversation, toMessage } from "../views/conversation.ts";

/** One conversation of the caller, with what was said. */
export const handler = http(getConversation, async ({ params: { conversationId }, query }, { owner }) => {
  const { conversation, messages, nextCursor } = await readConversation(ledgerPorts(), { owner, conversationId, ...query });
  return { conversation: toConversation(conversation), messages: messages.map(toMessage), nextCursor };
});
