import { createHash } from "node:crypto";
import { signedPost } from "@aira/core/lib";
import { createDocumentClient, createTable, type Table, type Write } from "@aira/core/table";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { startBundles } from "../../fixtures/bundles.ts";
import { bodyOf, type Service, startService } from "../../fixtures/services.ts";

type Core = { readonly createDocumentClient: typeof createDocumentClient; readonly createTable: typeof createTable };
interface Answer {
  readonly status: number;
  readonly body: object;
}
interface Seen {
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** What differs between two sends of one request: ids, times, what is made of them, and the name of the SDK. */
const OWN = new Set(["amz-sdk-invocation-id", "x-amz-date", "x-amz-content-sha256", "authorization", "user-agent", "x-amz-user-agent"]);

let bundles: Awaited<ReturnType<typeof startBundles>>;
let bundled: Core;
let service: Service;
let answers: Answer[] = [];
let seen: Seen[] = [];
beforeAll(async () => {
  bundles = await startBundles({ table: "../../core/src/table/index.ts" });
  bundled = await bundles.load("table");
  service = await startService(async (request, response) => {
    const text = await bodyOf(request);
    seen.push({ headers: request.headers as Record<string, string>, text });
    const answer = answers.shift() ?? { status: 200, body: {} };
    response.writeHead(answer.status, { "content-type": "application/x-amz-json-1.0", "x-amzn-requestid": "REQUEST" });
    response.end(JSON.stringify(answer.body));
  });
  vi.stubEnv("AWS_ENDPOINT_URL_DYNAMODB", service.url);
  vi.stubEnv("AWS_REGION", "eu-central-1");
  vi.stubEnv("AWS_ACCESS_KEY_ID", "KEY");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "none");
  vi.stubEnv("AWS_SESSION_TOKEN", "session");
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await service?.stop();
  await bundles?.stop();
});

/** What an operation comes to and what it sent, over one of the two clients. */
async function over(core: Core, script: readonly Answer[], run: (table: Table) => Promise<unknown>) {
  [answers, seen] = [[...script], []];
  const client = core.createDocumentClient();
  const outcome = await run(core.createTable(client, "aira")).catch(({ name, code, cause }) => ({ name, code, cause: String(cause) }));
  client.destroy();
  const bodies = seen.map(({ text }) => JSON.parse(text) as { readonly ClientRequestToken?: string });
  const sent = seen.map(({ headers }, at) => ({
    body: { ...bodies[at], ClientRequestToken: typeof bodies[at]?.ClientRequestToken },
    headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !OWN.has(name))),
  }));
  return { outcome: withoutStacks(outcome), sent, tokens: bodies.map((body) => body.ClientRequestToken) };
}

/** Errors of two realms, as far as anybody looks at them. */
const withoutStacks = (outcome: unknown): unknown => {
  if (typeof outcome !== "object" || outcome === null || !("cause" in outcome)) return outcome;
  const { name, message } = outcome.cause as Error;
  return { ...outcome, cause: name === undefined ? outcome.cause : { name, message } };
};

const key = { pk: "WALLET#asha", sk: "WALLET" };
const write: Write = {
  update: key,
  set: { seq: 2, note: "₹ ü 😀", list: [1, -0.5, { deep: null }], gone: undefined },
  if: { equals: { seq: 1, frozen: undefined } },
};
const error = (status: number, type: string, more: object = {}): Answer => ({
  status,
  body: { __type: `com.amazonaws.dynamodb.v20120810#${type}`, message: "No.", ...more },
});
const item = { pk: { S: "WALLET#asha" }, seq: { N: "12" }, open: { BOOL: true }, tags: { L: [{ NULL: true }, { M: { a: { S: "b" } } }] } };
const reasons = { CancellationReasons: [{ Code: "ConditionalCheckFailed", Item: item, Message: "No." }, { Code: "None" }] };

test.each<[string, readonly Answer[], (table: Table) => Promise<unknown>]>([
  ["an item", [{ status: 200, body: { Item: item } }], (table) => table.get(key, { consistent: true })],
  ["no item", [], (table) => table.get(key)],
  [
    "a page",
    [{ status: 200, body: { Items: [item, item], LastEvaluatedKey: item } }],
    (table) => table.query({ pk: "WALLET#asha", limit: 2 }),
  ],
  ["a write", [], (table) => table.write(write)],
  ["a refused write", [error(400, "ConditionalCheckFailedException", { Item: item })], (table) => table.write(write)],
  ["a transaction", [], (table) => table.transact([write, write])],
  ["a cancelled transaction", [error(400, "TransactionCanceledException", reasons)], (table) => table.transact([write, write])],
  ["a conflict", [error(400, "TransactionConflictException")], (table) => table.write(write)],
  ["a mistake", [error(400, "ValidationException")], (table) => table.write(write)],
  ["a denial", [error(400, "AccessDeniedException")], (table) => table.get(key)],
  ["one failure, then an answer", [error(500, "InternalServerError")], (table) => table.transact([write])],
  ["one throttling, then an answer", [error(400, "ThrottlingException")], (table) => table.get(key)],
  ["nothing but failures", Array(5).fill(error(500, "InternalServerError")), (table) => table.transact([write])],
  ["nothing but throttling", Array(5).fill(error(400, "ProvisionedThroughputExceededException")), (table) => table.get(key)],
])("%s is the same over the bundles' SDK as over the whole one", async (_, script, run) => {
  const whole = await over({ createDocumentClient, createTable }, script, run);
  const lean = await over(bundled, script, run);
  expect(whole.sent.length).toBeGreaterThan(0);
  expect({ outcome: lean.outcome, sent: lean.sent }).toEqual({ outcome: whole.outcome, sent: whole.sent });
  // A retry repeats the token, or it could write twice.
  for (const { tokens } of [whole, lean]) expect(new Set(tokens).size).toBe(1);
});

test("a request is signed as AWS asks, and names the SDK", async () => {
  await over(bundled, [], (table) => table.transact([write]));
  const { headers = {}, text = "" } = seen[0] ?? {};
  const names = /SignedHeaders=([^,]+)/.exec(headers.authorization ?? "")?.[1]?.split(";") ?? [];
  expect(names).toEqual(expect.arrayContaining(["host", "x-amz-content-sha256", "x-amz-date", "x-amz-security-token", "x-amz-target"]));
  expect(headers["x-amz-content-sha256"]).toBe(createHash("sha256").update(text).digest("hex"));
  const others = names.filter((name) => !["host", "x-amz-date", "x-amz-security-token"].includes(name));
  const signer = { service: "dynamodb", region: "eu-central-1", accessKeyId: "KEY", secretAccessKey: "none", sessionToken: "session" };
  const time = headers["x-amz-date"]?.replace(/(....)(..)(..T..)(..)/, "$1-$2-$3:$4:") ?? "";
  const ours = signedPost(
    signer,
    headers.host ?? "",
    Object.fromEntries(others.map((name) => [name, headers[name] ?? ""])),
    text,
    Date.parse(time),
  );
  expect(headers.authorization).toBe(ours.authorization);
  expect(headers["user-agent"]).toMatch(/^aws-sdk-js\/3\.\d+\.\d+ .*api\/dynamodb#3\./);
});

test("a region belongs to the partition that the SDK's own list says", async () => {
  const sdk = "../../../../../node_modules/@aws-sdk/core/dist-es/submodules/client/util-endpoints/lib/aws";
  const at = (path: string) => import(new URL(path, import.meta.url).href);
  const { partition } = await at("./partition.js");
  const { partitionsInfo } = await at(`${sdk}/partitions.js`);
  const listed: { readonly regions: Record<string, unknown>; readonly outputs: object }[] = partitionsInfo.partitions;
  expect(listed.length).toBeGreaterThan(7);
  for (const { regions, outputs } of listed)
    for (const region of Object.keys(regions).filter((name) => !name.endsWith("-global"))) expect(partition(region)).toEqual(outputs);
  expect(partition("xx-nowhere-1")).toEqual(listed.find(({ outputs }) => "name" in outputs && outputs.name === "aws")?.outputs);
});
