import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test, vi } from "vitest";
import { createDocumentClient } from "./client.ts";
import { createTable, type Table } from "./table.ts";

type Misbehave = (request: IncomingMessage, response: ServerResponse) => unknown;
let server: Server | undefined;
let client: ReturnType<typeof createDocumentClient> | undefined;

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  client?.destroy();
  server?.closeAllConnections();
  server?.close();
});

/** A table at a DynamoDB that answers the first requests like this, and then well. */
async function tableAt(...misbehave: readonly Misbehave[]): Promise<{ table: Table; tokens: string[] }> {
  const tokens: string[] = [];
  server = createServer(async (request, response) => {
    const body = JSON.parse(Buffer.concat(await request.toArray()).toString());
    tokens.push(body.ClientRequestToken);
    const next = misbehave[tokens.length - 1];
    if (next) next(request, response);
    else response.writeHead(200, { "content-type": "application/x-amz-json-1.0" }).end("{}");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  vi.stubEnv("AWS_ENDPOINT_URL_DYNAMODB", `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  vi.stubEnv("AWS_REGION", "eu-central-1");
  vi.stubEnv("AWS_ACCESS_KEY_ID", "KEY");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "none");
  client = createDocumentClient();
  return { table: createTable(client, "aira"), tokens };
}

const write = { put: { pk: "A", sk: "A", n: 1 } };
const hangUp: Misbehave = (request) => request.socket.destroy();
const halfAnAnswer: Misbehave = (request, response) =>
  response.writeHead(200, { "content-length": "100" }).write("{", () => request.socket.destroy());
const failure: Misbehave = (_, response) => response.writeHead(500).end("{}");
const nothing: Misbehave = () => {};

test.each([
  ["a connection that broke", hangUp],
  ["an answer that broke off", halfAnAnswer],
  ["a failure of the service", failure],
])("%s is asked again with the same token", async (_, misbehave) => {
  const { table, tokens } = await tableAt(misbehave);
  expect(await table.transact([write])).toEqual({ outcome: "committed" });
  expect(tokens).toHaveLength(2);
  expect(new Set(tokens).size).toBe(1);
});

test.each([
  ["connections that break", hangUp],
  ["answers that break off", halfAnAnswer],
  ["failures of the service", failure],
])("nothing but %s is an unknown outcome of a write, and a busy table to a reader", async (_, misbehave) => {
  const { table, tokens } = await tableAt(...Array<Misbehave>(6).fill(misbehave));
  expect(await table.transact([write])).toMatchObject({ outcome: "unknown" });
  expect(tokens).toHaveLength(3);
  await expect(table.get({ pk: "A", sk: "A" })).rejects.toMatchObject({ code: "service.busy" });
});

test("a DynamoDB that says nothing is given up after three times three seconds, as an unknown outcome", async () => {
  const { table, tokens } = await tableAt(nothing, nothing, nothing);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const writing = table.transact([write]);
  for (const asked of [1, 2, 3]) {
    await vi.waitFor(() => expect(tokens).toHaveLength(asked));
    await vi.advanceTimersByTimeAsync(3_000);
    // And the pause before it is asked again, which is drawn by lot.
    await vi.advanceTimersByTimeAsync(1_000);
  }
  expect(await writing).toMatchObject({ outcome: "unknown", cause: { name: "TimeoutError" } });
});
