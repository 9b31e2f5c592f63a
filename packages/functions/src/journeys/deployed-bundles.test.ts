import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { consumers } from "../../../../stacks/consumers.ts";
import { type Runtime, startRuntime } from "../../../local/src/runtime.ts";
import { batch } from "../fixtures/batch.ts";
import { startBundles } from "../fixtures/bundles.ts";
import { answered, contextWith, outputOf, requestOf } from "../fixtures/invocation.ts";
import { tick } from "../fixtures/tick.ts";

type Handler<Event, Result> = (event: Event, context: Context) => Promise<Result>;
type HttpHandler = Handler<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>;

vi.setConfig({ testTimeout: 90_000 });

let app: Runtime;
let bundles: Awaited<ReturnType<typeof startBundles>>;
beforeAll(async () => {
  // The queues fill and nobody empties them but what is tried here.
  const handler = "fixtures/busy-consumer.handler";
  const payments = { ...consumers.payments!, handler, maxReceives: 1, visibilitySeconds: 1 };
  const reports = { ...consumers.reports!, handler };
  app = await startRuntime({ tables: { consumers: { ...consumers, payments, reports } }, log: () => {} });
  bundles = await startBundles(Object.fromEntries(HANDLERS.map((handler) => [handler, `${handler}.ts`])));
});
afterAll(async () => {
  await app?.stop();
  await bundles?.stop();
});

const HANDLERS = [
  "http/create-checkout-session",
  "http/number",
  "http/operator-adjustments",
  "http/operator-dead-letters",
  "http/operator-queues",
  "http/operator-redrive",
  "http/operator-replay",
  "http/operator-runs",
  "http/operator-start-run",
  "http/operator-transactions",
  "http/operator-wallet",
  "http/purchase-number",
  "http/release-number",
  "http/search-numbers",
  "consumers/payments",
  "consumers/reports",
  "schedules/reconcile-numbers",
  "schedules/tend-numbers",
] as const;

/** A handler out of its bundle, in place of its source. */
const bundled = async <H>(name: (typeof HANDLERS)[number]): Promise<H> => (await bundles.load<{ readonly handler: H }>(name)).handler;

interface Ask {
  readonly params?: Record<string, string>;
  readonly query?: string;
  readonly body?: object;
  readonly key?: string;
  readonly sub?: string;
}

async function ask(handler: HttpHandler, { params, query = "", body, key, sub = "op-1" }: Ask) {
  const request = requestOf({
    method: body ? "POST" : "GET",
    ...(params ? { params } : {}),
    query,
    ...(body ? { body: JSON.stringify(body) } : {}),
    headers: { "content-type": "application/json", ...(key === undefined ? {} : { "idempotency-key": key }) },
    claims: { sub, "cognito:groups": "[operators]" },
  });
  const { result } = await outputOf(async () => answered(await handler(request, contextWith())));
  return result;
}

test("what the bundles leave out is missed by no call to DynamoDB: reads, queries, writes, transactions and their refusals", async () => {
  const [adjust, list, checkout] = [
    await bundled<HttpHandler>("http/operator-adjustments"),
    await bundled<HttpHandler>("http/operator-transactions"),
    await bundled<HttpHandler>("http/create-checkout-session"),
  ];
  const body = { owner: "w-1", currency: "USD", amountMinor: 500, reason: "goodwill" };
  for (const key of ["a", "b", "c", "d"]) expect(await ask(adjust, { body, key })).toMatchObject({ status: 201 });
  expect((await ask(adjust, { body, key: "a" })).headers).toMatchObject({ "idempotency-replayed": "true" });
  expect(await ask(adjust, { body: { ...body, amountMinor: 1 }, key: "a" })).toMatchObject({ status: 422 });
  const statement = (await ask(list, { params: { owner: "w-1" } })).body as { transactions: { seq: number }[] };
  expect(statement.transactions.map(({ seq }) => seq)).toEqual([4, 3, 2, 1]);
  expect(await ask(checkout, { body: { currency: "USD", amountMinor: 700 }, key: "t-1", sub: "w-2" })).toMatchObject({ status: 201 });
});

test("by no call to SQS and to Stripe: a payment's event is looked at, brought back, consumed and replayed", async () => {
  const [queues, look, redrive, consume, wallet, replay] = [
    await bundled<HttpHandler>("http/operator-queues"),
    await bundled<HttpHandler>("http/operator-dead-letters"),
    await bundled<HttpHandler>("http/operator-redrive"),
    await bundled<Handler<SQSEvent, SQSBatchResponse>>("consumers/payments"),
    await bundled<HttpHandler>("http/operator-wallet"),
    await bundled<HttpHandler>("http/operator-replay"),
  ];
  const checkout = await bundled<HttpHandler>("http/create-checkout-session");
  const { url } = (await ask(checkout, { body: { currency: "USD", amountMinor: 900 }, key: "t-2", sub: "w-3" })).body as { url: string };
  app.stripe!.state.pay(new URL(url).pathname.split("/").at(-1) ?? "", "card");
  const params = { queue: "payments" };
  const deadTypes = async () => {
    const { deadLetters } = (await ask(look, { params })).body as { deadLetters: { eventType: string }[] };
    return deadLetters.map(({ eventType }) => eventType);
  };
  await expect.poll(deadTypes, { timeout: 10_000 }).toContain("checkout.session.completed");
  expect((await ask(queues, {})).body).toMatchObject({
    queues: [{ queue: "payments", dead: expect.any(Number) }, { queue: "telephony" }, { queue: "reports" }],
  });
  expect(await ask(redrive, { params, body: {} })).toMatchObject({ status: 200, body: { complete: true } });

  const paid = [...app.stripe!.state.store.events.values()].filter(({ type }) => type === "checkout.session.completed");
  const { result } = await outputOf(() => consume(batch(paid.map((event) => JSON.stringify(event))), contextWith()));
  expect(result.batchItemFailures).toEqual([]);
  expect((await ask(wallet, { params: { owner: "w-3" } })).body).toMatchObject({
    balances: [{ currency: "USD", availableMinor: 900 }, {}],
  });
  expect(await ask(replay, { params: { quarantineId: `qtn_${"0".repeat(26)}` }, body: {} })).toMatchObject({ status: 404 });
});

test("by no call to Twilio: a number is found, bought, looked at, tended, reconciled and given back", async () => {
  const [adjust, search, buy, read, release, tend, reconcile] = [
    await bundled<HttpHandler>("http/operator-adjustments"),
    await bundled<HttpHandler>("http/search-numbers"),
    await bundled<HttpHandler>("http/purchase-number"),
    await bundled<HttpHandler>("http/number"),
    await bundled<HttpHandler>("http/release-number"),
    await bundled<Handler<typeof tick, object>>("schedules/tend-numbers"),
    await bundled<Handler<typeof tick, object>>("schedules/reconcile-numbers"),
  ];
  const sub = "w-4";
  await ask(adjust, { body: { owner: sub, currency: "USD", amountMinor: 10_000, reason: "goodwill" }, key: "n-0" });
  for (const [query, key] of [
    ["country=US&areaCode=415&capabilities=voice,sms", "n-1"],
    ["country=CA&type=toll_free", "n-2"],
  ] as const) {
    const found = (await ask(search, { query, sub })).body as { numbers: { phoneNumber: string; price: { dueNowMinor: number } }[] };
    const { phoneNumber, price } = found.numbers[0]!;
    const bought = await ask(buy, { body: { phoneNumber, currency: "USD", expectedMinor: price.dueNowMinor }, key, sub });
    expect(bought).toMatchObject({ status: 201, body: { state: "active", phoneNumber } });
    const { numberId } = bought.body as { numberId: string };
    expect(await ask(read, { params: { numberId }, sub })).toMatchObject({ status: 200, body: { numberId } });
    expect((await outputOf(() => tend(tick, contextWith(300_000)))).result).toMatchObject({ left: 0 });
    expect((await outputOf(() => reconcile(tick, contextWith(900_000)))).result).toMatchObject({ provided: 1, held: 1, webhooks: 0 });
    expect(await ask(release, { params: { numberId }, body: {}, sub })).toMatchObject({
      status: 200,
      body: { number: { state: "released" } },
    });
  }
});

test("by no call of a run: the ledger is verified, and both reconciliations are made, each started by an operator and listed", async () => {
  const [start, list, consume] = [
    await bundled<HttpHandler>("http/operator-start-run"),
    await bundled<HttpHandler>("http/operator-runs"),
    await bundled<Handler<SQSEvent, SQSBatchResponse>>("consumers/reports"),
  ];
  for (const kind of ["ledger_verification", "payment_reconciliation", "number_reconciliation"]) {
    const started = await ask(start, { body: { kind }, key: kind });
    expect(started).toMatchObject({ status: 202, body: { kind, state: "queued" } });
    const { runId } = started.body as { runId: string };
    const message = JSON.stringify({ type: "run.requested", kind, runId });
    const { result } = await outputOf(() => consume(batch([message]), contextWith(900_000)));
    expect(result.batchItemFailures).toEqual([]);
    expect((await ask(list, { query: `kind=${kind}&limit=1` })).body).toMatchObject({
      runs: [{ runId, state: "finished", complete: true, findingCount: 0 }],
    });
  }
});
