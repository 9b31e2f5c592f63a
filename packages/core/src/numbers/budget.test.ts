import type { Table } from "@aira/core/table";
import { type Cost, countCalls } from "@aira/local/testing/call-counter";
import { NUMBER_PRICE, numberWorld } from "@aira/local/testing/number-world";
import { startTableUnderTest, type TableUnderTest } from "@aira/local/testing/table-under-test";
import { afterAll, beforeAll, expect, test } from "vitest";
import { keys } from "../table/index.ts";
import { listNumbers, loadNumber, purchaseNumber, releaseNumber, tendNumbers } from "./index.ts";

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

const world = numberWorld();

test("a purchase is two transactions of twelve write units together, and two reads", async () => {
  // As an identity provider names its users, and as long a name as there may be.
  const request = {
    ...(await world.request(emulator.table, { owner: "f47ac10b-58cc-4372-a567-0e02b2c3d479" })),
    friendlyName: "Front desk and the workshop behind it, on weekdays from 9 to 5 pm",
  };
  const cost = await measure(async () => {
    expect(await purchaseNumber(world.ports(table), request)).toMatchObject({ settled: true, number: { state: "active" } });
  });
  expect(cost).toMatchObject({ calls: { Query: 1, GetItem: 1, TransactWriteItems: 2 }, readUnits: 0.5, writeUnits: 12 });
  // The claim puts the number on two indexes; becoming active moves it on the one and copies it on the other.
  expect(cost.indexWriteUnits).toBe(5);
});

test("a purchase asks Twilio twice: whether the number is there, and for the number", async () => {
  const request = await world.request(emulator.table);
  world.log.clear();
  await purchaseNumber(world.ports(table), request);
  expect(world.log.entries().map(({ operation }) => operation)).toEqual([expect.stringContaining("available"), "numbers.create"]);
});

test("a refusal for too little money holds nothing and costs no more reads than it takes to be sure", async () => {
  const request = await world.request(emulator.table);
  const poor = { ...request, owner: "nobody" };
  const cost = await measure(() => purchaseNumber(world.ports(table), poor).catch(() => undefined));
  expect(cost).toMatchObject({ calls: { Query: 1, GetItem: 4 }, writeUnits: 0 });
});

test("an incoming call finds its number's owner with one read of half a unit", async () => {
  const { number } = await world.bought(emulator.table);
  const cost = await measure(async () => {
    expect(await loadNumber(table, number.phoneNumber)).toMatchObject({ owner: number.owner });
  });
  expect(cost).toEqual({ calls: { GetItem: 1 }, readUnits: 0.5, writeUnits: 0, indexReadUnits: 0, indexWriteUnits: 0 });
});

test("a hundred numbers are listed with one call", async () => {
  const { number } = await world.bought(emulator.table);
  const item = await emulator.table.get(keys.number(number.phoneNumber));
  for (let n = 1; n < 100; n++) {
    const phoneNumber = `+1999000${String(1000 + n)}`;
    const numberId = `${number.numberId.slice(0, -4)}${String(1000 + n)}`;
    await emulator.table.write({ put: { ...item, ...keys.number(phoneNumber), numberId, gsi1sk: numberId } });
  }
  const cost = await measure(async () => {
    const { numbers, nextCursor } = await listNumbers({ table }, { owner: number.owner, limit: 101 });
    expect(numbers).toHaveLength(100);
    expect(nextCursor).toBeNull();
  });
  expect(cost).toMatchObject({ calls: { Query: 1 }, readUnits: 0, writeUnits: 0 });
});

test("a month is charged with one transaction of six write units, beside what the walk over the due index costs", async () => {
  // A table of its own: the schedule does whatever is due in the whole of it.
  const other = await startTableUnderTest();
  try {
    const at = numberWorld();
    const { number } = await at.bought(other.table, { restMinor: NUMBER_PRICE.monthlyMinor });
    at.passDays(31);
    const counted = other.connect();
    const cost = await countCalls(counted.client).measure(() => tendNumbers(at.ports(counted.table)));
    expect((await loadNumber(other.table, number.phoneNumber))?.periods).toBe(2);
    // The update puts it off until the next month.
    expect(cost.calls).toEqual({ Query: 16, GetItem: 3, TransactWriteItems: 1, UpdateItem: 1 });
    expect(cost.writeUnits).toBe(6 + 1);
  } finally {
    await other.stop();
  }
});

test("a release is a mark and one transaction", async () => {
  const { number } = await world.bought(emulator.table);
  const { owner, numberId } = number;
  const cost = await measure(() => releaseNumber(world.ports(table), { owner, numberId, dryRun: false }));
  expect(cost.calls).toEqual({ Query: 1, GetItem: 1, UpdateItem: 1, PutItem: 1, TransactWriteItems: 1 });
  expect(cost.writeUnits).toBe(6);
});
