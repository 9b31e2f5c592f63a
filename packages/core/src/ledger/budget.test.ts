import { type Cost, countCalls } from "@aira/local/testing/call-counter";
import { freshOwner, ledgerPorts, startTableUnderTest, type TableUnderTest } from "@aira/local/testing/table-under-test";
import { BatchWriteCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { iso } from "../lib/index.ts";
import { keys } from "../table/index.ts";
import {
  adjust,
  authorize,
  capture,
  debit,
  debitOperation,
  type LedgerPorts,
  listEntries,
  loadWallet,
  MAX_OPERATIONS,
  postAll,
  readBalances,
  release,
} from "./index.ts";
import { emptyWallet } from "./wallet.ts";

let emulator: TableUnderTest;
let ports: LedgerPorts;
let measure: (task: () => Promise<unknown>) => Promise<Cost>;
beforeAll(async () => {
  emulator = await startTableUnderTest();
  const counted = emulator.connect();
  ports = ledgerPorts(counted.table);
  ({ measure } = countCalls(counted.client));
});
afterAll(() => emulator.stop());

const why = { description: "test", actor: "test" };
const adjustment = (owner: string, n: number) =>
  ({ owner, adjustmentId: `${owner}-${n}`, currency: "USD", amountMinor: 1_000, reason: "test", actor: "operator" }) as const;
const charge = (owner: string, id = owner) => ({ owner, id, currency: "USD" as const, amountMinor: 10, ...why });

async function funded(): Promise<string> {
  const owner = freshOwner();
  await adjust(ports, adjustment(owner, 0));
  return owner;
}

/** What one post costs: a look at the wallet, and one transaction of wallet, entry and guard. */
const ONE_POST: Cost = {
  calls: { GetItem: 1, TransactWriteItems: 1 },
  readUnits: 0.5,
  writeUnits: 6,
  indexReadUnits: 0,
  indexWriteUnits: 0,
};

test("a debit is one read and one transaction: half a read unit, six write units", async () => {
  const owner = await funded();
  expect(await measure(() => debit(ports, charge(owner)))).toEqual(ONE_POST);
});

test("a hold and its capture or release are one read and one transaction each", async () => {
  const owner = await funded();
  const hold = { owner, holdId: owner, currency: "USD", amountMinor: 100, ...why } as const;
  expect(await measure(() => authorize(ports, hold))).toEqual(ONE_POST);
  expect(await measure(() => capture(ports, { ...hold, captureMinor: 60 }))).toEqual(ONE_POST);
  await authorize(ports, { ...hold, holdId: `${owner}-2` });
  expect(await measure(() => release(ports, { ...hold, holdId: `${owner}-2` }))).toEqual(ONE_POST);
});

test("a hold that expires by time is listed once and taken off the list once: an index write each", async () => {
  const owner = await funded();
  const hold = { owner, holdId: owner, currency: "USD", amountMinor: 100, ...why } as const;
  const due = { ...hold, expiresAtMs: Date.now() + 86_400_000 };
  const authorized = await measure(() => authorize(ports, due));
  expect(authorized).toMatchObject({ calls: ONE_POST.calls, writeUnits: 6 });
  expect(authorized.indexWriteUnits).toBeGreaterThan(0);
  const captured = await measure(() => capture(ports, { ...hold, captureMinor: 100 }));
  expect(captured).toMatchObject({ calls: ONE_POST.calls, writeUnits: 6 });
  expect(captured.indexWriteUnits).toBeGreaterThan(0);
});

test("only the first post of a wallet writes to an index, so that the wallet can be found", async () => {
  const owner = freshOwner();
  const first = await measure(() => adjust(ports, adjustment(owner, 0)));
  expect(first).toMatchObject({ calls: ONE_POST.calls, writeUnits: 6 });
  expect(first.indexWriteUnits).toBeGreaterThan(0);
  expect(await measure(() => adjust(ports, adjustment(owner, 1)))).toEqual(ONE_POST);
});

test("ten operations of one wallet share one read and one transaction", async () => {
  const owner = await funded();
  const operations = Array.from({ length: 10 }, (_, n) => debitOperation(charge(owner, `${owner}-${n}`)));
  // The wallet once, and an entry and a guard for each.
  expect(await measure(() => postAll(ports, owner, operations))).toEqual({ ...ONE_POST, writeUnits: 2 * (1 + 10 + 10) });
});

test("forty-nine operations are the most that fit in one transaction; the fiftieth takes another", async () => {
  const owner = await funded();
  const operations = (count: number, name: string) =>
    Array.from({ length: count }, (_, n) => debitOperation(charge(owner, `${owner}-${name}-${n}`)));
  expect((await measure(() => postAll(ports, owner, operations(MAX_OPERATIONS, "a")))).calls).toEqual({
    GetItem: 1,
    TransactWriteItems: 1,
  });
  expect((await measure(() => postAll(ports, owner, operations(MAX_OPERATIONS + 1, "b")))).calls).toEqual({
    GetItem: 2,
    TransactWriteItems: 2,
  });
});

test("a repeat costs the read and the transaction that is refused, and never a third call", async () => {
  const owner = await funded();
  await debit(ports, charge(owner));
  expect((await measure(() => debit(ports, charge(owner)))).calls).toEqual({ GetItem: 1, TransactWriteItems: 1 });
});

test("a refusal for too little money reads the wallet and the guard consistently before it is final", async () => {
  const owner = await funded();
  const cost = await measure(() => debit(ports, { ...charge(owner), amountMinor: 5_000 }).catch(() => undefined));
  expect(cost).toEqual({ ...ONE_POST, calls: { GetItem: 3 }, readUnits: 0.5 + 1 + 1, writeUnits: 0 });
});

test("the balance is one call of half a read unit", async () => {
  const owner = await funded();
  const cost = await measure(() => readBalances(ports, owner));
  expect(cost).toEqual({ calls: { GetItem: 1 }, readUnits: 0.5, writeUnits: 0, indexReadUnits: 0, indexWriteUnits: 0 });
});

/** A wallet with a long history, written past the ledger: it is only read here. */
async function seed(owner: string, count: number): Promise<void> {
  const sample = (await loadWallet(emulator.table, await funded())) ?? emptyWallet(owner);
  const start = Date.parse("2026-01-01T00:00:00.000Z");
  const requests = Array.from({ length: count }, (_, n) => {
    const at = iso(start + n * 1_000);
    const entry = {
      seq: n + 1,
      at,
      kind: "credit",
      currency: "USD",
      amountMinor: 10,
      heldMinor: 0,
      refType: "top_up",
      refId: "top_0",
      description: "Top-up",
      actor: "system:stripe",
      balances: sample.balances,
      prevHash: sample.head,
      hash: sample.head,
    };
    return { PutRequest: { Item: { ...keys.entry(owner, at, n + 1), ...entry } } };
  });
  const batches = Array.from({ length: Math.ceil(count / 25) }, (_, n) => requests.slice(n * 25, n * 25 + 25));
  const lanes = Array.from({ length: 8 }, async (_, lane) => {
    for (let n = lane; n < batches.length; n += 8)
      await emulator.client.send(new BatchWriteCommand({ RequestItems: { [emulator.tableName]: batches[n]! } }));
  });
  await Promise.all(lanes);
}

/** A hundred thousand take the emulator half a minute to write, so they are asked for: `HISTORY=100000`. */
const LONG = Number(process.env.HISTORY ?? 5_000);

test(`a statement page of fifty costs the same after a hundred entries as after ${LONG}`, { timeout: 180_000 }, async () => {
  const costs: Cost[] = [];
  for (const count of [100, LONG]) {
    const owner = freshOwner();
    await seed(owner, count);
    let page: Awaited<ReturnType<typeof listEntries>> | undefined;
    costs.push(
      await measure(async () => {
        page = await listEntries(ports, owner, { limit: 50 });
      }),
    );
    expect(page?.entries).toHaveLength(50);
    expect(page?.entries[0]?.seq).toBe(count);
    const next = await measure(() => listEntries(ports, owner, { limit: 50, cursor: page?.nextCursor ?? undefined }));
    expect(next).toEqual(costs[0]);
  }
  const [short, ...long] = costs;
  expect(short?.calls).toEqual({ Query: 1 });
  expect(long).toEqual([short]);
});
