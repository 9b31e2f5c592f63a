import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import middy from "@middy/core";
import Stripe from "stripe";
import { z } from "zod";

const stripe = new Stripe(process.env.STRIPE_SECRET_KEY ?? "sk_test_none");
const table = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const logger = new Logger();
const metrics = new Metrics();
const Event = z.object({ owner: z.string(), sessionId: z.string() });

/** A wallet's handler as the guides write it: every client at the top of the file, each package by its root. */
export const handler = middy(async (event: unknown) => {
  const { owner, sessionId } = Event.parse(event);
  const session = await stripe.checkout.sessions.retrieve(sessionId);
  const amountMinor = session.amount_total ?? 0;
  await table.send(
    new TransactWriteCommand({
      TransactItems: [
        {
          Update: {
            TableName: process.env.TABLE_NAME,
            Key: { pk: owner },
            UpdateExpression: "ADD balance :a",
            ExpressionAttributeValues: { ":a": amountMinor },
          },
        },
        { Put: { TableName: process.env.TABLE_NAME, Item: { pk: `${owner}#${sessionId}`, amountMinor } } },
      ],
    }),
  );
  logger.info("credited", { sessionId });
  metrics.addMetric("Credits", MetricUnit.Count, 1);
  return { statusCode: 200, body: JSON.stringify({ amountMinor }) };
});
