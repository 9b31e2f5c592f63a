import { SendMessageBatchCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import type { SQSEvent, SQSRecord } from "aws-lambda";
import { afterEach, expect, test, vi } from "vitest";
import type { Disorder } from "./disorder.ts";
import { fixtureTables } from "./fixtures/tables.ts";
import { crashCurrentInvocation } from "./invocation.ts";
import { startPoller } from "./poller.ts";
import { deadLetterName, startQueues } from "./queues.ts";
import type { Consumer } from "./tables.ts";

const row = fixtureTables.consumers.notes as Consumer;
const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function setup(handle: (event: SQSEvent) => unknown, change: Partial<Consumer> = {}, disorder?: Disorder) {
  const consumer = { ...row, ...change };
  const queues = await startQueues({ port: 0, consumers: { notes: consumer } });
  cleanups.push(() => queues.stop());
  const queueUrl = queues.urls.notes ?? "";
  const start = () => {
    const fn = {
      name: "notes",
      handler: (event: unknown) => handle(event as SQSEvent),
      timeoutSeconds: consumer.timeoutSeconds,
      memoryMb: 128,
    };
    const poller = startPoller({ queue: queues.source("notes"), consumer, fn, disorder, log: () => {} });
    cleanups.push(() => poller.stop());
    return poller;
  };
  const send = async (...bodies: string[]) => {
    for (let at = 0; at < bodies.length; at += 10) {
      const Entries = bodies.slice(at, at + 10).map((MessageBody, index) => ({ Id: String(index), MessageBody }));
      await queues.client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
    }
  };
  const empty = () => vi.waitFor(() => expect(queues.depth("notes")).toEqual({ waiting: 0, inFlight: 0, delayed: 0 }), { timeout: 5_000 });
  return { queues, queueUrl, start, send, empty };
}

const numbered = (count: number) => Array.from({ length: count }, (_, index) => String(index));

test("messages come in batches of at most the batch size, and are gone once done", async () => {
  const sizes: number[] = [];
  const { start, send, empty } = await setup((event) => void sizes.push(event.Records.length), { batchSize: 4 });
  await send(...numbered(10));
  start();
  await empty();
  expect(sizes.reduce((a, b) => a + b)).toBe(10);
  expect(Math.max(...sizes)).toBe(4);
});

test("a batch may be larger than one receive when there is a window to fill it", async () => {
  const sizes: number[] = [];
  const { start, send, empty } = await setup((event) => void sizes.push(event.Records.length), { batchSize: 25, batchWindowSeconds: 1 });
  await send(...numbered(25));
  start();
  await empty();
  expect(sizes).toEqual([25]);
});

test("only what failed comes again, after its visibility timeout, with its receive counted", async () => {
  const seen: SQSRecord[] = [];
  const { start, send, empty } = await setup(
    ({ Records }) => {
      seen.push(...Records);
      const bad = Records.filter(({ body, attributes }) => body === "bad" && attributes.ApproximateReceiveCount === "1");
      return { batchItemFailures: bad.map(({ messageId }) => ({ itemIdentifier: messageId })) };
    },
    { maxReceives: 3 },
  );
  await send("good", "bad");
  start();
  await empty();
  const receives = seen.map(({ body, attributes }) => `${body} ${attributes.ApproximateReceiveCount}`);
  expect(receives.sort()).toEqual(["bad 1", "bad 2", "good 1"]);
});

test.each([
  ["throws", () => Promise.reject(new Error("no"))],
  ["is killed", () => crashCurrentInvocation()],
  ["times out", () => new Promise(() => {})],
  ["answers nonsense", () => ({ batchItemFailures: [{ itemIdentifier: "nobody" }] })],
])("a batch whose function %s goes to the dead-letter queue after its receives, and comes back by redrive", async (_what, misbehave) => {
  let well = false;
  const done: string[] = [];
  const { queues, start, send, empty } = await setup(
    ({ Records }) => (well ? void done.push(...Records.map(({ body }) => body)) : misbehave()),
    { timeoutSeconds: 0.1 },
  );
  await send("a", "b");
  start();
  await vi.waitFor(() => expect(queues.depth(deadLetterName("notes")).waiting).toBe(2), { timeout: 5_000 });
  well = true;
  expect(await queues.redrive("notes")).toBe(2);
  await empty();
  expect(done.sort()).toEqual(["a", "b"]);
  expect(queues.depth(deadLetterName("notes")).waiting).toBe(0);
});

test("a message reaches its function with everything that was sent", async () => {
  const records: SQSRecord[] = [];
  const { queues, queueUrl, start, empty } = await setup(({ Records }) => void records.push(...Records));
  const MessageAttributes = {
    text: { DataType: "String", StringValue: "नमस्ते" },
    bytes: { DataType: "Binary", BinaryValue: Buffer.from([0, 255, 7]) },
  };
  const sent = await queues.client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: "body", MessageAttributes }));
  start();
  await empty();
  expect(records).toEqual([
    expect.objectContaining({
      messageId: sent.MessageId,
      body: "body",
      md5OfBody: sent.MD5OfMessageBody,
      eventSource: "aws:sqs",
      attributes: {
        ApproximateReceiveCount: "1",
        SenderId: expect.stringMatching(/^\d{12}$/),
        SentTimestamp: expect.stringMatching(/^\d{13}$/),
        ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
      },
      messageAttributes: {
        text: { dataType: "String", stringValue: "नमस्ते", stringListValues: [], binaryListValues: [] },
        bytes: { dataType: "Binary", binaryValue: "AP8H", stringListValues: [], binaryListValues: [] },
      },
    }),
  ]);
});

test("no more invocations run at once than the row allows", async () => {
  let running = 0;
  let most = 0;
  const { start, send, empty } = await setup(
    async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 10));
      running -= 1;
    },
    { batchSize: 1, maxConcurrency: 3 },
  );
  await send(...numbered(20));
  start();
  await empty();
  expect(most).toBe(3);
});

test("it begins with five invocations at once, as Lambda does, and grows behind a queue that stays full", async () => {
  let running = 0;
  let most = 0;
  const { start, send, empty } = await setup(
    async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 40));
      running -= 1;
    },
    { batchSize: 1, maxConcurrency: 20 },
  );
  await send(...numbered(5));
  start();
  await empty();
  expect(most).toBeLessThanOrEqual(5);
  await send(...numbered(100));
  await empty();
  expect(most).toBeGreaterThan(5);
  expect(most).toBeLessThan(12);
});

test("stopping waits for the invocation that runs, and takes nothing new", async () => {
  const begun = Promise.withResolvers<void>();
  let finished = false;
  const { queues, queueUrl, start, send } = await setup(async () => {
    begun.resolve();
    await new Promise((resolve) => setTimeout(resolve, 50));
    finished = true;
  });
  await send("a");
  const poller = start();
  await begun.promise;
  await poller.stop();
  expect(finished).toBe(true);
  await queues.client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: "later" }));
  expect(queues.depth("notes")).toMatchObject({ waiting: 1, inFlight: 0 });
});

test("under disorder everything is delivered, some of it twice", async () => {
  const counts = new Map<string, number>();
  const { start, send, empty } = await setup(
    ({ Records }) => {
      for (const { body } of Records) counts.set(body, (counts.get(body) ?? 0) + 1);
    },
    {},
    { seed: 42, duplicate: 0.5, reorder: true },
  );
  await send(...numbered(30));
  start();
  await empty();
  await vi.waitFor(() => expect([...counts.values()].reduce((a, b) => a + b, 0)).toBeGreaterThan(30));
  expect([...counts.keys()].sort()).toEqual(numbered(30).sort());
});

test("a queue that is gone is a failure of the poller", async () => {
  const { queues, start } = await setup(() => {});
  const poller = start();
  await queues.stop();
  await expect(poller.failure).resolves.toMatchObject({ message: expect.stringContaining("cannot be read") });
});
