import { memoryTable } from "@aira/local/testing/memory-table-under-test";
import { describe, expect, test } from "vitest";
import { keys, type Table, type WriteResult } from "../table/index.ts";
import { adjust, authorize, capture, expireHolds, fingerprintOf, type LedgerPorts, listEntries } from "./index.ts";

const NOW_MS = Date.parse("2026-01-31T10:00:00.000Z");
const hold = { owner: "asha", holdId: "call", currency: "USD", amountMinor: 300, description: "A call", actor: "test" } as const;

/** A hold of three dollars that is due in a minute, in a wallet of ten. */
async function setting() {
  let nowMs = NOW_MS;
  const table = memoryTable();
  const ports: LedgerPorts = { table, clock: () => nowMs, random: () => 0, wait: async () => {} };
  await adjust(ports, { owner: "asha", adjustmentId: "in", currency: "USD", amountMinor: 1_000, reason: "test", actor: "operator" });
  await authorize(ports, { ...hold, expiresAtMs: NOW_MS + 60_000 });
  const over = (change: Partial<Table>): LedgerPorts => ({ ...ports, table: { ...table, ...change } });
  const pass = (ms: number) => {
    nowMs += ms;
  };
  return { table, ports, over, pass };
}

test("a hold that expires is given back by the system, and says so", async () => {
  const { table, ports, pass } = await setting();
  pass(60_000);
  expect(await expireHolds(ports)).toEqual({ expired: 1, left: 0 });
  const { entries } = await listEntries(ports, "asha", { limit: 1 });
  expect(entries).toMatchObject([
    {
      kind: "release",
      amountMinor: 300,
      heldMinor: -300,
      reference: { type: "hold", id: "call" },
      description: "Hold expired",
      actor: "system:hold-expiry",
    },
  ]);
  const terms = { id: "call", owner: "asha", currency: "USD", amountMinor: 300 };
  const closed = { fingerprint: fingerprintOf({ kind: "expiry", ...terms }) };
  expect(await table.get(keys.hold("asha", "call"))).toMatchObject({ state: "expired", closed });
  pass(1);
  await capture(ports, { ...hold, captureMinor: 200 });
  expect((await listEntries(ports, "asha", { limit: 1 })).entries).toMatchObject([
    { kind: "usage", amountMinor: -200, heldMinor: 0, reference: { type: "hold", id: "call" }, description: "A call", actor: "test" },
  ]);
  const late = { fingerprint: fingerprintOf({ kind: "capture", ...terms, amountMinor: 200 }) };
  expect(await table.get(keys.hold("asha", "call"))).toMatchObject({ state: "captured_late", closed, late, capturedMinor: 200 });
});

test.each([
  ["contended", { expired: 0, left: 1 }],
  ["unknown", { expired: 0, left: 1 }],
] as const)("a write that is %s leaves the hold to the next run", async (outcome, report) => {
  const { ports, over, pass } = await setting();
  pass(60_000);
  const lost: WriteResult = { outcome, cause: undefined };
  expect(await expireHolds(over({ transact: async () => lost }))).toEqual(report);
  expect(await expireHolds(ports)).toEqual({ expired: 1, left: 0 });
});

describe("a run that sees an older state than there is", () => {
  /** As the hold's item was before, seen by an eventually consistent read. */
  async function lagging(over: (change: Partial<Table>) => LedgerPorts, table: Table) {
    const key = keys.hold("asha", "call");
    const before = await table.get(key);
    const { items } = await table.query({ pk: String(before?.gsi2pk), index: "gsi2" });
    return over({
      get: async (asked, options) => (asked.sk === key.sk && !options?.consistent ? structuredClone(before) : table.get(asked, options)),
      query: async (query) => ({ items: query.pk === before?.gsi2pk ? items : [], lastKey: undefined }),
    });
  }

  test("counts nothing that another run has expired, and leaves nothing", async () => {
    const { table, ports, over, pass } = await setting();
    const late = await lagging(over, table);
    pass(60_000);
    await expireHolds(ports);
    expect(await expireHolds(late)).toEqual({ expired: 0, left: 0 });
  });

  test("counts nothing that was captured meanwhile, and leaves nothing", async () => {
    const { table, ports, over, pass } = await setting();
    const late = await lagging(over, table);
    await capture(ports, { ...hold, captureMinor: 100 });
    pass(60_000);
    expect(await expireHolds(late)).toEqual({ expired: 0, left: 0 });
  });
});

test("a clock that steps back in the middle of a run expires nothing before its time", async () => {
  const { ports } = await setting();
  const clock = [NOW_MS + 60_000, NOW_MS + 60_000, NOW_MS + 59_999, NOW_MS + 59_999];
  expect(await expireHolds({ ...ports, clock: () => clock.shift() ?? NOW_MS })).toEqual({ expired: 0, left: 0 });
});

test("a hold stays until the very millisecond of its expiry", async () => {
  const { ports, pass } = await setting();
  pass(59_999);
  expect(await expireHolds(ports)).toEqual({ expired: 0, left: 0 });
  pass(1);
  expect(await expireHolds(ports)).toEqual({ expired: 1, left: 0 });
});
