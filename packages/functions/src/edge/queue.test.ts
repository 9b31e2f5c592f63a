import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test, vi } from "vitest";
import { forQueue, sendMessage } from "./queue.ts";

let server: Server | undefined;

afterEach(async () => {
  vi.useRealTimers();
  server?.closeAllConnections();
  server?.close();
});

type Reply = { readonly status: number; readonly body?: unknown } | "hang up" | "say nothing";
interface Received {
  readonly request: IncomingMessage;
  readonly body: { QueueUrl: string; MessageBody: string };
}

/** A queue service that gives these replies, one after the other. */
async function service(...replies: ((message: string) => Reply)[]): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = [];
  server = createServer(async (request, response) => {
    const body = JSON.parse(Buffer.concat(await request.toArray()).toString("utf8"));
    received.push({ request, body });
    const reply = replies[received.length - 1]?.(body.MessageBody) ?? { status: 500 };
    if (reply === "hang up") return request.socket.destroy();
    if (reply === "say nothing") return;
    response.writeHead(reply.status, { "content-type": "application/x-amz-json-1.0" }).end(JSON.stringify(reply.body ?? {}));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/000000000000/payments`, received };
}

const md5 = (text: string) => createHash("md5").update(text).digest("hex");
const taken = (message: string): Reply => ({ status: 200, body: { MessageId: "1", MD5OfMessageBody: md5(message) } });
const message = JSON.stringify({ id: "evt_1", name: "नमस्ते 🙂" });

test("a message arrives as it was sent, signed for SQS", async () => {
  const { url, received } = await service(taken);
  await sendMessage(url, message);
  expect(received).toHaveLength(1);
  expect(received[0]?.body).toEqual({ QueueUrl: url, MessageBody: message });
  expect(received[0]?.request.headers["x-amz-target"]).toBe("AmazonSQS.SendMessage");
  expect(received[0]?.request.headers.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=.*\/sqs\/aws4_request/);
});

test.each<[string, () => Reply]>([
  ["a connection that broke", () => "hang up"],
  ["a failure of the service", () => ({ status: 503 })],
  ["throttling", () => ({ status: 429 })],
  ["a message that was taken wrongly", () => ({ status: 200, body: { MD5OfMessageBody: md5("another") } })],
])("%s is tried again", async (_, reply) => {
  const { url, received } = await service(reply, reply, taken);
  await sendMessage(url, message);
  expect(received).toHaveLength(3);
});

test("a service that says nothing is not waited for", async () => {
  const { url, received } = await service(() => "say nothing", taken);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const sending = sendMessage(url, message);
  await vi.waitFor(() => expect(received).toHaveLength(1));
  await vi.advanceTimersByTimeAsync(2_500);
  await vi.waitFor(() => expect(received).toHaveLength(2));
  await sending;
});

test("messages share a connection", async () => {
  const { url, received } = await service(taken, taken, taken);
  for (const _ of [1, 2, 3]) await sendMessage(url, message);
  expect(new Set(received.map(({ request }) => request.socket)).size).toBe(1);
});

test("three failures are the end", async () => {
  const { url, received } = await service();
  await expect(sendMessage(url, message)).rejects.toThrow("SQS answered 500");
  expect(received).toHaveLength(3);
});

test("what SQS refuses is not sent again", async () => {
  const { url, received } = await service(() => ({ status: 400, body: { __type: "QueueDoesNotExist" } }));
  await expect(sendMessage(url, message)).rejects.toThrow("SQS answered 400");
  expect(received).toHaveLength(1);
});

test("characters that a queue refuses are escaped, and the JSON means the same", () => {
  const value = { plain: "नमस्ते é", emoji: "🙂", non: "\ufffe\uffff", pair: "\u{10ffff}" };
  const text = forQueue(JSON.stringify(value));
  expect(JSON.parse(text)).toEqual(value);
  expect(text).toMatch(/^[\u0020-\ud7ff\ue000-\ufffd]*$/);
  expect(text).toContain("नमस्ते é");
});
