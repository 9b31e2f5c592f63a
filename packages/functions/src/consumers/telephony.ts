import { recordEvents } from "@aira/core/conversations";
import { consumer, undone } from "../edge/consumer.ts";
import { conversationPorts } from "../edge/conversations.ts";

/** Records what doors and Twilio tell of calls and texts, and charges them. A message that is not done for certain goes back to the queue. */
export const handler = consumer("telephony", async (messages, { log }) => {
  const recorded = await recordEvents(
    conversationPorts(),
    messages.map(({ messageId, body }) => ({ id: messageId, body })),
  );
  return undone(
    messages,
    recorded.map(({ type: eventType, ...one }) => ({ ...one, eventType })),
    log,
  );
});
