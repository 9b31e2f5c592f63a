import { memoryTable } from "@aira/local/testing/memory-table-under-test";
import { describe, expect, test } from "vitest";
import { keys, type Table } from "../table/index.ts";
import {
  adjust,
  authorize,
  type Checkpoint,
  debit,
  expireHolds,
  freeze,
  type LedgerPorts,
  listEntries,
  listOwners,
  readBalances,
  sufficiency,
  verifyAll,
  verifyWallet,
} from "./index.ts";
import { queryEntries, seqOfEntryKey, timeOfEntryKey } from "./ledger.store.ts";

const NOW_MS = Date.parse("2026-01-31T10:00:00.000Z");

/** A table that answers lists an item at a time, and notes what it was asked. */
function setting() {
  const memory = memoryTable();
  let nowMs = NOW_MS;
  const asked: { readonly consistent: boolean | undefined; readonly limit?: number | undefined }[] = [];
  const table: Table = {
    ...memory,
    get: (key, options) => {
      asked.push({ consistent: options?.consistent });
      return memory.get(key, options);
    },
    query: (query) => {
      asked.push({ consistent: query.consistent, limit: query.limit });
      return memory.query({ ...query, limit: 1 });
    },
  };
  const ports: LedgerPorts = { table, clock: () => nowMs, random: () => 0, wait: async () => {} };
  const fund = (owner: string, id = owner) =>
    adjust(ports, { owner, adjustmentId: id, currency: "USD", amountMinor: 1_000, reason: "test", actor: "operator" });
  const hold = (owner: string, holdId: string, expiresAtMs?: number) => {
    const terms = { owner, holdId, currency: "USD", amountMinor: 10, description: "test", actor: "test" } as const;
    return authorize(ports, { ...terms, ...(expiresAtMs === undefined ? {} : { expiresAtMs }) });
  };
  const pass = (ms: number) => {
    nowMs += ms;
  };
  return { memory, table, ports, asked, fund, hold, pass };
}

describe("a list is read to its end, however short its pages are", () => {
  test("of the entries and holds that are verified", async () => {
    const { memory, ports, fund, hold } = setting();
    await fund("asha");
    for (const id of ["a", "b", "c"]) await hold("asha", id);
    expect(await verifyWallet(ports, "asha")).toMatchObject({ entries: 4, violations: [] });
    await memory.write({ update: keys.hold("asha", "c"), set: { amountMinor: 11 } });
    expect((await verifyWallet(ports, "asha")).violations).toEqual([{ seq: 4, broken: "every hold is open or closed as its entries say" }]);
  });

  test("of the holds that are due", async () => {
    const { ports, fund, hold, pass } = setting();
    await fund("asha");
    // Enough of them that some share a shard of the index.
    for (let n = 0; n < 40; n++) await hold("asha", `hold-${n}`, NOW_MS + 1_000);
    pass(1_000);
    expect(await expireHolds(ports)).toEqual({ expired: 40, left: 0 });
  });

  test("of the wallets", async () => {
    const { ports, fund } = setting();
    const owners = Array.from({ length: 40 }, (_, n) => `owner-${n}`);
    for (const owner of owners) await fund(owner);
    expect((await Array.fromAsync(listOwners(ports))).sort()).toEqual(owners.toSorted());
    const reports = await Array.fromAsync(verifyAll(ports));
    expect(reports.map(({ owner }) => owner).sort()).toEqual(owners.toSorted());
  });
});

test("held money is counted in its own currency", async () => {
  const { memory, ports, fund, hold } = setting();
  await fund("asha");
  await adjust(ports, { owner: "asha", adjustmentId: "inr", currency: "INR", amountMinor: 500, reason: "test", actor: "operator" });
  await hold("asha", "a");
  expect((await verifyWallet(ports, "asha")).violations).toEqual([]);
  await memory.write({ update: keys.hold("asha", "a"), set: { currency: "INR" } });
  expect((await verifyWallet(ports, "asha")).violations).toEqual([{ seq: 3, broken: "every hold is open or closed as its entries say" }]);
});

test("the verifier sees everything as it is: every read is consistent", async () => {
  const { ports, asked, fund, hold } = setting();
  await fund("asha");
  await hold("asha", "a");
  const { checkpoint } = await verifyWallet(ports, "asha");
  asked.length = 0;
  await verifyWallet(ports, "asha", { from: checkpoint, anchor: checkpoint });
  expect(asked.length).toBeGreaterThan(3);
  expect(asked.filter(({ consistent }) => consistent !== true)).toEqual([]);
});

describe("a statement", () => {
  test("costs half: it reads what may be a moment old, a page at a time", async () => {
    const { ports, asked, fund } = setting();
    await fund("asha");
    asked.length = 0;
    await listEntries(ports, "asha", { limit: 20 });
    expect(asked).toEqual([{ consistent: false, limit: 20 }]);
    asked.length = 0;
    await listEntries(ports, "asha", { limit: 20, kind: "credit" });
    expect(asked[0]).toEqual({ consistent: false, limit: 100 });
  });

  test("with a filter reads five pages at most, and goes on there", async () => {
    const { ports, asked, fund } = setting();
    for (let n = 0; n < 7; n++) await fund("asha", `in-${n}`);
    asked.length = 0;
    const page = await listEntries(ports, "asha", { limit: 20, kind: "credit" });
    expect(page.entries).toEqual([]);
    expect(asked).toHaveLength(5);
    asked.length = 0;
    // One page is left of two entries, and one to find that there is no more.
    expect(await listEntries(ports, "asha", { limit: 20, kind: "credit", cursor: page.nextCursor! })).toEqual({
      entries: [],
      nextCursor: null,
    });
    expect(asked).toHaveLength(3);
  });

  test.each([{ currency: "INR" }, { direction: "out" }, { reference: "x" }] as const)("counts %o as a filter", async (filter) => {
    const { ports, asked, fund } = setting();
    for (let n = 0; n < 7; n++) await fund("asha", `in-${n}`);
    asked.length = 0;
    expect((await listEntries(ports, "asha", { limit: 20, ...filter })).entries).toEqual([]);
    expect(asked).toHaveLength(5);
  });

  test("that finds its last match in the oldest entry has no cursor", async () => {
    const { memory, fund, hold } = setting();
    await fund("asha");
    await hold("asha", "a");
    const page = await listEntries({ table: memory }, "asha", { limit: 1, kind: "adjustment" });
    expect([page.entries.map(({ seq }) => seq), page.nextCursor]).toEqual([[1], null]);
    expect((await listEntries({ table: memory }, "asha", { limit: 1, kind: "authorization" })).nextCursor).not.toBeNull();
  });

  test("of an empty range asks for nothing", async () => {
    const { ports, asked } = setting();
    const from = "2026-01-31T10:00:00.000Z";
    expect(await listEntries(ports, "asha", { limit: 20, from, to: from })).toEqual({ entries: [], nextCursor: null });
    expect(asked).toEqual([]);
  });

  test("of a wallet without entries is empty, filtered or not", async () => {
    const { ports } = setting();
    expect(await listEntries(ports, "asha", { limit: 20 })).toEqual({ entries: [], nextCursor: null });
    expect(await listEntries(ports, "asha", { limit: 20, reference: "x" })).toEqual({ entries: [], nextCursor: null });
  });

  test("by direction leaves out what neither came nor went", async () => {
    const { ports, fund, hold } = setting();
    await fund("asha");
    await hold("asha", "a");
    await freeze(ports, { owner: "asha", adjustmentId: "stop", reason: "test", actor: "operator" });
    const kinds = async (direction: "in" | "out") =>
      (await listEntries(ports, "asha", { limit: 20, direction })).entries.map(({ kind }) => kind);
    expect([await kinds("in"), await kinds("out")]).toEqual([["adjustment"], []]);
  });

  test("with a cursor that was made up says which field is wrong", async () => {
    const { ports, fund } = setting();
    for (const id of ["one", "two"]) await fund("asha", id);
    const { nextCursor } = await listEntries(ports, "asha", { limit: 1 });
    const text = Buffer.from(nextCursor!, "base64url").toString();
    expect(text).toMatch(/^[0-9a-f]{12}ENTRY#2026-01-31T10:00:00\.000Z#000000000002$/);
    // Another way to write the very same is made up too: a cursor comes back as it was given.
    await expect(listEntries(ports, "asha", { limit: 1, cursor: `${nextCursor}==` })).rejects.toMatchObject({ code: "cursor.invalid" });
    for (const forged of [
      ` ${text}`,
      `${text} `,
      text.replace(/0{11}2$/, ""),
      text.replace("ENTRY", "HOLD"),
      text.replace("10:00", "1000"),
    ]) {
      const cursor = Buffer.from(forged).toString("base64url");
      await expect(listEntries(ports, "asha", { limit: 1, cursor })).rejects.toMatchObject({
        code: "cursor.invalid",
        errors: [{ field: "query.cursor" }],
      });
    }
  });
});

test("entries are read oldest first unless asked otherwise, from, to and behind a key", async () => {
  const { memory, ports, fund, pass } = setting();
  for (let n = 1; n <= 4; n++) {
    await fund("asha", `in-${n}`);
    pass(1_000);
  }
  const seqs = async (range: Omit<Parameters<typeof queryEntries>[2], "limit">, limit = 10) => {
    const { entries, more } = await queryEntries(memory, "asha", { ...range, limit });
    return [entries.map(({ seq }) => seq), more];
  };
  const at = (n: number) => `2026-01-31T10:00:0${n}.000Z`;
  expect(await seqs({})).toEqual([[1, 2, 3, 4], false]);
  expect(await seqs({ newestFirst: true })).toEqual([[4, 3, 2, 1], false]);
  expect(await seqs({ from: at(1), to: at(3) })).toEqual([[2, 3], false]);
  expect(await seqs({}, 3)).toEqual([[1, 2, 3], true]);
  expect(await seqs({ after: keys.entry("asha", at(1), 2).sk })).toEqual([[3, 4], false]);
  expect(seqOfEntryKey(keys.entry("asha", at(1), 123_456).sk)).toBe(123_456);
  expect(timeOfEntryKey(keys.entry("asha", at(1), 123_456).sk)).toBe(at(1));
  expect((await listOwners(ports).next()).value).toBe("asha");
});

describe("a wallet's page", () => {
  test("shows every currency, and nothing of a wallet that was never used", async () => {
    const { ports } = setting();
    const nothing = { availableMinor: 0, heldMinor: 0, totalMinor: 0 };
    expect(await readBalances(ports, "asha")).toEqual({
      balances: [
        { currency: "USD", ...nothing },
        { currency: "INR", ...nothing },
      ],
      frozen: false,
      restricted: false,
      seq: 0,
      updatedAt: null,
      alerts: {},
    });
  });

  test("adds what is held to what can be spent", async () => {
    const { ports, fund, hold } = setting();
    await fund("asha");
    await hold("asha", "a");
    const view = await readBalances(ports, "asha");
    expect(view.balances[0]).toEqual({ currency: "USD", availableMinor: 990, heldMinor: 10, totalMinor: 1_000 });
    expect(sufficiency({ balances: [] }, "USD", 5)).toEqual({ sufficient: false, missingMinor: 5 });
    expect(sufficiency(view, "INR", 5)).toEqual({ sufficient: false, missingMinor: 5 });
    expect(sufficiency(view, "USD", 991)).toEqual({ sufficient: false, missingMinor: 1 });
  });
});

describe("a checkpoint that the history does not lead through", () => {
  const history = async () => {
    const made = setting();
    await made.fund("asha");
    await made.hold("asha", "a");
    const { checkpoint } = await verifyWallet(made.ports, "asha");
    return { ...made, checkpoint: checkpoint! };
  };
  const anchored = "the history leads through the anchored head";
  const forged = (checkpoint: Checkpoint): Checkpoint => ({ ...checkpoint, wallet: { ...checkpoint.wallet, head: "f".repeat(64) } });

  test("is found, as a start and as an anchor, and then there is no new one", async () => {
    const { ports, checkpoint } = await history();
    const asAnchor = await verifyWallet(ports, "asha", { anchor: forged(checkpoint) });
    expect(asAnchor).toMatchObject({ violations: [{ seq: 2, broken: anchored }], checkpoint: undefined });
    const asStart = await verifyWallet(ports, "asha", { from: forged(checkpoint) });
    expect(asStart.violations).toContainEqual({ seq: 2, broken: anchored });
    const gone = await verifyWallet(ports, "asha", { anchor: { ...checkpoint, entryKey: "ENTRY#none" } });
    expect(gone.violations).toEqual([{ seq: 2, broken: anchored }]);
  });

  test("is not looked for before the first entry", async () => {
    const { ports, checkpoint } = await history();
    const { checkpoint: empty } = await verifyWallet(ports, "nobody");
    const from = { ...empty!, wallet: { ...empty!.wallet, owner: "asha" } };
    expect(await verifyWallet(ports, "asha", { from, anchor: from })).toEqual({ owner: "asha", entries: 2, violations: [], checkpoint });
  });

  test("lets the next run read only what is new", async () => {
    const { ports, checkpoint } = await history();
    expect(await verifyWallet(ports, "asha", { from: checkpoint })).toMatchObject({ entries: 0, violations: [], checkpoint });
    await debit(ports, { owner: "asha", id: "c", currency: "USD", amountMinor: 1, description: "test", actor: "test" });
    expect(await verifyWallet(ports, "asha", { from: checkpoint })).toMatchObject({ entries: 1, violations: [] });
  });
});
