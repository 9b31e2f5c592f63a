import { type Consumed, consumeEvents } from "@aira/core/payments";
import { Arrears } from "../edge/arrears.ts";
import { consumer, undone } from "../edge/consumer.ts";
import { count } from "../edge/metrics.ts";
import { paymentPorts } from "../edge/services.ts";

/** Credits and settles what Stripe's events announce. A message that is not done for certain goes back to the queue. */
export const handler = consumer("payments", async (messages, { log, deadline }) => {
  const arrears = new Arrears();
  const ports = { ...(await paymentPorts()), onArrears: arrears.note };
  const consumed = await consumeEvents(
    ports,
    messages.map(({ messageId, body }) => ({ id: messageId, body })),
  );
  const arrived = new Map(messages.map(({ messageId, sentAt }) => [messageId, sentAt]));
  for (const one of consumed) measure(one, ports.clock() - (arrived.get(one.id) ?? Number.NaN));
  const failed = undone(messages, consumed, log);
  await arrears.restore({ deadline, log });
  return failed;
});

function measure({ outcome, deltaMinor }: Consumed, ageMs: number): void {
  if (outcome === "foreign") count("EventsForeign");
  if (outcome === "irrelevant") count("EventsIgnored");
  if (outcome === "quarantined") count("EventsQuarantined");
  if (deltaMinor < 0) count("ClawbacksPosted");
  if (deltaMinor > 0) {
    count("CreditsPosted");
    if (ageMs >= 0) count("WebhookToCreditMs", ageMs);
  }
}
