import type { receiveStripeEvent } from "@aira/contract";
import { AiraError, readSecret, requireVariable, rotating } from "@aira/core/lib";
import { verifyStripeSignature } from "@aira/core/payments";
import { isJson } from "../edge/json.ts";
import { count } from "../edge/metrics.ts";
import { forQueue, MAX_MESSAGE_BYTES, sendMessage } from "../edge/queue.ts";
import { webhook } from "../edge/webhook.ts";

const delivery = { route: "POST /api/payment/webhook", status: 200, maxBytes: MAX_MESSAGE_BYTES } as const;

/**
 * Stripe's events: verified on the bytes that came, queued as they came, and answered 200 only when SQS has taken them. Whatever is not
 * answered 2xx, Stripe delivers again, for three days.
 */
export const handler = webhook<typeof receiveStripeEvent>(delivery, async ({ bytes, headers, log }) => {
  const secrets = rotating(await readSecret("STRIPE_WEBHOOK_SECRETS"));
  const verdict = verifyStripeSignature(bytes, headers["stripe-signature"], secrets, Date.now());
  if (verdict !== "valid") {
    count("SignaturesRefused");
    log.warn("signature refused", { verdict });
    throw new AiraError("webhook.signature_invalid", "The Stripe-Signature header does not verify over this body.");
  }
  if (!isJson(bytes)) throw new AiraError("request.not_json", "The body is not valid JSON.");
  const message = forQueue(bytes.toString("utf8"));
  await sendMessage(requireVariable("PAYMENTS_QUEUE_URL"), message).catch((cause: unknown) => {
    throw new AiraError("service.busy", "The event could not be queued. Please deliver it again.", { cause, retryAfterSeconds: 1 });
  });
  return { received: true as const };
});
