import type { Conversation, ConversationMessage } from "@aira/contract";
import type { ConversationRecord, MessageRecord } from "@aira/core/conversations";
import type * as z from "zod/mini";

/** A conversation as its owner sees it. */
export function toConversation(conversation: ConversationRecord): z.infer<typeof Conversation> {
  const { conversationId, kind, direction, status, language, optedOut, costMinor, preview, messages, startedAt, updatedAt } = conversation;
  return {
    conversationId,
    kind,
    direction,
    status,
    numberId: conversation.numberId ?? null,
    phoneNumber: conversation.phoneNumber ?? null,
    peer: conversation.peer ?? null,
    language,
    optedOut,
    lengthSeconds: conversation.lengthSeconds ?? null,
    currency: conversation.currency ?? null,
    costMinor,
    voicemail: conversation.voicemail ? { ...conversation.voicemail } : null,
    preview,
    messages,
    startedAt,
    updatedAt,
  };
}

/** One thing said or written, as its owner sees it. */
export const toMessage = ({ messageId, speaker, text, proposals, media, at }: MessageRecord): z.infer<typeof ConversationMessage> => ({
  messageId,
  speaker,
  text,
  proposals: [...proposals],
  media: [...media],
  at,
});
