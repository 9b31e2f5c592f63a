import { hash } from "node:crypto";
import { createTransport, InvariantError, signedPost, signerOf } from "@aira/core/lib";

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
const LIMITS = { connectMs: 1_000, answerMs: 2_500 } as const;
const transport = /* @__PURE__ */ createTransport();

/**
 * Puts a message into a queue, and returns when SQS has taken it as it is. A signed request of our own, since the SQS client is three
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
  const { protocol, hostname, port, host } = new URL(queueUrl);
  const text = JSON.stringify({ QueueUrl: queueUrl, MessageBody: body });
  const target = { "content-type": "application/x-amz-json-1.0", "x-amz-target": "AmazonSQS.SendMessage" };
  const headers = signedPost(signerOf("sqs"), host, target, text, Date.now());
  const { status, body: answer } = await transport.post({ protocol, hostname, port, path: "/", headers, body: text }, LIMITS);
  if (status === 200) {
    const { MD5OfMessageBody: taken } = JSON.parse(Buffer.from(answer).toString()) as { MD5OfMessageBody?: string };
    if (taken === hash("md5", body)) return;
    throw new Error("SQS took another message than the one that was sent");
  }
  const refused = `SQS answered ${status}`;
  // Repeating what SQS refuses (no such queue, not allowed) is of no use; throttling is.
  throw status < 500 && status !== 429 ? new InvariantError(refused) : new Error(refused);
}
