import { setImmediate } from "node:timers/promises";
import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand, SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import { ACCOUNT_ID, emulatorCredentials, REGION } from "./account.ts";
import { type QueueServer, startQueueServer } from "./queue-server.ts";
import type { Consumer } from "./tables.ts";

/** The name of a queue's dead-letter queue. */
export const deadLetterName = (queue: string): string => `${queue}-dead`;

/** How many messages stand in a queue. */
export interface QueueDepth {
  readonly waiting: number;
  readonly inFlight: number;
  readonly delayed: number;
}

/**
 * A queue as its poller reads it. Lambda's poller is a part of AWS, and the emulator is a part of this process, so they meet without
 * HTTP between them; visibility, receive counts and dead letters are the emulator's own all the same.
 */
export interface QueueSource {
  readonly arn: string;
  /** Up to so many messages, at most ten, waiting for the first as long as SQS would. Empty when `signal` ends the wait. */
  receive(most: number, waitSeconds: number, signal: AbortSignal): Promise<readonly Message[]>;
  /** Takes messages that are done off the queue, by the handles that they came with. */
  remove(receiptHandles: readonly string[]): void;
}

export interface Queues {
  readonly endpoint: string;
  readonly client: SQSClient;
  /** By the queue's name, as handlers get it. */
  readonly urls: Readonly<Record<string, string>>;
  depth(name: string): QueueDepth;
  /** Throws for a name that is in no row. */
  source(name: string): QueueSource;
  /** Moves every waiting message of the queue's dead-letter queue back, each under a new message id as at AWS. Answers how many. */
  redrive(name: string): Promise<number>;
  stop(): Promise<void>;
}

interface Options {
  readonly port: number;
  /** Undefined: in memory. */
  readonly dataDir?: string | undefined;
  readonly consumers: Readonly<Record<string, Consumer>>;
}

/** A queue and its dead-letter queue per row of the consumers table, on an emulator in this process. */
export async function startQueues({ port, dataDir, consumers }: Options): Promise<Queues> {
  const server = await startQueueServer(port, dataDir);
  const client = new SQSClient({ endpoint: server.endpoint, region: REGION, credentials: emulatorCredentials });
  const urlOf = (name: string) => `${server.endpoint}/${ACCOUNT_ID}/${name}`;
  for (const [name, consumer] of Object.entries(consumers)) {
    ensureQueue(server, deadLetterName(name), urlOf, {});
    ensureQueue(server, name, urlOf, {
      VisibilityTimeout: String(consumer.visibilitySeconds),
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: queueArn(deadLetterName(name)), maxReceiveCount: consumer.maxReceives }),
    });
  }
  return {
    endpoint: server.endpoint,
    client,
    urls: Object.fromEntries(Object.keys(consumers).flatMap((name) => [name, deadLetterName(name)].map((each) => [each, urlOf(each)]))),
    depth(name) {
      const queue = server.store.getQueueByName(name);
      const count = (attribute: `ApproximateNumberOfMessages${"" | "NotVisible" | "Delayed"}`) =>
        Number(queue?.getAttribute(attribute) ?? 0);
      return {
        waiting: count("ApproximateNumberOfMessages"),
        inFlight: count("ApproximateNumberOfMessagesNotVisible"),
        delayed: count("ApproximateNumberOfMessagesDelayed"),
      };
    },
    source: (name) => sourceOf(server, name),
    redrive: (name) => redrive(client, urlOf(deadLetterName(name)), urlOf(name)),
    async stop() {
      client.destroy();
      await server.stop();
    },
  };
}

export const queueArn = (name: string): string => `arn:aws:sqs:${REGION}:${ACCOUNT_ID}:${name}`;

function ensureQueue(server: QueueServer, name: string, urlOf: (name: string) => string, attributes: Record<string, string>): void {
  const kept = server.store.getQueueByName(name);
  // To create it again would empty it.
  if (!kept) {
    server.store.createQueue(name, urlOf(name), queueArn(name), attributes);
    return;
  }
  kept.setAttributes(attributes);
  // Whoever held these messages ended with the last run. One second, because at zero the emulator violates its own schema.
  for (const { receiptHandle } of kept.inspectMessages().inflight) kept.changeVisibility(receiptHandle, 1);
}

function sourceOf(server: QueueServer, name: string): QueueSource {
  const queue = server.store.getQueueByName(name);
  if (!queue) throw new Error(`there is no queue ${name}`);
  const take = async (most: number) => {
    const request = { QueueUrl: queue.url, MaxNumberOfMessages: most, MessageSystemAttributeNames: ["All" as const] };
    const { Messages: messages = [] } = await server.receive({ ...request, MessageAttributeNames: ["All"], WaitTimeSeconds: 0 });
    return messages.map(fromJson);
  };
  const wake = () => queue.cancelWaiters();
  return {
    arn: queue.arn,
    async receive(most, waitSeconds, signal) {
      const waiting = await take(most);
      if (waiting.length > 0 || waitSeconds === 0 || signal.aborted) return waiting;
      signal.addEventListener("abort", wake);
      await queue.waitForMessages(waitSeconds);
      signal.removeEventListener("abort", wake);
      // What arrives at the same moment comes along.
      await setImmediate();
      return signal.aborted ? [] : take(most);
    },
    remove(receiptHandles) {
      for (const handle of receiptHandles) queue.deleteMessage(handle);
    },
  };
}

/** Binary attributes are in base64 inside of JSON, where the SDK would have decoded them. */
function fromJson(message: Message): Message {
  if (!message.MessageAttributes) return message;
  const attributes = Object.entries(message.MessageAttributes).map(([name, { BinaryValue: binary, ...rest }]) => [
    name,
    typeof binary === "string" ? { ...rest, BinaryValue: Buffer.from(binary, "base64") } : rest,
  ]);
  return { ...message, MessageAttributes: Object.fromEntries(attributes) };
}

async function redrive(client: SQSClient, from: string, to: string): Promise<number> {
  let moved = 0;
  for (;;) {
    const { Messages: messages = [] } = await client.send(
      new ReceiveMessageCommand({ QueueUrl: from, MaxNumberOfMessages: 10, MessageAttributeNames: ["All"], VisibilityTimeout: 30 }),
    );
    if (messages.length === 0) return moved;
    await client.send(
      new SendMessageBatchCommand({
        QueueUrl: to,
        Entries: messages.map((message, index) => ({
          Id: String(index),
          MessageBody: message.Body,
          MessageAttributes: message.MessageAttributes,
        })),
      }),
    );
    await client.send(
      new DeleteMessageBatchCommand({
        QueueUrl: from,
        Entries: messages.map((message, index) => ({ Id: String(index), ReceiptHandle: message.ReceiptHandle })),
      }),
    );
    moved += messages.length;
  }
}
