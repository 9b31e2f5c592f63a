import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { createSdkHandler, SynchronousSigner } from "../lib/index.ts";

/** DynamoDB answers within milliseconds or not at all. */
const LIMITS = { connectMs: 1_000, answerMs: 3_000 } as const;

/**
 * The one DynamoDB client of a container. The SDK's own retries repeat a request with the same client token, so they can't
 * double a transaction; what they leave over comes back as an outcome.
 */
export function createDocumentClient(): DynamoDBDocumentClient {
  return DynamoDBDocumentClient.from(
    new DynamoDBClient({ maxAttempts: 3, signerConstructor: SynchronousSigner, requestHandler: createSdkHandler(LIMITS) }),
    { marshallOptions: { removeUndefinedValues: true } },
  );
}
