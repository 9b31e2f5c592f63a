import { adjust, freeze } from "@aira/core/ledger";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ledgerPorts } from "../edge/services.ts";
import { answered, contextWith, outputOf, problemIn, requestOf } from "../fixtures/invocation.ts";
import { type Running, startTable } from "../fixtures/services.ts";
import { handler } from "./wallet-balance.ts";

let table: Running;
const between: string[] = [];

/** A time between two entries: they carry milliseconds. */
async function mark(): Promise<void> {
  const now = Date.now();
  while (Date.now() <= now + 1) await new Promise((done) => setImmediate(done));
  between.push(new Date(Date.now()).toISOString());
  while (Date.now() <= now + 3) await new Promise((done) => setImmediate(done));
}

beforeAll(async () => {
  table = await startTable();
  const change = { owner: "owner-1", reason: "test", actor: "operator" };
  await adjust(ledgerPorts(), { ...change, adjustmentId: "adj_1", currency: "USD", amountMinor: 700 });
  await mark();
  await adjust(ledgerPorts(), { ...change, adjustmentId: "adj_2", currency: "USD", amountMinor: -900 });
  await mark();
  await freeze(ledgerPorts(), { ...change, owner: "owner-2", adjustmentId: "adj_3" });
});
afterAll(() => table?.stop());

const balance = async (query: string, sub = "owner-1") =>
  (await outputOf(async () => answered(await handler(requestOf({ query, claims: { sub } }), contextWith())))).result;

const zero = (currency: string) => ({ currency, availableMinor: 0, heldMinor: 0, totalMinor: 0 });

test("a wallet that nobody has paid into is there, and empty", async () => {
  expect(await balance("", "owner-3")).toMatchObject({
    status: 200,
    body: { balances: [zero("USD"), zero("INR")], frozen: false, restricted: false, seq: 0, updatedAt: null },
  });
});

test("the balances are the caller's own", async () => {
  expect((await balance("")).body).toMatchObject({
    balances: [{ currency: "USD", availableMinor: -200, heldMinor: 0, totalMinor: -200 }, zero("INR")],
    restricted: true,
    seq: 2,
  });
  expect((await balance("", "owner-2")).body).toMatchObject({ balances: [zero("USD"), zero("INR")], frozen: true, seq: 1 });
});

test("the balance as of a time is that of the last entry before it, restriction included", async () => {
  expect((await balance(`at=${between[0]}`)).body).toMatchObject({
    balances: [{ currency: "USD", availableMinor: 700 }, zero("INR")],
    restricted: false,
    seq: 1,
  });
  expect((await balance("at=2020-01-01T00:00:00Z")).body).toMatchObject({ balances: [zero("USD"), zero("INR")], seq: 0, updatedAt: null });
});

describe("whether it suffices", () => {
  test.each<[string, object]>([
    ["currency=USD&amountMinor=700", { sufficient: true, missingMinor: 0 }],
    ["currency=USD&amountMinor=701", { sufficient: false, missingMinor: 1 }],
    ["currency=INR&amountMinor=1", { sufficient: false, missingMinor: 1 }],
  ])("%s", async (query, answer) => expect((await balance(`${query}&at=${between[0]}`)).body).toMatchObject(answer));

  test("is not said when nobody asked", async () => {
    expect((await balance("currency=USD")).body).not.toHaveProperty("sufficient");
  });

  test("of an amount without its currency is refused", async () => {
    expect(problemIn(await balance("amountMinor=1"))).toMatchObject({
      status: 400,
      code: "request.invalid",
      errors: [{ field: "query.currency", rule: "required with amountMinor" }],
    });
  });
});
