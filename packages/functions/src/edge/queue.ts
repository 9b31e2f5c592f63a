import { createHash } from "node:crypto";
import { InvariantError } from "@aira/core/lib";
import { AwsClient } from "aws4fetch";

/** SQS takes messages of up to 1 MiB. */
export const MAX_MESSAGE_BYTES = 1024 * 1024;

/**
 * A JSON text as a queue takes it: SQS refuses the two code points that XML refuses, and its emulator every character beyond the basic
 * plane. Such characters stand inside of strings only, where an escape means the same.
 */
export const forQueue = (json: string): string =>
  json.replace(/[\ufffe\uffff\u{10000}-\u{10ffff}]/gu, (character) =>
    character
      .split("")
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
      .join(""),
  );

const ATTEMPTS = 3;
const ATTEMPT_TIMEOUT_MS = 2_500;

/**
 * Puts a message into a queue, and returns when SQS has taken it as it is. A signed fetch, since the SQS client is three
 * quarters of the ingress and most of its cold start. Tried three times, as a container that was frozen may find its connection gone; a message
 * that is sent twice is harmless, since queues here may repeat anyway. Throws when SQS did not take it.
 */
export async function sendMessage(queueUrl: string, body: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await sendOnce(queueUrl, body);
    } catch (error) {
      if (attempt === ATTEMPTS || error instanceof InvariantError) throw error;
      await new Promise((done) => setTimeout(done, Math.random() * 100 * attempt));
    }
  }
}

async function sendOnce(queueUrl: string, body: string): Promise<void> {
  const answer = await client().fetch(new URL(queueUrl).origin, {
    method: "POST",
    headers: { "content-type": "application/x-amz-json-1.0", "x-amz-target": "AmazonSQS.SendMessage" },
    body: JSON.stringify({ QueueUrl: queueUrl, MessageBody: body }),
    signal: AbortSignal.timeout(ATTEMPT_TIMEOUT_MS),
  });
  if (answer.ok) {
    const { MD5OfMessageBody: taken } = (await answer.json()) as { MD5OfMessageBody?: string };
    if (taken === createHash("md5").update(body).digest("hex")) return;
    throw new Error("SQS took another message than the one that was sent");
  }
  await answer.body?.cancel();
  const refused = `SQS answered ${answer.status}`;
  // Repeating what SQS refuses (no such queue, not allowed) is of no use; throttling is.
  throw answer.status < 500 && answer.status !== 429 ? new InvariantError(refused) : new Error(refused);
}

let kept: { readonly credentials: string; readonly client: AwsClient } | undefined;

/** Kept as long as the credentials stand: the client remembers its signing key, and deriving that anew takes half of a send. */
function client(): AwsClient {
  const { AWS_REGION: region = "us-east-1", AWS_ACCESS_KEY_ID = "", AWS_SECRET_ACCESS_KEY = "", AWS_SESSION_TOKEN } = process.env;
  const credentials = JSON.stringify([region, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN]);
  if (kept?.credentials !== credentials) {
    const session = AWS_SESSION_TOKEN ? { sessionToken: AWS_SESSION_TOKEN } : {};
    const client = new AwsClient({
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_SECRET_ACCESS_KEY,
      ...session,
      service: "sqs",
      region,
      retries: 0,
    });
    kept = { credentials, client };
  }
  return kept.client;
}
