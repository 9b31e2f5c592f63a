import { mkdtemp, rm } from "node:fs/promises";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { ReceiveMessageCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { fixtureTables } from "./fixtures/tables.ts";
import { startQueues } from "./queues.ts";

const { consumers } = fixtureTables;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "aira-queues-"));
});
afterAll(() => rm(folder, { recursive: true }));

test("messages survive a restart; those that were in flight come back at once, not after their visibility timeout", async () => {
  const slow = { notes: { ...consumers.notes!, visibilitySeconds: 600, maxReceives: 3 } };
  const first = await startQueues({ port: 0, dataDir: folder, consumers: slow });
  for (const MessageBody of ["held", "waiting"])
    await first.client.send(new SendMessageCommand({ QueueUrl: first.urls.notes, MessageBody }));
  await first.client.send(new ReceiveMessageCommand({ QueueUrl: first.urls.notes, MaxNumberOfMessages: 1 }));
  expect(first.depth("notes")).toEqual({ waiting: 1, inFlight: 1, delayed: 0 });
  await first.stop();

  const second = await startQueues({ port: 0, dataDir: folder, consumers: slow });
  const bodies: string[] = [];
  await vi.waitFor(async () => {
    const { Messages = [] } = await second.client.send(
      new ReceiveMessageCommand({ QueueUrl: second.urls.notes, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }),
    );
    bodies.push(...Messages.map((message) => message.Body ?? ""));
    expect(bodies.sort()).toEqual(["held", "waiting"]);
  }, 5_000);
  await second.stop();
});

test("the queues answer on the loopback interface only", async () => {
  const queues = await startQueues({ port: 0, consumers });
  const { port } = new URL(queues.endpoint);
  const others = Object.values(networkInterfaces()).flatMap((addresses = []) =>
    addresses.filter(({ internal, family }) => !internal && family === "IPv4"),
  );
  for (const { address } of others) await expect(fetch(`http://${address}:${port}/health`)).rejects.toThrow();
  expect((await fetch(`${queues.endpoint}/health`)).ok).toBe(true);
  await queues.stop();
});
