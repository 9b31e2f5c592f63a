import { memoryTable } from "@aira/local/testing/memory-table-under-test";
import { freshOwner, ledgerPorts } from "@aira/local/testing/table-under-test";
import { beforeAll, describe, expect, test } from "vitest";
import { iso } from "../lib/index.ts";
import {
  adjust,
  authorize,
  balancesAt,
  capture,
  chargeUsage,
  debit,
  freeze,
  type LedgerPorts,
  listEntries,
  readBalances,
  type StatementQuery,
  sufficiency,
} from "./index.ts";

const START_MS = Date.parse("2026-01-31T10:00:00.000Z");
const MINUTE = 60_000;
let nowMs = START_MS;
const ports: LedgerPorts = { ...ledgerPorts(memoryTable()), clock: () => nowMs };
const owner = freshOwner();
const why = { description: "test", actor: "test" };
const hold = { owner, holdId: "hold-1", currency: "USD", amountMinor: 200, ...why } as const;

// One entry a minute: seq 1 at minute 0, seq 2 at minute 1, and so on.
beforeAll(async () => {
  const steps = [
    () => adjust(ports, { owner, adjustmentId: "a-1", currency: "USD", amountMinor: 1_000, reason: "in", actor: "op" }),
    () => adjust(ports, { owner, adjustmentId: "a-2", currency: "INR", amountMinor: 50_000, reason: "in", actor: "op" }),
    () => debit(ports, { owner, id: "c-1", currency: "USD", amountMinor: 100, ...why }),
    () => authorize(ports, hold),
    () => capture(ports, { ...hold, captureMinor: 150 }),
    () => chargeUsage(ports, { owner, id: "u-1", currency: "INR", amountMinor: 700, ...why }),
    () => freeze(ports, { owner, adjustmentId: "a-3", reason: "stop", actor: "op" }),
  ];
  for (const step of steps) {
    await step();
    nowMs += MINUTE;
  }
});

const seqs = async (query: Partial<StatementQuery>) =>
  (await listEntries(ports, owner, { limit: 50, ...query })).entries.map(({ seq }) => seq);
const minute = (n: number) => iso(START_MS + n * MINUTE);

describe("filters", () => {
  test.each<[string, Partial<StatementQuery>, number[]]>([
    ["none: newest first", {}, [7, 6, 5, 4, 3, 2, 1]],
    ["kind", { kind: "debit" }, [3]],
    ["currency", { currency: "INR" }, [6, 2]],
    ["direction in", { direction: "in" }, [2, 1]],
    ["direction out: a hold is out when it is captured", { direction: "out" }, [6, 5, 3]],
    ["reference", { reference: "hold-1" }, [5, 4]],
    ["from, included", { from: minute(5) }, [7, 6]],
    ["to, excluded", { to: minute(1) }, [1]],
    ["from and to", { from: minute(2), to: minute(4) }, [4, 3]],
    ["a range in another zone's writing", { from: "2026-01-31T15:32:00+05:30", to: "2026-01-31T15:33:00+05:30" }, [3]],
    ["several at once", { currency: "USD", direction: "out", to: minute(3) }, [3]],
    ["what nothing matches", { kind: "clawback" }, []],
  ])("%s", async (_, query, expected) => {
    expect(await seqs(query)).toEqual(expected);
  });

  test.each([
    ["reversed", minute(4), minute(2)],
    ["empty", minute(2), minute(2)],
  ])("a range that is %s holds nothing, and is no error", async (_, from, to) => {
    expect(await listEntries(ports, owner, { from, to, limit: 50 })).toEqual({ entries: [], nextCursor: null });
  });
});

describe("pages", () => {
  const walk = async (query: StatementQuery) => {
    const pages: number[][] = [];
    let cursor: string | undefined;
    do {
      const page = await listEntries(ports, owner, { ...query, cursor });
      pages.push(page.entries.map(({ seq }) => seq));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    return pages;
  };

  test("follow each other without gap or repeat; one that ends on the last entry is followed by an empty one", async () => {
    expect(await walk({ limit: 3 })).toEqual([[7, 6, 5], [4, 3, 2], [1]]);
    expect(await walk({ limit: 7 })).toEqual([[7, 6, 5, 4, 3, 2, 1], []]);
    expect(await walk({ limit: 1, currency: "INR" })).toEqual([[6], [2], []]);
  });

  test("may change their size on the way", async () => {
    const { nextCursor } = await listEntries(ports, owner, { limit: 2 });
    expect(await seqs({ limit: 50, cursor: nextCursor ?? "" })).toEqual([5, 4, 3, 2, 1]);
  });

  test("stay in place while new entries come in on top", async () => {
    const other = freshOwner();
    const add = (n: number) =>
      adjust(ports, { owner: other, adjustmentId: `${other}-${n}`, currency: "USD", amountMinor: 1, reason: "in", actor: "op" });
    for (let n = 1; n <= 4; n++) await add(n);
    const first = await listEntries(ports, other, { limit: 2 });
    await add(5);
    const second = await listEntries(ports, other, { limit: 2, cursor: first.nextCursor ?? "" });
    expect([...first.entries, ...second.entries].map(({ seq }) => seq)).toEqual([4, 3, 2, 1]);
  });

  test("a filter that matches rarely answers short pages with a cursor, and comes to the end", { timeout: 20_000 }, async () => {
    const other = freshOwner();
    await adjust(ports, { owner: other, adjustmentId: `${other}-rare`, currency: "INR", amountMinor: 1, reason: "in", actor: "op" });
    for (let n = 0; n < 620; n++)
      await adjust(ports, { owner: other, adjustmentId: `${other}-${n}`, currency: "USD", amountMinor: 1, reason: "in", actor: "op" });
    const first = await listEntries(ports, other, { limit: 10, currency: "INR" });
    expect(first.entries).toEqual([]);
    expect(first.nextCursor).not.toBeNull();
    const second = await listEntries(ports, other, { limit: 10, currency: "INR", cursor: first.nextCursor ?? "" });
    expect(second.entries.map(({ seq }) => seq)).toEqual([1]);
    expect(second.nextCursor).toBeNull();
  });

  test("a cursor of other filters, or one that was made up, is refused", async () => {
    const { nextCursor } = await listEntries(ports, owner, { limit: 1, currency: "USD" });
    const cursor = nextCursor ?? "";
    for (const query of [{ currency: "INR" }, {}, { currency: "USD", direction: "in" }, { currency: "USD", from: minute(0) }] as const)
      await expect(listEntries(ports, owner, { limit: 1, ...query, cursor })).rejects.toMatchObject({ code: "cursor.invalid" });
    for (const forged of ["", "x", Buffer.from("WALLET").toString("base64url"), `${cursor}A`, cursor.slice(0, -1)])
      await expect(listEntries(ports, owner, { limit: 1, currency: "USD", cursor: forged })).rejects.toMatchObject({
        code: "cursor.invalid",
        errors: [{ field: "query.cursor" }],
      });
  });

  test("another owner's cursor shows only one's own entries", async () => {
    const { nextCursor } = await listEntries(ports, owner, { limit: 1 });
    expect(await listEntries(ports, freshOwner(), { limit: 5, cursor: nextCursor ?? "" })).toEqual({ entries: [], nextCursor: null });
  });
});

describe("the balance as of a time", () => {
  const at = async (atMs: number) => {
    const { balances, seq, updatedAt } = await balancesAt(ports, owner, atMs);
    return { usd: balances[0]?.availableMinor, held: balances[0]?.heldMinor, inr: balances[1]?.availableMinor, seq, updatedAt };
  };
  const MIN = (n: number) => START_MS + n * MINUTE;

  test("before the first entry is nothing", async () => {
    expect(await at(START_MS - 1)).toEqual({ usd: 0, held: 0, inr: 0, seq: 0, updatedAt: null });
  });
  test("at the very time of an entry includes it", async () => {
    expect(await at(MIN(2))).toEqual({ usd: 900, held: 0, inr: 50_000, seq: 3, updatedAt: minute(2) });
  });
  test("a millisecond before it does not", async () => {
    expect(await at(MIN(2) - 1)).toMatchObject({ usd: 1_000, seq: 2 });
  });
  test("between entries is what the last one left", async () => {
    expect(await at(MIN(3) + 30_000)).toMatchObject({ usd: 700, held: 200, seq: 4 });
  });
  test("after the last is the balance now", async () => {
    expect(await at(MIN(999))).toMatchObject({ usd: 750, held: 0, inr: 49_300, seq: 7 });
    expect((await readBalances(ports, owner)).balances.map(({ availableMinor }) => availableMinor)).toEqual([750, 49_300]);
  });
});

test("entries of one time all count to it", async () => {
  const other = freshOwner();
  for (let n = 0; n < 12; n++)
    await adjust(ports, { owner: other, adjustmentId: `${other}-${n}`, currency: "USD", amountMinor: 1, reason: "in", actor: "op" });
  expect(await balancesAt(ports, other, nowMs)).toMatchObject({ seq: 12 });
});

test("a wallet says what it lacks, and a frozen one suffices for nothing", async () => {
  const view = await readBalances(ports, owner);
  expect(view).toMatchObject({ frozen: true, restricted: false, seq: 7, updatedAt: minute(6) });
  expect(sufficiency({ ...view, frozen: false }, "USD", 750)).toEqual({ sufficient: true, missingMinor: 0 });
  expect(sufficiency({ ...view, frozen: false }, "USD", 751)).toEqual({ sufficient: false, missingMinor: 1 });
  expect(sufficiency(view, "USD", 1)).toEqual({ sufficient: false, missingMinor: 0 });
  expect(sufficiency({ ...view, frozen: false, restricted: true }, "INR", 1)).toEqual({ sufficient: false, missingMinor: 0 });
});
