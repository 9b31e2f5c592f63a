import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import middy from "@middy/core";
import twilio from "twilio";
import { z } from "zod";

const queue = new SQSClient({});
const logger = new Logger();
const metrics = new Metrics();
const Headers = z.object({ "x-twilio-signature": z.string() });

/** The door for Twilio's webhooks as the guides write it: the whole SDK of Twilio for one HMAC, a client of SQS for one call. */
export const handler = middy(async (event: { readonly body: string; readonly headers: Record<string, string> }) => {
  const { "x-twilio-signature": signature } = Headers.parse(event.headers);
  const form = Object.fromEntries(new URLSearchParams(event.body));
  if (!twilio.validateRequest(process.env.TWILIO_AUTH_TOKENS ?? "", signature, process.env.PUBLIC_URL ?? "", form))
    return { statusCode: 403, body: "" };
  await queue.send(new SendMessageCommand({ QueueUrl: process.env.TELEPHONY_QUEUE_URL, MessageBody: JSON.stringify(form) }));
  logger.info("queued", { type: form.CallStatus });
  metrics.addMetric("Events", MetricUnit.Count, 1);
  return { statusCode: 204, body: "" };
});
