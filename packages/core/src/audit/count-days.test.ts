import { seededRandom } from "@aira/local/random";
import { memoryTable } from "@aira/local/testing/memory-table-under-test";
import { freshOwner, ledgerPorts, startTableUnderTest } from "@aira/local/testing/table-under-test";
import { expect, test } from "vitest";
import { adjust, authorize, type Balances, capture, type LedgerPorts, loadWallet, release } from "../ledger/index.ts";
import { keys, type Table } from "../table/index.ts";
import { countDays, type DayTotals, dayOf, netOf, readTotals } from "./index.ts";
import { plus, sameMoney } from "./totals.ts";

const HOUR_MS = 3_600_000;
const START_MS = Date.parse("2026-02-26T05:00:00Z");
const why = { description: "test", actor: "test" };

function ledger(table: Table = memoryTable()) {
  const time = { ms: START_MS };
  const ports: LedgerPorts = { ...ledgerPorts(table), clock: () => time.ms };
  return { ports, time };
}

/** Money in and out of a few wallets, holds among it, over some days. */
async function history(ports: LedgerPorts, time: { ms: number }, seed: number, posts = 60): Promise<string[]> {
  const random = seededRandom(seed);
  const owners = Array.from({ length: 6 }, () => freshOwner());
  for (let n = 0; n < posts; n++) {
    time.ms += Math.floor(random() * 5 * HOUR_MS);
    const owner = owners[Math.floor(random() * owners.length)]!;
    const currency = random() < 0.7 ? "USD" : "INR";
    const amountMinor = 1 + Math.floor(random() * 900);
    const hold = { owner, holdId: `${owner}-${n}`, currency, amountMinor, ...why } as const;
    await adjust(ports, { owner, adjustmentId: `${owner}-${n}`, currency, amountMinor: 1_000, reason: "test", actor: "operator" });
    if (random() < 0.5) await authorize(ports, hold);
    else continue;
    time.ms += Math.floor(random() * 30 * HOUR_MS);
    if (random() < 0.4) await capture(ports, { ...hold, captureMinor: Math.ceil(amountMinor / 2) });
    else if (random() < 0.5) await release(ports, hold);
  }
  return owners;
}

const everything = (ports: LedgerPorts) => readTotals(ports, "2020-01-01", "2030-12-31");
const balancesOf = async (ports: LedgerPorts, owners: readonly string[]): Promise<Balances> =>
  (await Promise.all(owners.map((owner) => loadWallet(ports.table, owner)))).reduce<Balances>(
    (sum, { balances }) => plus(sum, balances),
    {},
  );
const netsOf = (days: readonly DayTotals[]) => days.reduce<Balances>((sum, { byKind }) => plus(sum, netOf(byKind)), {});

test("the nets of all days add up to the balances of all wallets, and each day carries on from the one before", async () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const { ports, time } = ledger();
    const owners = await history(ports, time, seed);
    time.ms += 26 * HOUR_MS;
    const report = await countDays(ports);
    const days = await everything(ports);
    const context = `seed ${seed}`;
    expect(report, context).toMatchObject({ complete: true, notCarried: [], counted: days.map(({ day }) => day) });
    expect(days[0]?.day, context).toBe(dayOf(START_MS));
    expect(sameMoney(netsOf(days), await balancesOf(ports, owners)), context).toBe(true);
    expect(sameMoney(days.at(-1)!.closing, await balancesOf(ports, owners)), context).toBe(true);
    expect(
      days.every(({ carries }) => carries),
      context,
    ).toBe(true);
  }
});

test("on the emulator: a day is counted once it is finished, an hour after midnight, and has its sums by kind", async () => {
  const emulator = await startTableUnderTest();
  try {
    const { ports, time } = ledger(emulator.table);
    const owner = freshOwner();
    const hold = { owner, holdId: owner, currency: "USD", amountMinor: 300, ...why } as const;
    await adjust(ports, { owner, adjustmentId: owner, currency: "USD", amountMinor: 1_000, reason: "test", actor: "operator" });
    await authorize(ports, hold);
    time.ms = Date.parse("2026-02-27T00:59:59Z");
    expect(await countDays(ports)).toMatchObject({ counted: [], complete: true });
    time.ms = Date.parse("2026-02-27T01:00:00Z");
    expect(await countDays(ports)).toEqual({ counted: ["2026-02-26"], notCarried: [], wallets: 1, complete: true });
    await capture(ports, { ...hold, captureMinor: 100 });
    time.ms = Date.parse("2026-03-01T02:00:00Z");
    expect(await countDays(ports)).toMatchObject({ counted: ["2026-02-27", "2026-02-28"] });
    expect(await everything(ports)).toEqual([
      {
        day: "2026-02-26",
        byKind: {
          USD: {
            adjustment: { entries: 1, amountMinor: 1_000, heldMinor: 0 },
            authorization: { entries: 1, amountMinor: -300, heldMinor: 300 },
          },
        },
        entries: 2,
        activeWallets: 1,
        wallets: 1,
        closing: { USD: { availableMinor: 700, heldMinor: 300 } },
        carries: true,
      },
      {
        day: "2026-02-27",
        byKind: { USD: { capture: { entries: 1, amountMinor: 200, heldMinor: -300 } } },
        entries: 1,
        activeWallets: 1,
        wallets: 1,
        closing: { USD: { availableMinor: 900, heldMinor: 0 } },
        carries: true,
      },
      {
        day: "2026-02-28",
        byKind: {},
        entries: 0,
        activeWallets: 0,
        wallets: 1,
        closing: { USD: { availableMinor: 900, heldMinor: 0 } },
        carries: true,
      },
    ]);
    expect(await readTotals(ports, "2026-02-27", "2026-02-27")).toHaveLength(1);
  } finally {
    await emulator.stop();
  }
});

test("many missing days are made good in one go, across a year's end", async () => {
  const { ports, time } = ledger();
  await history(ports, time, 7, 10);
  time.ms += 400 * 24 * HOUR_MS;
  const { counted, complete } = await countDays(ports);
  expect(complete).toBe(true);
  const days = await everything(ports);
  expect(days.map(({ day }) => day)).toEqual(counted);
  expect(counted.length).toBeGreaterThan(400);
  expect(days.every(({ carries }) => carries)).toBe(true);
});

test("a run that is cut off at any call, by its deadline or by a crash, and then repeated, gives the totals of one that was not", async () => {
  const whole = memoryTable();
  const reference = ledger(whole);
  await history(reference.ports, reference.time, 11, 20);
  reference.time.ms += 26 * HOUR_MS;
  const items = await snapshot(whole, reference.ports);
  await countDays(reference.ports);
  const expected = await everything(reference.ports);

  for (let cut = 0; ; cut++) {
    const table = await items.restore();
    const ports: LedgerPorts = { ...reference.ports, table };
    let calls = 0;
    const dying: Table = Object.fromEntries(
      Object.entries(table).map(([name, call]) => [
        name,
        (...args: unknown[]) => (calls++ === cut ? Promise.reject(new Error("crash")) : (call as (...all: unknown[]) => unknown)(...args)),
      ]),
    ) as unknown as Table;
    const outcome = await countDays({ ...ports, table: dying }).catch((error: Error) => error.message);
    expect((await countDays(ports, 0)).wallets).toBe(0);
    expect((await countDays(ports)).complete).toBe(true);
    expect(await everything(ports), `cut at call ${cut}`).toEqual(expected);
    if (outcome !== "crash") break;
  }
});

/** The items of wallets, to begin from again. */
async function snapshot(table: Table, ports: LedgerPorts) {
  const writes: Parameters<Table["write"]>[0][] = [];
  for (let shard = 0; shard < 16; shard++) {
    const { items } = await table.query({ pk: `WALLETS#${String(shard).padStart(2, "0")}`, index: "gsi2" });
    for (const { pk } of items) {
      const page = await ports.table.query({ pk: pk as string });
      for (const item of page.items) writes.push({ put: { ...item, pk: item.pk as string, sk: item.sk as string } });
    }
  }
  return {
    async restore() {
      const fresh = memoryTable();
      for (const write of writes) await fresh.write(write);
      return fresh;
    },
  };
}

test("runs side by side give the same totals, and a repeated run writes nothing", async () => {
  const { ports, time } = ledger();
  const owners = await history(ports, time, 13);
  time.ms += 26 * HOUR_MS;
  await Promise.all([countDays(ports), countDays(ports), countDays(ports)]);
  const days = await everything(ports);
  expect(sameMoney(netsOf(days), await balancesOf(ports, owners))).toBe(true);
  const refuse = () => Promise.reject(new Error("a write"));
  const table: Table = { ...ports.table, write: refuse, transact: refuse };
  expect(await countDays({ ...ports, table })).toEqual({ counted: [], notCarried: [], wallets: 0, complete: true });
});

test("a wallet that vanishes keeps the next day from carrying on", async () => {
  const { ports, time } = ledger();
  const [first] = await history(ports, time, 17, 30);
  time.ms += 26 * HOUR_MS;
  await countDays(ports);
  await ports.table.write({ delete: keys.wallet(first!) });
  time.ms += 24 * HOUR_MS;
  const { counted, notCarried } = await countDays(ports);
  expect(notCarried).toEqual(counted);
  time.ms += 24 * HOUR_MS;
  expect((await countDays(ports)).notCarried).toEqual([]);
});

test("an entry that is slipped into a finished day keeps the next day from carrying on", async () => {
  const { ports, time } = ledger();
  await history(ports, time, 19, 30);
  time.ms += 26 * HOUR_MS;
  await countDays(ports);
  const slipped: LedgerPorts = { ...ports, clock: () => START_MS };
  await adjust(slipped, { owner: "late", adjustmentId: "late", currency: "USD", amountMinor: 5, reason: "test", actor: "test" });
  time.ms += 24 * HOUR_MS;
  const { counted, notCarried } = await countDays(ports);
  expect(notCarried).toEqual(counted);
});

test("a day that stands is never written again, not even when the walk's place is lost and the past has changed", async () => {
  const { ports, time } = ledger();
  await history(ports, time, 23, 20);
  time.ms += 26 * HOUR_MS;
  await countDays(ports);
  const before = await everything(ports);
  await ports.table.write({ delete: keys.cursor("totals") });
  const slipped: LedgerPorts = { ...ports, clock: () => START_MS };
  await adjust(slipped, { owner: "late", adjustmentId: "late", currency: "USD", amountMinor: 5, reason: "test", actor: "test" });
  expect(await countDays(ports)).toMatchObject({ counted: [], complete: true });
  expect(await everything(ports)).toEqual(before);
});
