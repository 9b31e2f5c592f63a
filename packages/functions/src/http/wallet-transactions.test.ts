import { adjust } from "@aira/core/ledger";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ledgerPorts } from "../edge/services.ts";
import { answered, contextWith, outputOf, problemIn, requestOf } from "../fixtures/invocation.ts";
import { type Running, startTable } from "../fixtures/services.ts";
import { handler } from "./wallet-transactions.ts";

let table: Running;

beforeAll(async () => {
  table = await startTable();
  for (const [at, amountMinor] of [500, -200, 300].entries())
    await adjust(ledgerPorts(), {
      owner: "owner-1",
      reason: `change ${at}`,
      actor: "operator",
      adjustmentId: `adj_${at}`,
      currency: "USD",
      amountMinor,
    });
});
afterAll(() => table?.stop());

interface Page {
  readonly transactions: readonly { readonly transactionId: string; readonly seq: number }[];
  readonly nextCursor: string | null;
}
const list = async (query: string, sub = "owner-1") =>
  (await outputOf(async () => answered(await handler(requestOf({ query, claims: { sub } }), contextWith())))).result;
const page = async (query: string) => (await list(query)).body as Page;

test("the statement is newest first, with the balance after each entry", async () => {
  const { transactions, nextCursor } = await page("");
  expect(nextCursor).toBeNull();
  expect(transactions.map(({ seq }) => seq)).toEqual([3, 2, 1]);
  expect(transactions[1]).toEqual({
    transactionId: expect.stringMatching(/^txn_[0-9a-f]{32}$/),
    seq: 2,
    kind: "adjustment",
    currency: "USD",
    amountMinor: -200,
    heldMinor: 0,
    balanceAfter: [{ currency: "USD", availableMinor: 300, heldMinor: 0, totalMinor: 300 }],
    reference: { type: "adjustment", id: "adj_1" },
    description: "change 1",
    actor: "operator",
    at: expect.stringMatching(/Z$/),
  });
  expect(new Set(transactions.map(({ transactionId }) => transactionId)).size).toBe(3);
});

test("a cursor leads to the next page, and belongs to its list", async () => {
  const { nextCursor } = await page("limit=2");
  expect(nextCursor).not.toBeNull();
  expect((await page(`limit=2&cursor=${nextCursor}`)).transactions.map(({ seq }) => seq)).toEqual([1]);
  expect(problemIn(await list(`limit=2&currency=INR&cursor=${nextCursor}`))).toMatchObject({ status: 400, code: "cursor.invalid" });
  expect(problemIn(await list("cursor=nonsense"))).toMatchObject({ status: 400, code: "cursor.invalid" });
});

test("filters reach the ledger", async () => {
  expect((await page("direction=out")).transactions.map(({ seq }) => seq)).toEqual([2]);
  expect((await page("reference=adj_2")).transactions.map(({ seq }) => seq)).toEqual([3]);
});

test("another owner sees nothing of it, also with its cursor", async () => {
  const { nextCursor } = await page("limit=2");
  expect((await list("", "owner-2")).body).toEqual({ transactions: [], nextCursor: null });
  expect((await list(`limit=2&cursor=${nextCursor}`, "owner-2")).body).toMatchObject({ transactions: [] });
});
