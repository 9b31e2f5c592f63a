import { debit } from "@aira/core/ledger";
import { keys } from "@aira/core/table";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from "aws-lambda";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ledgerPorts } from "../edge/services.ts";
import { answered, contextWith, outputOf, problemIn, requestOf } from "../fixtures/invocation.ts";
import { type Running, startTable } from "../fixtures/services.ts";
import { handler as adjust } from "./operator-adjustments.ts";
import { handler as freeze } from "./operator-freeze.ts";
import { handler as listTransactions } from "./operator-transactions.ts";
import { handler as unfreeze } from "./operator-unfreeze.ts";
import { handler as getWallet } from "./operator-wallet.ts";

let table: Running;
beforeAll(async () => {
  table = await startTable();
});
afterAll(() => table?.stop());

type Handler = (event: APIGatewayProxyEventV2, context: Context) => Promise<APIGatewayProxyStructuredResultV2>;
interface Ask {
  readonly owner?: string;
  readonly body?: object;
  readonly key?: string;
  readonly operator?: string;
  readonly query?: string;
}

async function ask(handler: Handler, { owner, body, key, operator = "op-1", query = "" }: Ask) {
  const request = requestOf({
    method: body ? "POST" : "GET",
    query,
    ...(owner === undefined ? {} : { params: { owner } }),
    ...(body ? { body: JSON.stringify(body) } : {}),
    headers: { "content-type": "application/json", ...(key === undefined ? {} : { "idempotency-key": key }) },
    claims: { sub: operator, "cognito:groups": "[operators]" },
  });
  const { result } = await outputOf(async () => answered(await handler(request, contextWith())));
  return result;
}

const adjustment = (owner: string, amountMinor = 500) => ({ owner, currency: "USD", amountMinor, reason: "  Goodwill for the outage " });
const wallet = async (owner: string) => (await ask(getWallet, { owner })).body as { readonly seq: number; readonly frozen: boolean };

/** As after 24 hours, or after a crash behind the post: the ledger alone remembers. */
const forgetRequest = (operator: string, route: string, key: string) =>
  ledgerPorts().table.write({ delete: keys.request(operator, route, key) });

test("an adjustment is in the statement with its reason and its operator", async () => {
  const { status, body } = await ask(adjust, { body: adjustment("w-1"), key: "k-1" });
  expect(status).toBe(201);
  expect(body).toMatchObject({
    kind: "adjustment",
    amountMinor: 500,
    seq: 1,
    description: "Goodwill for the outage",
    actor: "operator:op-1",
    reference: { type: "adjustment", id: expect.stringMatching(/^adj_/) },
    balanceAfter: [{ currency: "USD", availableMinor: 500, heldMinor: 0, totalMinor: 500 }],
  });
  expect((await ask(listTransactions, { owner: "w-1" })).body).toEqual({ transactions: [body], nextCursor: null });
});

test("a correction posts whatever the wallet holds, and shows that it is restricted", async () => {
  expect((await ask(adjust, { body: adjustment("w-2", -700), key: "k-2" })).status).toBe(201);
  expect((await ask(getWallet, { owner: "w-2" })).body).toMatchObject({
    owner: "w-2",
    frozen: false,
    restricted: true,
    seq: 1,
    balances: [
      { currency: "USD", availableMinor: -700 },
      { currency: "INR", availableMinor: 0 },
    ],
  });
});

test("a repeat is the same adjustment, also when its request is forgotten", async () => {
  const first = await ask(adjust, { body: adjustment("w-3"), key: "k-3" });
  expect(await ask(adjust, { body: adjustment("w-3"), key: "k-3" })).toMatchObject({
    status: 201,
    body: first.body,
    headers: { "idempotency-replayed": "true" },
  });
  await forgetRequest("op-1", "POST /api/operator/adjustments", "k-3");
  expect(await ask(adjust, { body: adjustment("w-3"), key: "k-3" })).toMatchObject({ status: 201, body: first.body });
  expect((await wallet("w-3")).seq).toBe(1);
});

test("a key on other terms is refused, within its day and ever after", async () => {
  await ask(adjust, { body: adjustment("w-4"), key: "k-4" });
  for (const other of [adjustment("w-4", 600), adjustment("w-4b"), { ...adjustment("w-4"), currency: "INR" }]) {
    expect(problemIn(await ask(adjust, { body: other, key: "k-4" }))).toMatchObject({ status: 422, code: "idempotency.key_reused" });
    await forgetRequest("op-1", "POST /api/operator/adjustments", "k-4");
    expect(problemIn(await ask(adjust, { body: other, key: "k-4" }))).toMatchObject({ status: 409, code: "operation.conflict" });
    await ask(adjust, { body: adjustment("w-4"), key: "k-4" });
  }
  expect((await wallet("w-4")).seq).toBe(1);
  expect(problemIn(await ask(getWallet, { owner: "w-4b" }))).toMatchObject({ status: 404 });
});

test("a key is its operator's own: two who choose the same one make two adjustments", async () => {
  await ask(adjust, { body: adjustment("w-5"), key: "ticket-7", operator: "op-1" });
  const { body } = await ask(adjust, { body: adjustment("w-5"), key: "ticket-7", operator: "op-2" });
  expect(body).toMatchObject({ seq: 2, actor: "operator:op-2" });
});

test("twenty repeats at once are one adjustment", async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => ask(adjust, { body: adjustment("w-6"), key: "k-6" })));
  for (const { status } of answers) expect([201, 409, 503]).toContain(status);
  expect(await wallet("w-6")).toMatchObject({ seq: 1 });
});

test("a frozen wallet takes money and spends none, until it is unfrozen", async () => {
  const owner = "w-7";
  await ask(adjust, { body: adjustment(owner), key: "k-7a" });
  const spend = (id: string) => debit(ledgerPorts(), { owner, id, currency: "USD", amountMinor: 100, description: "Number", actor: owner });

  const frozen = await ask(freeze, { owner, body: { reason: "Stolen card" }, key: "k-7" });
  expect(frozen).toMatchObject({
    status: 201,
    body: { kind: "freeze", amountMinor: 0, description: "Stolen card", actor: "operator:op-1", seq: 2 },
  });
  expect(await wallet(owner)).toMatchObject({ frozen: true });
  await expect(spend("c-1")).rejects.toMatchObject({ code: "wallet.frozen" });
  await ask(adjust, { body: adjustment(owner), key: "k-7b" });

  // The same key on the other route is another act.
  const lifted = await ask(unfreeze, { owner, body: { reason: "Card was found" }, key: "k-7" });
  expect(lifted).toMatchObject({ status: 201, body: { kind: "unfreeze", seq: 4 } });
  expect(await wallet(owner)).toMatchObject({ frozen: false });
  await expect(spend("c-2")).resolves.toMatchObject({ repeated: false });

  // A late repeat of the freeze answers what it did, and does nothing.
  await forgetRequest("op-1", "POST /api/operator/wallets/{owner}/freeze", "k-7");
  expect(await ask(freeze, { owner, body: { reason: "Stolen card" }, key: "k-7" })).toMatchObject({ status: 201, body: frozen.body });
  expect(await wallet(owner)).toMatchObject({ frozen: false, seq: 5 });
});

test("the statement's filters and cursors are the customer's", async () => {
  for (const n of [1, 2, 3]) await ask(adjust, { body: adjustment("w-8", n % 2 ? 100 : -50), key: `k-8-${n}` });
  const page = async (query: string) =>
    (await ask(listTransactions, { owner: "w-8", query })).body as { transactions: { seq: number }[]; nextCursor: string | null };
  const { transactions, nextCursor } = await page("limit=2");
  expect(transactions.map(({ seq }) => seq)).toEqual([3, 2]);
  expect((await page(`limit=2&cursor=${nextCursor}`)).transactions.map(({ seq }) => seq)).toEqual([1]);
  expect((await page("direction=out")).transactions.map(({ seq }) => seq)).toEqual([2]);
  expect(await page("kind=freeze")).toEqual({ transactions: [], nextCursor: null });
});
