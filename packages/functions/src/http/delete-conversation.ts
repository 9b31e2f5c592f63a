import { deleteConversation as operation } from "@aira/contract";
import { deleteConversation } from "@aira/core/conversations";
import { http } from "../edge/http.ts";
import { ledgerPorts } from "../edge/services.ts";

/** Deletes what was said in one conversation of the caller, and by whom. */
export const handler = http(operation, async ({ params: { conversationId } }, { owner }) => {
  const { remains } = await deleteConversation(ledgerPorts(), { owner, conversationId });
  return { conversationId, remains: [...remains] };
});
