import { hash } from "node:crypto";
import type { Agent, AgentOptions, request } from "node:http";
import { InvariantError } from "@aira/core/lib";
import { signedPost, signerOf } from "./signature.ts";

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
  const { status, text } = await post(
    new URL(queueUrl),
    { "content-type": "application/x-amz-json-1.0", "x-amz-target": "AmazonSQS.SendMessage" },
    JSON.stringify({ QueueUrl: queueUrl, MessageBody: body }),
  );
  if (status === 200) {
    const { MD5OfMessageBody: taken } = JSON.parse(text) as { MD5OfMessageBody?: string };
    if (taken === hash("md5", body)) return;
    throw new Error("SQS took another message than the one that was sent");
  }
  const refused = `SQS answered ${status}`;
  // Repeating what SQS refuses (no such queue, not allowed) is of no use; throttling is.
  throw status < 500 && status !== 429 ? new InvariantError(refused) : new Error(refused);
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** A signed POST to the root of an endpoint, over a kept connection: a third of the processor time of a fetch. */
async function post({ protocol, hostname, port, host }: URL, headers: Readonly<Record<string, string>>, body: string): Promise<Answer> {
  const { request, agent } = await transportOf(protocol);
  return new Promise((resolve, reject) => {
    const sending = request(
      {
        method: "POST",
        protocol,
        hostname,
        port,
        agent,
        headers: { ...signedPost(signerOf("sqs"), host, headers, body, Date.now()), "content-length": Buffer.byteLength(body) },
      },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          text += chunk;
        });
        response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
        response.on("error", reject);
      },
    );
    const late = setTimeout(() => sending.destroy(new Error("SQS did not answer in time")), ATTEMPT_TIMEOUT_MS);
    sending.on("close", () => clearTimeout(late));
    sending.on("error", reject);
    sending.end(body);
  });
}

interface Transport {
  readonly request: typeof request;
  readonly agent: Agent;
}

const transports = new Map<string, Promise<Transport>>();

/** Loaded by the first message: none of it belongs to the import of a handler. HTTPS at AWS, plain HTTP on a laptop. */
function transportOf(protocol: string): Promise<Transport> {
  let transport = transports.get(protocol);
  if (!transport) {
    transport = protocol === "https:" ? import("node:https").then(connecting) : import("node:http").then(connecting);
    transports.set(protocol, transport);
  }
  return transport;
}

const connecting = (module: { readonly request: typeof request; readonly Agent: new (options: AgentOptions) => Agent }): Transport => ({
  request: module.request,
  agent: new module.Agent({ keepAlive: true }),
});
