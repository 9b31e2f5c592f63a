import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { type AddressInfo, createServer as createSocketServer } from "node:net";
import { Worker } from "node:worker_threads";
import { afterEach, expect, test } from "vitest";
import { createTransport, type Limits, type Transport } from "./http-transport.ts";

const limits: Limits = { connectMs: 1_000, answerMs: 1_000 };
let server: Server | undefined;
let transport: Transport | undefined;

afterEach(() => {
  transport?.destroy();
  server?.closeAllConnections();
  server?.close();
});

/** Posts to a server that does this with each request. */
async function over(listener: RequestListener) {
  server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const made = createTransport();
  transport = made;
  return (body: string | Uint8Array = "", within: Limits = limits) =>
    made.post({ protocol: "http:", hostname: "127.0.0.1", port, path: "/a%20b", headers: { "x-a": "b" }, body }, within);
}

const echo: RequestListener = async (request, response) => {
  const body = Buffer.concat(await request.toArray());
  response.writeHead(202, { "x-seen": `${request.method} ${request.url} ${request.headers["x-a"]} ${request.headers["content-length"]}` });
  // In pieces, as a large answer comes.
  for (const at of body.keys()) if (at % 3 === 0) response.write(body.subarray(at, at + 3));
  response.end();
};

test.each<[string, string | Uint8Array]>([
  ["a text", "नमस्ते 🙂"],
  ["bytes", new Uint8Array([0, 255, 7, 13])],
  ["nothing", ""],
])("%s comes and goes as it is", async (_, body) => {
  const answer = await (await over(echo))(body);
  expect(answer.status).toBe(202);
  expect(answer.headers["x-seen"]).toBe(`POST /a%20b b ${Buffer.byteLength(body)}`);
  expect(Buffer.from(answer.body)).toEqual(Buffer.from(body));
});

test("connections are kept, and no more than fifty are opened", async () => {
  const sockets = new Set<IncomingMessage["socket"]>();
  const post = await over((request, response) => {
    sockets.add(request.socket);
    setTimeout(() => response.end(), 5);
  });
  await Promise.all(Array.from({ length: 120 }, () => post()));
  expect(sockets.size).toBeLessThanOrEqual(50);
  const before = sockets.size;
  await post();
  expect(sockets.size).toBe(before);
});

test("an answer that does not come in time, or not whole, is a timeout, and its connection is not used again", async () => {
  const sockets: IncomingMessage["socket"][] = [];
  const post = await over((request, response) => {
    sockets.push(request.socket);
    if (sockets.length === 1) return;
    if (sockets.length === 2) response.write("half");
    else response.end();
  });
  const soon = { ...limits, answerMs: 50 };
  await expect(post("", soon)).rejects.toMatchObject({ name: "TimeoutError", message: "no answer within 50 ms" });
  await expect(post("", soon)).rejects.toMatchObject({ name: "TimeoutError" });
  await post();
  expect(new Set(sockets).size).toBe(3);
});

test("a connection that breaks before or within the answer may have delivered: a timeout that names the cause", async () => {
  let asked = 0;
  const post = await over((request, response) => {
    if (++asked === 2) response.writeHead(200, { "content-length": "100" }).write("half", () => request.socket.destroy());
    else request.socket.destroy();
  });
  for (const _ of [1, 2]) await expect(post()).rejects.toMatchObject({ name: "TimeoutError", code: "ECONNRESET" });
});

test("nobody there is told by its code, and nothing was sent", async () => {
  const free = createSocketServer().listen(0, "127.0.0.1");
  await once(free, "listening");
  const { port } = free.address() as AddressInfo;
  await new Promise((closed) => free.close(closed));
  const made = createTransport();
  transport = made;
  const post = made.post({ protocol: "http:", hostname: "127.0.0.1", port, path: "/", headers: {}, body: "" }, limits);
  await expect(post).rejects.toMatchObject({ code: "ECONNREFUSED" });
});

/** Listens, and then takes no connection: those that do not fit its queue are not answered. */
const DEAF = `
const { parentPort, workerData } = require("node:worker_threads");
const server = require("node:net").createServer().listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => {
  parentPort.postMessage(server.address().port);
  setImmediate(() => Atomics.wait(workerData, 0, 0));
});`;

test("a connection that is not made in time is a timeout", async () => {
  const ended = new Int32Array(new SharedArrayBuffer(4));
  const deaf = new Worker(DEAF, { eval: true, workerData: ended });
  const [port] = await once(deaf, "message");
  const made = createTransport();
  transport = made;
  const post = () =>
    made.post({ protocol: "http:", hostname: "127.0.0.1", port, path: "/", headers: {}, body: "" }, { connectMs: 100, answerMs: 400 });
  const failures = await Promise.all(Array.from({ length: 8 }, () => post().catch((error: Error) => `${error.name}: ${error.message}`)));
  expect(failures).toContain("TimeoutError: no connection within 100 ms");
  Atomics.store(ended, 0, 1);
  Atomics.notify(ended, 0);
  await deaf.terminate();
});

test("who gives up gets an AbortError, before and while it is under way", async () => {
  const post = await over(() => {});
  await expect(post("", { ...limits, signal: AbortSignal.abort("no") })).rejects.toMatchObject({ name: "AbortError", cause: "no" });
  const giving = new AbortController();
  const posting = post("", { ...limits, signal: giving.signal });
  setTimeout(() => giving.abort("later"), 20);
  await expect(posting).rejects.toMatchObject({ name: "AbortError", cause: "later" });
});
