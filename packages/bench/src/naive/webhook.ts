import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import middy from "@middy/core";
import Stripe from "stripe";
import { z } from "zod";

const stripe = new Stripe(process.env.STRIPE_SECRET_KEY ?? "sk_test_none");
const queue = new SQSClient({});
const logger = new Logger();
const metrics = new Metrics();
const Headers = z.object({ "stripe-signature": z.string() });

/** A webhook's door as the guides write it: the whole SDK of Stripe for one HMAC, a client of SQS for one call. */
export const handler = middy(async (event: { readonly body: string; readonly headers: Record<string, string> }) => {
  const { "stripe-signature": signature } = Headers.parse(event.headers);
  const verified = stripe.webhooks.constructEvent(event.body, signature, process.env.STRIPE_WEBHOOK_SECRETS ?? "");
  await queue.send(new SendMessageCommand({ QueueUrl: process.env.PAYMENTS_QUEUE_URL, MessageBody: event.body }));
  logger.info("queued", { type: verified.type });
  metrics.addMetric("Events", MetricUnit.Count, 1);
  return { statusCode: 200, body: JSON.stringify({ received: true }) };
});
