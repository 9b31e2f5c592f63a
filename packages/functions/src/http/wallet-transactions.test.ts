import { adjust, postAll, usageOperation } from "@aira/core/ledger";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
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
      actor: "operator:somebody",
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

describe("as a file", () => {
  const file = async (query = "", sub = "owner-1", accept = "text/csv") => {
    const request = requestOf({ query, claims: { sub }, headers: { accept } });
    const { result } = await outputOf(() => handler(request, contextWith()));
    return { status: result.statusCode, headers: result.headers ?? {}, lines: (result.body ?? "").split("\r\n") };
  };

  test("the statement has a header, decimal amounts, the running balance and the reference of each entry", async () => {
    const { status, headers, lines } = await file();
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": expect.stringMatching(/^attachment; filename="statement-\d{4}-\d\d-\d\d\.csv"$/),
      vary: "accept",
      "cache-control": "no-store",
    });
    expect(headers).not.toHaveProperty("link");
    expect(lines).toEqual([
      "at,kind,description,currency,amount,held,available_after,held_after,reference_type,reference_id,seq,transaction_id",
      expect.stringMatching(
        /^\d{4}-\d\d-\d\dT[\d:.]+Z,adjustment,change 2,USD,3\.00,0\.00,6\.00,0\.00,adjustment,adj_2,3,txn_[0-9a-f]{32}$/,
      ),
      expect.stringContaining("Z,adjustment,change 1,USD,-2.00,0.00,3.00,0.00,adjustment,adj_1,2,txn_"),
      expect.stringContaining("Z,adjustment,change 0,USD,5.00,0.00,5.00,0.00,adjustment,adj_0,1,txn_"),
      "",
    ]);
  });

  test("filters count, the page size does not", async () => {
    expect((await file("limit=1")).lines).toHaveLength(5);
    expect((await file("direction=out")).lines).toHaveLength(3);
  });

  test("a wallet without entries is a header alone, and another owner's is never seen", async () => {
    expect((await file("", "owner-2")).lines).toHaveLength(2);
  });

  test("what is wrong with the request is a problem document all the same", async () => {
    const request = requestOf({ query: "cursor=nonsense", claims: { sub: "owner-1" }, headers: { accept: "text/csv" } });
    const { result } = await outputOf(async () => answered(await handler(request, contextWith())));
    expect(problemIn(result)).toMatchObject({ status: 400, code: "cursor.invalid", type: "application/problem+json" });
  });

  test("a text that a spreadsheet would run is neutralised, a negative amount stays a number", async () => {
    const reason = '=HYPERLINK("https://evil.example","x")';
    await adjust(ledgerPorts(), { owner: "owner-3", reason, actor: "operator", adjustmentId: "adj_f", currency: "USD", amountMinor: -5 });
    const { lines } = await file("", "owner-3");
    expect(lines[1]).toContain(`,"'=HYPERLINK(""https://evil.example"",""x"")",USD,-0.05,`);
  });

  test("when the time ends before the statement does, a link leads to the rest", async () => {
    const changes = Array.from({ length: 1_001 }, (_, at) =>
      usageOperation({ owner: "owner-4", id: `u-${at}`, currency: "USD", amountMinor: 1, description: "Call", actor: "system" }),
    );
    await postAll(ledgerPorts(), "owner-4", changes);
    // No time for a second page.
    const request = requestOf({ query: "currency=USD&limit=7", claims: { sub: "owner-4" }, headers: { accept: "text/csv" } });
    const { result } = await outputOf(() => handler(request, contextWith(3_000)));
    const [, next = ""] =
      /^<(\/api\/wallet\/transactions\?currency=USD&cursor=[\w-]+)>; rel="next"$/.exec(String(result.headers?.link)) ?? [];
    const first = (result.body ?? "").split("\r\n").slice(1, -1);
    const rest = await file(next.slice(next.indexOf("?") + 1), "owner-4");
    const seqs = [...first, ...rest.lines.slice(1, -1)].map((line) => Number(line.split(",").at(-2)));
    expect(seqs).toEqual(Array.from({ length: 1_001 }, (_, at) => 1_001 - at));
    expect(rest.headers).not.toHaveProperty("link");
  });
});

test("an operator's name is for operators", async () => {
  expect(JSON.stringify((await list("")).body)).not.toContain("somebody");
});
