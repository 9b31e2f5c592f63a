import type { Table } from "@aira/core/table";
import { type Cost, countCalls } from "@aira/local/testing/call-counter";
import { type PaymentWorld, paymentWorld } from "@aira/local/testing/payment-world";
import { startTableUnderTest, type TableUnderTest } from "@aira/local/testing/table-under-test";
import { afterAll, beforeAll, expect, test } from "vitest";
import { consumeEvents } from "./index.ts";

let emulator: TableUnderTest;
let table: Table;
let measure: (task: () => Promise<unknown>) => Promise<Cost>;
beforeAll(async () => {
  emulator = await startTableUnderTest();
  const counted = emulator.connect();
  table = counted.table;
  ({ measure } = countCalls(counted.client));
});
afterAll(() => emulator.stop());

/** Ports that count what goes to Stripe. */
function counted(at: PaymentWorld) {
  const asked: string[] = [];
  const ports = at.ports(table, (input, init) => {
    asked.push(String(input));
    return at.fetch(input, init);
  });
  return { ports, asked };
}

/** The bodies of the paid events of so many top-ups of one wallet, which holds one already. */
async function paid(at: PaymentWorld, count: number): Promise<string[]> {
  const ports = at.ports(emulator.table);
  const pay = async (owner?: string) => {
    const checkout = await at.checkout(ports, owner === undefined ? {} : { owner });
    at.stripe.pay(checkout.sessionId, "card");
    return { owner: checkout.owner, body: at.newest("checkout.session.completed") };
  };
  const first = await pay();
  await consumeEvents(ports, [{ id: "first", body: first.body }]);
  const bodies: string[] = [];
  for (let n = 0; n < count; n++) bodies.push((await pay(first.owner)).body);
  return bodies;
}

const messages = (bodies: readonly string[]) => bodies.map((body, n) => ({ id: `m${n}`, body }));

test("a top-up's credit is one read and one transaction of six write units, no index unit and no call to Stripe", async () => {
  const at = paymentWorld();
  const bodies = await paid(at, 1);
  const { ports, asked } = counted(at);
  const cost = await measure(async () => {
    expect(await consumeEvents(ports, messages(bodies))).toMatchObject([{ outcome: "credited", deltaMinor: 1_000 }]);
  });
  expect(cost).toEqual({
    calls: { GetItem: 1, TransactWriteItems: 1 },
    readUnits: 0.5,
    writeUnits: 6,
    indexReadUnits: 0,
    indexWriteUnits: 0,
  });
  expect(asked).toEqual([]);
});

test("ten credits of one wallet in one batch are one read and one transaction", async () => {
  const at = paymentWorld();
  const bodies = await paid(at, 10);
  const { ports, asked } = counted(at);
  const cost = await measure(() => consumeEvents(ports, messages(bodies)));
  expect(cost).toEqual({
    calls: { GetItem: 1, TransactWriteItems: 1 },
    readUnits: 0.5,
    writeUnits: 2 * (1 + 10 + 10),
    indexReadUnits: 0,
    indexWriteUnits: 0,
  });
  expect(asked).toEqual([]);
});

test("credits of several wallets in one batch read all of the wallets in one call", async () => {
  const at = paymentWorld();
  const bodies = (await Promise.all([paid(at, 1), paid(at, 1), paid(at, 1)])).flat();
  const { ports, asked } = counted(at);
  const cost = await measure(async () => {
    expect((await consumeEvents(ports, messages(bodies))).map(({ outcome }) => outcome)).toEqual(["credited", "credited", "credited"]);
  });
  expect(cost).toEqual({
    calls: { BatchGetItem: 1, TransactWriteItems: 3 },
    readUnits: 1.5,
    writeUnits: 3 * 6,
    indexReadUnits: 0,
    indexWriteUnits: 0,
  });
  expect(asked).toEqual([]);
});

test("duplicates cost no call to Stripe", async () => {
  const at = paymentWorld();
  const [body = ""] = await paid(at, 1);
  const { ports, asked } = counted(at);
  const outcomes = async (bodies: readonly string[]) => (await consumeEvents(ports, messages(bodies))).map(({ outcome }) => outcome);
  // Three in one batch, then three more.
  expect((await outcomes([body, body, body])).toSorted()).toEqual(["already", "already", "credited"]);
  expect(await outcomes([body, body, body])).toEqual(["already", "already", "already"]);
  expect(asked).toEqual([]);
});
