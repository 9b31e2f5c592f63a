import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import middy from "@middy/core";
import twilio from "twilio";
import { z } from "zod";

const voice = twilio("AC00000000000000000000000000000000", "none");
const table = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const logger = new Logger();
const metrics = new Metrics();
const Event = z.object({ owner: z.string(), phoneNumber: z.string() });

/** A purchase of a number, with a greeting for its callers, as the guides write it: Twilio's SDK by its root. */
export const handler = middy(async (event: unknown) => {
  const { owner, phoneNumber } = Event.parse(event);
  const { sid } = await voice.incomingPhoneNumbers.create({ phoneNumber });
  await table.send(new PutCommand({ TableName: process.env.TABLE_NAME, Item: { pk: owner, sk: phoneNumber, sid } }));
  logger.info("bought", { sid });
  metrics.addMetric("Numbers", MetricUnit.Count, 1);
  const greeting = new twilio.twiml.VoiceResponse();
  greeting.say("Hello.");
  return { statusCode: 200, body: greeting.toString() };
});
