import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { aliases, syntax } from "../../../../../stacks/bundling.ts";
import * as whole from "../sqs.ts";

type Queues = Pick<typeof whole, "countMessages" | "deadLettersOf">;

let folder: string;
let bundled: Queues;
let server: Server;
let status = 200;
let seen: { readonly target: unknown; readonly authorization: string; readonly body: object }[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "aira-queues-"));
  const outfile = join(folder, "sqs.mjs");
  await build({
    entryPoints: [join(import.meta.dirname, "../sqs.ts")],
    outfile,
    bundle: true,
    minify: true,
    platform: "node",
    format: "esm",
    mainFields: ["module", "main"],
    supported: syntax,
    alias: Object.fromEntries(Object.entries(aliases).map(([module, stub]) => [module, join(import.meta.dirname, "../..", stub)])),
  });
  bundled = await import(pathToFileURL(outfile).href);
  server = createServer(async (request, response) => {
    const body = JSON.parse(Buffer.concat(await request.toArray()).toString());
    seen.push({ target: request.headers["x-amz-target"], authorization: request.headers.authorization ?? "", body });
    const answer = { Attributes: { ApproximateNumberOfMessages: "3" }, Messages: [{ MessageId: "1", ReceiptHandle: "r", Body: "नमस्ते" }] };
    response.writeHead(status, { "content-type": "application/x-amz-json-1.0" }).end(JSON.stringify(status === 200 ? answer : {}));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/000000000000/payments`;
  vi.stubEnv("PAYMENTS_QUEUE_URL", url);
  vi.stubEnv("PAYMENTS_DEAD_QUEUE_URL", `${url}-dead`);
  vi.stubEnv("AWS_REGION", "eu-central-1");
  vi.stubEnv("AWS_ACCESS_KEY_ID", "KEY");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "none");
});
afterAll(async () => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
  await rm(folder, { recursive: true, force: true });
});

/** What an operator's question comes to, and what it asked of SQS. */
async function over(queues: Queues, ask: (queues: Queues) => Promise<unknown>) {
  seen = [];
  const outcome = await ask(queues).catch(({ name, code }) => ({ name, code }));
  const asked = seen.map(({ target, authorization, body }) => ({ target, body, scope: /Credential=([^,]+)/.exec(authorization)?.[1] }));
  return { outcome, asked: asked.sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b))) };
}

test.each<[string, number, (queues: Queues) => Promise<unknown>]>([
  ["counts", 200, ({ countMessages }) => countMessages("payments")],
  ["dead letters", 200, ({ deadLettersOf }) => deadLettersOf("payments").receive(30)],
  ["a queue that fails", 500, ({ deadLettersOf }) => deadLettersOf("payments").receive(30)],
  ["a queue that refuses", 400, ({ deadLettersOf }) => deadLettersOf("payments").receive(30)],
])("%s are the same over the bundles' client of SQS as over the whole one", async (_, answer, ask) => {
  status = answer;
  const [lean, full] = [await over(bundled, ask), await over(whole, ask)];
  expect(full.asked.length).toBeGreaterThan(0);
  expect(lean).toEqual(full);
});
