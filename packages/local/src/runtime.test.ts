import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { send } from "./fixtures/http.ts";
import { fixtureTables } from "./fixtures/tables.ts";
import { type Runtime, type RuntimeOptions, startRuntime } from "./runtime.ts";

const functionsDir = join(import.meta.dirname, "fixtures/functions");
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start(options: RuntimeOptions = {}): Promise<Runtime> {
  const runtime = await startRuntime({ tables: fixtureTables, functionsDir, log: () => {}, ...options });
  cleanups.push(() => runtime.stop());
  return runtime;
}

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), "aira-runtime-"));
  cleanups.push(() => rm(made, { recursive: true }));
  return made;
}

const post = (runtime: Runtime, body: string) =>
  send(runtime.url, "/api/messages", { method: "POST", body, headers: [["content-type", "text/plain"]] });
const wasWritten = (runtime: Runtime, body: string) =>
  vi.waitFor(async () => expect((await send(runtime.url, `/api/messages/${body}`)).status).toBe(200), { timeout: 5_000 });

test("a request goes through the route, the queue, the consumer and the table", async () => {
  const runtime = await start();
  expect((await post(runtime, "hello")).status).toBe(202);
  await wasWritten(runtime, "hello");
  expect(runtime.depth("notes")).toEqual({ waiting: 0, inFlight: 0, delayed: 0 });
});

test("a guarded route answers a token of the identity provider, and nobody else", async () => {
  const runtime = await start();
  const refused = await send(runtime.url, "/api/guarded");
  expect([refused.status, refused.body, refused.headers["www-authenticate"]]).toEqual([401, '{"message":"Unauthorized"}', "Bearer"]);
  const token = await runtime.identity?.mint({ sub: "demo" });
  const { status, body } = await send(runtime.url, "/api/guarded", { headers: [["authorization", `Bearer ${token}`]] });
  expect(status).toBe(200);
  expect(JSON.parse(body)).toMatchObject({
    functionName: "aira-local-http-echo",
    event: { requestContext: { authorizer: { jwt: { claims: { sub: "demo" } } } } },
  });
});

test("errors below /api are never HTML, everything else is the dashboard", async () => {
  const runtime = await start();
  expect((await send(runtime.url, "/api/nothing")).headers["content-type"]).toBe("application/json");
  expect(JSON.parse((await send(runtime.url, "/config.json")).body)).toEqual({
    issuer: runtime.identity?.issuer,
    clientId: "dashboard",
    scope: "aira/api",
  });
});

test("localhost leads to the one address that sign-in leads back to", async () => {
  const runtime = await start();
  const { port } = new URL(runtime.url);
  const { status, headers } = await send(runtime.url, "/wallet?x=1", { headers: [["host", `localhost:${port}`]] });
  expect([status, headers.location]).toEqual([307, `${runtime.url}/wallet?x=1`]);
});

test("the control addresses run a schedule, count queues and bring dead letters back", async () => {
  const runtime = await start();
  const control = async (method: string, path: string) => {
    const { status, body } = await send(runtime.url, `/_local/${path}`, { method });
    return [status, JSON.parse(body)];
  };
  expect(await control("POST", "schedules/hourly")).toEqual([200, { result: { ranAt: expect.stringMatching(/^\d{4}-.*Z$/) } }]);
  expect(await control("POST", "schedules/nothing")).toEqual([404, { message: 'there is no schedule "nothing"; there are: hourly' }]);
  await post(runtime, "poison");
  await vi.waitFor(
    async () => expect(await control("GET", "queues")).toEqual([200, { notes: { waiting: 0, inFlight: 0, delayed: 0, dead: 1 } }]),
    5_000,
  );
  expect(await control("POST", "queues/notes/redrive")).toEqual([200, { redriven: 1 }]);
  expect(await control("POST", "queues/other/redrive")).toEqual([404, { message: "Not Found" }]);
});

test.each([
  ["a page of another site", ["origin", "https://evil.example"]],
  ["a name that points here", ["host", "evil.example"]],
] as const)("%s cannot use the control addresses", async (_who, header) => {
  const runtime = await start();
  expect((await send(runtime.url, "/_local/schedules/hourly", { method: "POST", headers: [header] })).status).toBe(403);
});

test("data outlives a restart, and fresh forgets it but nothing else in the folder", async () => {
  const dataDir = await folder();
  await writeFile(join(dataDir, "mine.txt"), "mine");
  const first = await start({ dataDir });
  await post(first, "kept");
  await wasWritten(first, "kept");
  await first.stop();
  const second = await start({ dataDir });
  expect((await send(second.url, "/api/messages/kept")).status).toBe(200);
  await second.stop();
  const third = await start({ dataDir, fresh: true });
  expect((await send(third.url, "/api/messages/kept")).status).toBe(404);
  await third.stop();
  await writeFile(join(dataDir, "mine.txt"), "still mine", { flag: "r+" });
});

test.each([
  ["app", "PORT"],
  ["table", "TABLE_PORT"],
  ["queue", "QUEUE_PORT"],
  ["identity", "IDENTITY_PORT"],
  ["stripe", "STRIPE_PORT"],
  ["twilio", "TWILIO_PORT"],
] as const)("a busy port of the %s part names %s, and what had started is stopped", async (part, variable) => {
  const blocker = createServer().listen(0, "127.0.0.1");
  cleanups.push(() => blocker.close());
  await vi.waitFor(() => expect(blocker.listening).toBe(true));
  const { port } = blocker.address() as { port: number };
  const before = process.env.TABLE_NAME;
  await expect(startRuntime({ tables: fixtureTables, functionsDir, ports: { [part]: port } })).rejects.toThrow(
    `${variable} ${port} is in use: set ${variable} to another port`,
  );
  expect(process.env.TABLE_NAME).toBe(before);
});

test("a handler that is not there is named, and nothing keeps running", async () => {
  const tables = { schedules: { broken: { ...fixtureTables.schedules.hourly!, handler: "schedules/broken.handler" } } };
  await expect(start({ tables: { ...fixtureTables, ...tables } })).rejects.toThrow("The handler schedules/broken.handler cannot be loaded");
  expect(process.env.TABLE_NAME).toBeUndefined();
});

test("with a real Stripe key no sandbox starts", async () => {
  const runtime = await start({ environment: { STRIPE_SECRET_KEY: "sk_test_1", STRIPE_WEBHOOK_SECRETS: "whsec_1" } });
  expect(runtime.stripe).toBeUndefined();
  expect(process.env).toMatchObject({ STRIPE_SECRET_KEY: "sk_test_1", STRIPE_WEBHOOK_SECRETS: "whsec_1" });
  expect(process.env).not.toHaveProperty("STRIPE_API_BASE");
});

test("with a real Twilio account no sandbox starts", async () => {
  const account = { TWILIO_ACCOUNT_SID: `AC${"1".repeat(32)}`, TWILIO_AUTH_TOKENS: "2".repeat(32) };
  const runtime = await start({ environment: account });
  expect(runtime.twilio).toBeUndefined();
  expect(process.env).toMatchObject(account);
  expect(process.env).not.toHaveProperty("TWILIO_API_BASE");
});

test("what the operator decides reaches the functions as it was set, or as its default", async () => {
  await start({ environment: { NUMBERS_PER_OWNER: "3" } });
  expect(process.env).toMatchObject({ NUMBERS_PER_OWNER: "3", NUMBER_GRACE_DAYS: "3", TWILIO_ADDRESSES: "" });
});

test("the functions' environment keeps every AWS call on this machine, and is put back at the end", async () => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIAREAL");
  vi.stubEnv("AWS_PROFILE", "production");
  cleanups.push(() => vi.unstubAllEnvs());
  const runtime = await start();
  expect(process.env).toMatchObject({
    TABLE_NAME: "aira-local",
    NOTES_QUEUE_URL: runtime.queueUrls.notes,
    PUBLIC_URL: runtime.url,
    STRIPE_API_BASE: runtime.stripe?.url,
    STRIPE_WEBHOOK_SECRETS: runtime.stripe?.webhookSecret,
    TWILIO_API_BASE: runtime.twilio?.url,
    TWILIO_ACCOUNT_SID: runtime.twilio?.accountSid,
    AWS_ACCESS_KEY_ID: "local",
    AWS_ENDPOINT_URL_DYNAMODB: runtime.tableEndpoint,
  });
  expect(process.env).not.toHaveProperty("AWS_PROFILE");
  await runtime.stop();
  expect(process.env).toMatchObject({ AWS_ACCESS_KEY_ID: "AKIAREAL", AWS_PROFILE: "production" });
  expect(process.env).not.toHaveProperty("TABLE_NAME");
});
