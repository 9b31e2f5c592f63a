import { recordEvents } from "@aira/core/conversations";
import { consumer } from "../edge/consumer.ts";
import { conversationPorts } from "../edge/conversations.ts";
import { asError } from "../edge/redaction.ts";

/** Records what doors and Twilio tell of calls and texts, and charges them. A message that is not done for certain goes back to the queue. */
export const handler = consumer("telephony", async (messages, { log }) => {
  const recorded = await recordEvents(
    conversationPorts(),
    messages.map(({ messageId, body }) => ({ id: messageId, body })),
  );
  for (const { id, type, outcome, error } of recorded) {
    const line = { messageId: id, eventType: type, outcome };
    if (outcome === "failed") log.error("event", { ...line, error: asError(error) });
    else log.info("event", line);
  }
  const done = new Set(recorded.filter(({ outcome }) => outcome !== "failed").map(({ id }) => id));
  return messages.map(({ messageId }) => messageId).filter((id) => !done.has(id));
});
