import type { Operation } from "@aira/contract";
import { operatorOperations } from "@aira/contract";
import { ScanCommand } from "@aws-sdk/client-dynamodb";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from "aws-lambda";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { routes } from "../../../../stacks/routes.ts";
import { documentClient } from "../edge/services.ts";
import { answered, contextWith, outputOf, problemIn, requestOf, type Sent } from "../fixtures/invocation.ts";
import { type Running, startTable } from "../fixtures/services.ts";

/** What a good request of each operation is, to be spoilt in one place at a time. */
const PARAMS: Readonly<Record<string, string>> = { owner: "owner-1", quarantineId: `qtn_${"0".repeat(26)}`, queue: "payments" };
const GOOD: Readonly<Record<keyof typeof operatorOperations, { readonly query?: string; readonly body?: object }>> = {
  adjustWallet: { body: { owner: "owner-1", currency: "USD", amountMinor: 100, reason: "goodwill" } },
  freezeWallet: { body: { reason: "stolen card" } },
  unfreezeWallet: { body: { reason: "cleared" } },
  getWallet: {},
  listWalletTransactions: {},
  listQuarantine: {},
  replayQuarantine: {},
  listQueues: {},
  listDeadLetters: {},
  redriveQueue: {},
  listTotals: { query: "from=2026-01-01&to=2026-01-31" },
  listReconciliations: { query: "from=2026-01-01&to=2026-01-31" },
  repairNumber: { body: { phoneNumber: "+14155550000" } },
  listNumberReconciliations: { query: "from=2026-01-01&to=2026-01-31" },
  listMargins: { query: "from=2026-01-01&to=2026-01-31" },
  startRun: { body: { kind: "ledger_verification" } },
  listRuns: {},
};
type Name = keyof typeof operatorOperations;
const names = Object.keys(operatorOperations) as Name[];

let table: Running;
beforeAll(async () => {
  table = await startTable();
  // Whoever gets through to these finds nobody there.
  for (const name of [
    "PAYMENTS_QUEUE_URL",
    "PAYMENTS_DEAD_QUEUE_URL",
    "TELEPHONY_QUEUE_URL",
    "TELEPHONY_DEAD_QUEUE_URL",
    "REPORTS_QUEUE_URL",
    "REPORTS_DEAD_QUEUE_URL",
    "AWS_ENDPOINT_URL_SQS",
    "STRIPE_API_BASE",
    "TWILIO_API_BASE",
    "PUBLIC_URL",
  ])
    vi.stubEnv(name, "http://127.0.0.1:9");
  vi.stubEnv("STRIPE_SECRET_KEY", "sk_test_canary");
  vi.stubEnv("TWILIO_ACCOUNT_SID", `AC${"0".repeat(32)}`);
  vi.stubEnv("TWILIO_AUTH_TOKENS", "0".repeat(32));
  vi.stubEnv("STAGE", "test");
});
afterEach(async () => {
  const { Items: items } = await documentClient().send(new ScanCommand({ TableName: "aira" }));
  expect(items, "a refusal writes nothing").toEqual([]);
});
afterAll(() => table?.stop());

type Handler = (event: APIGatewayProxyEventV2, context: Context) => Promise<APIGatewayProxyStructuredResultV2>;

const OPERATOR = { sub: "operator-1", "cognito:groups": "[operators]" };

async function ask(name: Name, change: Partial<Sent> = {}, claims: Record<string, unknown> | undefined = OPERATOR) {
  const operation: Operation = operatorOperations[name];
  const file = routes[`${operation.method} ${operation.path}`]?.handler.replace(/\.handler$/, ".ts");
  const { handler } = (await import(/* @vite-ignore */ `../${file}`)) as { handler: Handler };
  const { query, body } = GOOD[name];
  const params = Object.fromEntries([...operation.path.matchAll(/\{(\w+)\}/g)].map(([, param = ""]) => [param, PARAMS[param] ?? ""]));
  const request = requestOf({
    method: operation.method,
    path: operation.path,
    params,
    ...(query === undefined ? {} : { query }),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    headers: { "content-type": "application/json", ...(operation.idempotent ? { "idempotency-key": "key-1" } : {}) },
    ...change,
    claims,
  });
  const { result, output } = await outputOf(async () => answered(await handler(request, contextWith())));
  expect(output).not.toContain("canary");
  return problemIn(result);
}

describe.each(names)("%s", (name) => {
  test.each([
    ["a customer", { sub: "owner-1" }],
    ["a member of other groups", { sub: "owner-1", "cognito:groups": "[support]" }],
    ["who says so in the token's scope", { sub: "owner-1", scope: "operators" }],
  ])("refuses %s", async (_, claims) => {
    expect(await ask(name, {}, claims)).toMatchObject({ status: 403, code: "auth.forbidden" });
  });

  test("refuses a customer who names a group in query, header or body", async () => {
    const change = {
      query: "group=operators&cognito:groups=operators",
      headers: { "content-type": "application/json", "cognito:groups": "operators", "idempotency-key": "key-1" },
      body: JSON.stringify({ groups: ["operators"] }),
    };
    expect(await ask(name, change, { sub: "owner-1" })).toMatchObject({ status: 403, code: "auth.forbidden" });
  });

  test("refuses who was not checked at the gateway", async () => {
    expect(await ask(name, {}, {})).toMatchObject({ status: 401, code: "auth.required" });
  });
});

const adjustment = { owner: "owner-1", currency: "USD", amountMinor: 100, reason: "goodwill" };
const adjusting = (change: object): Partial<Sent> => ({ body: JSON.stringify({ ...adjustment, ...change }) });
const freezing = (body: unknown): Partial<Sent> => ({ body: JSON.stringify(body) });
const withoutKey = { headers: { "content-type": "application/json" } };

test.each<[Name, string, Partial<Sent>, string]>([
  ["adjustWallet", "no owner", adjusting({ owner: undefined }), "body.owner"],
  ["adjustWallet", "an empty owner", adjusting({ owner: "" }), "body.owner"],
  ["adjustWallet", "an owner with a space", adjusting({ owner: "a b" }), "body.owner"],
  ["adjustWallet", "an owner that is too long", adjusting({ owner: "x".repeat(129) }), "body.owner"],
  ["adjustWallet", "an owner that is no text", adjusting({ owner: 7 }), "body.owner"],
  ["adjustWallet", "an unknown currency", adjusting({ currency: "EUR" }), "body.currency"],
  ["adjustWallet", "a currency in lower case", adjusting({ currency: "usd" }), "body.currency"],
  ["adjustWallet", "nothing", adjusting({ amountMinor: 0 }), "body.amountMinor"],
  ["adjustWallet", "minus nothing", { body: JSON.stringify(adjustment).replace(":100", ":-0") }, "body.amountMinor"],
  ["adjustWallet", "too much", adjusting({ amountMinor: 100_000_000 }), "body.amountMinor"],
  ["adjustWallet", "too much the other way", adjusting({ amountMinor: -100_000_000 }), "body.amountMinor"],
  ["adjustWallet", "a part of a cent", adjusting({ amountMinor: 1.5 }), "body.amountMinor"],
  ["adjustWallet", "an amount as text", adjusting({ amountMinor: "100" }), "body.amountMinor"],
  ["adjustWallet", "an amount beyond numbers", { body: JSON.stringify(adjustment).replace(":100", ":1e400") }, "body.amountMinor"],
  ["adjustWallet", "no reason", adjusting({ reason: undefined }), "body.reason"],
  ["adjustWallet", "a reason that is too short", adjusting({ reason: "ab" }), "body.reason"],
  ["adjustWallet", "a reason of spaces", adjusting({ reason: "     " }), "body.reason"],
  ["adjustWallet", "a reason that is too long", adjusting({ reason: "x".repeat(201) }), "body.reason"],
  ["adjustWallet", "a reason of two lines", adjusting({ reason: "one\ntwo" }), "body.reason"],
  ["adjustWallet", "an actor of its own", adjusting({ actor: "system" }), "body.actor"],
  ["adjustWallet", "no key", withoutKey, "header.idempotency-key"],
  ["freezeWallet", "no reason", freezing({}), "body.reason"],
  ["freezeWallet", "an owner in the body", freezing({ reason: "stolen card", owner: "owner-2" }), "body.owner"],
  ["freezeWallet", "a list", freezing([]), "body"],
  ["freezeWallet", "an owner with a space", { params: { owner: "a b" } }, "path.owner"],
  ["freezeWallet", "no key", withoutKey, "header.idempotency-key"],
  ["unfreezeWallet", "a reason that is no text", freezing({ reason: true }), "body.reason"],
  ["unfreezeWallet", "no key", withoutKey, "header.idempotency-key"],
  ["getWallet", "an owner with a control character", { params: { owner: "a\u0000" } }, "path.owner"],
  ["listWalletTransactions", "an owner that is too long", { params: { owner: "x".repeat(129) } }, "path.owner"],
  ["listWalletTransactions", "an unknown filter", { query: "owner=owner-2" }, "query.owner"],
  ["listWalletTransactions", "a page that is too large", { query: "limit=101" }, "query.limit"],
  ["listWalletTransactions", "a strange cursor", { query: "cursor=x" }, "query.cursor"],
  ["listQuarantine", "a page of nothing", { query: "limit=0" }, "query.limit"],
  ["listQuarantine", "a strange cursor", { query: "cursor=x" }, "query.cursor"],
  [
    "listQuarantine",
    "a cursor of another list",
    { query: `cursor=${Buffer.from("2026-01-01T00:00:00.000Z#top_1").toString("base64url")}` },
    "query.cursor",
  ],
  ["replayQuarantine", "an id of another kind", { params: { quarantineId: `top_${"0".repeat(26)}` } }, "path.quarantineId"],
  ["listDeadLetters", "a queue with a capital", { params: { queue: "Payments" } }, "path.queue"],
  ["redriveQueue", "a queue with a slash", { params: { queue: "../payments" } }, "path.queue"],
  ["listTotals", "no span", { query: "" }, "query.from"],
  ["listTotals", "a day that is none", { query: "from=2026-02-30&to=2026-03-01" }, "query.from"],
  ["listTotals", "a span that ends before it begins", { query: "from=2026-02-02&to=2026-02-01" }, "query.to"],
  ["listTotals", "a span that is too long", { query: "from=2025-01-01&to=2026-01-02" }, "query.to"],
  ["listReconciliations", "a time", { query: "from=2026-01-01T00:00:00Z&to=2026-01-02" }, "query.from"],
  ["listReconciliations", "a span that is too long", { query: "from=2026-01-01&to=2026-02-01" }, "query.to"],
])("%s with %s is refused by the name of its field", async (name, _, change, field) => {
  const { status, errors, detail } = (await ask(name, change)) as {
    status: number;
    errors?: { field: string; detail: string }[];
    detail?: string;
  };
  expect(status).toBe(400);
  expect(errors?.map((error) => error.field)).toContain(field);
  expect(detail).toMatch(/\.$/);
});

test.each<[Name, string, Partial<Sent>]>([
  ["freezeWallet", "wallet.not_found", {}],
  ["unfreezeWallet", "wallet.not_found", {}],
  ["getWallet", "wallet.not_found", {}],
  ["listWalletTransactions", "wallet.not_found", {}],
  ["replayQuarantine", "quarantine.not_found", {}],
  ["listDeadLetters", "queue.not_found", { params: { queue: "payments-dead" } }],
  ["redriveQueue", "queue.not_found", { params: { queue: "constructor" } }],
])("%s of what does not exist is %s", async (name, code, change) => {
  expect(await ask(name, change)).toMatchObject({ status: 404, code });
});

test("the longest span is one of whole days, both ends included", async () => {
  for (const [name, query] of [
    ["listTotals", "from=2025-01-01&to=2026-01-01"],
    ["listReconciliations", "from=2026-01-01&to=2026-01-31"],
  ] as const)
    expect(await ask(name, { query })).toMatchObject({ status: 200, body: { days: [] } });
});

test.each(["listQueues", "listDeadLetters", "redriveQueue"] as const)(
  "%s says that the queue does not answer, when it does not",
  async (name) => {
    expect(await ask(name)).toMatchObject({ status: 503, code: "service.busy" });
  },
);
