import { memoryTable } from "@aira/local/testing/memory-table-under-test";
import { freshOwner, ledgerPorts, startTableUnderTest, type TableUnderTest } from "@aira/local/testing/table-under-test";
import { afterAll, beforeAll, expect, test } from "vitest";
import { adjust, authorize, debit, type LedgerPorts, loadEntry, loadWallet, queryEntries } from "../ledger/index.ts";
import { keys, type Table } from "../table/index.ts";
import { type Anchor, anchorLine, readAnchors, type VerifiedWallet, verifyEvery, verifyLedger, verifyOwner } from "./index.ts";

const WEEK_MS = 7 * 86_400_000;

let emulator: TableUnderTest;
beforeAll(async () => {
  emulator = await startTableUnderTest();
});
afterAll(() => emulator.stop());

/** The ledger over a table of its own, with a clock that a test can push. */
function ledger(table: Table = memoryTable()) {
  const time = { ms: Date.parse("2026-03-01T12:00:00Z") };
  const ports: LedgerPorts = { ...ledgerPorts(table), clock: () => time.ms };
  let adjustments = 0;
  return {
    ports,
    pass: (ms: number) => {
      time.ms += ms;
    },
    async fund(owner: string, times = 1) {
      for (let n = 0; n < times; n++) {
        const adjustmentId = `${owner}-${++adjustments}`;
        await adjust(ports, { owner, adjustmentId, currency: "USD", amountMinor: 1_000, reason: "test", actor: "operator" });
      }
    },
  };
}

const all = async (run: AsyncIterable<VerifiedWallet>): Promise<VerifiedWallet[]> => {
  const wallets: VerifiedWallet[] = [];
  for await (const wallet of run) wallets.push(wallet);
  return wallets;
};
const brokenIn = (wallets: readonly VerifiedWallet[]) =>
  wallets.filter(({ violations }) => violations.length > 0).map(({ owner }) => owner);

async function alterEntry(ports: LedgerPorts, owner: string, seq: number, set: Record<string, unknown>) {
  const { entries } = await queryEntries(ports.table, owner, { limit: 100 });
  const entry = entries.find((one) => one.seq === seq)!;
  await ports.table.write({ update: keys.entry(owner, entry.at, entry.seq), set });
}

test("a second run reads what is new, and a week later every entry again", async () => {
  const { ports, pass, fund } = ledger();
  await fund("a", 5);
  expect(await verifyOwner(ports, "a")).toMatchObject({ entries: 5, full: true, violations: [], anchorIsNews: true });
  await fund("a", 2);
  expect(await verifyOwner(ports, "a")).toMatchObject({ entries: 2, full: false, anchor: { seq: 7 }, anchorIsNews: true });
  expect(await verifyOwner(ports, "a")).toMatchObject({ entries: 0, full: false, anchorIsNews: false });
  expect(await verifyOwner(ports, "a", { full: true })).toMatchObject({ entries: 7, full: true });
  pass(WEEK_MS);
  expect(await verifyOwner(ports, "a")).toMatchObject({ entries: 7, full: true });
});

test("an entry altered behind the checkpoint is found, and every later run finds it again until it is put right", async () => {
  const { ports, pass, fund } = ledger();
  await fund("a", 3);
  await verifyOwner(ports, "a");
  await alterEntry(ports, "a", 2, { amountMinor: 1_001 });
  expect((await verifyOwner(ports, "a")).violations).toEqual([]);
  pass(WEEK_MS);
  const broken = ["the hash matches the entry's fields", "the balances after it are those before it plus its amounts"];
  for (let run = 0; run < 3; run++) {
    const { violations, anchor } = await verifyOwner(ports, "a");
    expect(violations).toEqual(broken.map((sentence) => ({ seq: 2, broken: sentence })));
    expect(anchor).toBeUndefined();
    await fund("a");
  }
  await alterEntry(ports, "a", 2, { amountMinor: 1_000 });
  expect(await verifyOwner(ports, "a")).toMatchObject({ violations: [], full: true });
  expect(await verifyOwner(ports, "a")).toMatchObject({ violations: [], full: false });
});

test("a history that was written anew, with every hash right and its checkpoint removed, does not lead through an anchor outside the table", async () => {
  const { ports, fund } = ledger();
  await fund("a", 3);
  const { anchor } = await verifyOwner(ports, "a");
  const forged = ledger();
  await debitAfter(forged, "a");
  for (const { seq, at } of (await queryEntries(ports.table, "a", { limit: 10 })).entries)
    await ports.table.write({ delete: keys.entry("a", at, seq) });
  await copyWallet(forged.ports, ports, "a");
  await ports.table.write({ delete: keys.checkpoint("a") });
  expect((await verifyOwner(ports, "a", { readOnly: true })).violations).toEqual([]);
  const anchors = readAnchors(anchorLine(anchor!)).newest;
  expect((await verifyOwner(ports, "a", { anchors })).violations).toEqual([
    { seq: 3, broken: "the history leads through the anchored head" },
  ]);
});

async function debitAfter({ ports, fund }: ReturnType<typeof ledger>, owner: string) {
  await fund(owner, 2);
  await debit(ports, { owner, id: "forged", currency: "USD", amountMinor: 1_500, description: "forged", actor: "forged" });
}

async function copyWallet(from: LedgerPorts, to: LedgerPorts, owner: string) {
  const { entries } = await queryEntries(from.table, owner, { limit: 10 });
  const stored = await Promise.all(entries.map(({ at, seq }) => from.table.get(keys.entry(owner, at, seq))));
  for (const item of [...stored, await from.table.get(keys.wallet(owner))])
    await to.table.write({ put: { ...item, pk: item!.pk as string, sk: item!.sk as string } });
}

test("an anchor also stands against a rewritten checkpoint, and a checkpoint against a rewritten history", async () => {
  const { ports, fund } = ledger();
  await fund("a", 3);
  const { anchor } = await verifyOwner(ports, "a");
  await ports.table.write({ update: keys.checkpoint("a"), set: { suspect: true } });
  const wrong: Anchor = { ...anchor!, head: "0".repeat(64) };
  const anchors = new Map([[wrong.ownerHash, wrong]]);
  expect((await verifyOwner(ports, "a", { anchors })).violations).toHaveLength(1);
  expect((await verifyOwner(ports, "a")).violations).toEqual([]);
  await ports.table.write({ update: keys.checkpoint("a"), set: { entryKey: "ENTRY#elsewhere" } });
  expect((await verifyOwner(ports, "a", { full: true })).violations).toEqual([
    { seq: 3, broken: "the history leads through the anchored head" },
  ]);
});

test("a run that meets its deadline goes on behind the last wallet next time, and the run after the last starts anew", async () => {
  const { ports, fund } = ledger(emulator.table);
  const owners = Array.from({ length: 19 }, () => freshOwner());
  for (const owner of owners) await fund(owner);
  const seen: string[] = [];
  for (const last of [false, false, false, true]) {
    const run = verifyLedger(ports, 0);
    let step = await run.next();
    for (; !step.done; step = await run.next()) seen.push(step.value.owner);
    // A deadline that has passed lets a run do one step, of eight wallets, so that every run gets on.
    expect(step.value).toEqual({ complete: last });
    if (last) break;
  }
  expect(seen.sort()).toEqual([...owners].sort());
  expect((await all(verifyLedger(ports, Number.POSITIVE_INFINITY))).map(({ entries }) => entries)).toEqual(owners.map(() => 0));
});

test("a run that dies half-way leaves no wallet out, and changes nothing when it is repeated", async () => {
  const { ports, fund } = ledger();
  const owners = Array.from({ length: 20 }, (_, n) => `owner-${n}`);
  for (const owner of owners) await fund(owner);
  await alterEntry(ports, "owner-7", 1, { description: "altered" });
  const dying = verifyLedger(ports, Number.POSITIVE_INFINITY);
  const first = [(await dying.next()).value, (await dying.next()).value] as VerifiedWallet[];
  const again = await all(verifyLedger(ports, Number.POSITIVE_INFINITY));
  expect(new Set([...first, ...again].map(({ owner }) => owner))).toEqual(new Set(owners));
  expect(brokenIn(again)).toEqual(["owner-7"]);
  expect(brokenIn(await all(verifyLedger(ports, Number.POSITIVE_INFINITY)))).toEqual(["owner-7"]);
});

test("two runs side by side never wipe out what one of them found", async () => {
  const { ports, fund } = ledger();
  await fund("a", 3);
  await verifyOwner(ports, "a");
  await fund("a");
  await alterEntry(ports, "a", 1, { description: "altered" });
  await Promise.all([verifyOwner(ports, "a", { full: true }), verifyOwner(ports, "a"), verifyOwner(ports, "a")]);
  expect(brokenIn([await verifyOwner(ports, "a")])).toEqual(["a"]);
});

test("an item that is no entry any more breaks its own wallet only", async () => {
  const { ports, fund } = ledger();
  for (const owner of ["a", "b", "c"]) await fund(owner);
  await alterEntry(ports, "b", 1, { kind: "gift" });
  const wallets = await all(verifyEvery(ports));
  expect(wallets).toHaveLength(3);
  expect(brokenIn(wallets)).toEqual(["b"]);
});

test("writes that go on meanwhile raise no alarm", async () => {
  const { ports, fund } = ledger(emulator.table);
  const owner = freshOwner();
  await fund(owner);
  const why = { description: "test", actor: "test" };
  const writing = (async () => {
    for (let n = 0; n < 15; n++) {
      await fund(owner);
      await authorize(ports, { owner, holdId: `${owner}-${n}`, currency: "USD", amountMinor: 10, ...why });
    }
  })();
  let done = false;
  void writing.then(() => {
    done = true;
  });
  while (!done) expect((await verifyOwner(ports, owner)).violations).toEqual([]);
  await writing;
  expect(await verifyOwner(ports, owner, { full: true })).toMatchObject({ entries: 31, violations: [] });
});

test("a read-only run writes nothing at all", async () => {
  const { ports, fund } = ledger();
  await fund("a");
  const refuse = () => Promise.reject(new Error("a write"));
  const table: Table = { ...ports.table, write: refuse, transact: refuse };
  expect(brokenIn(await all(verifyEvery({ ...ports, table }, { readOnly: true })))).toEqual([]);
});

test("anchors are read from the tool's file and from log lines, the newest of each wallet; two that contradict are told", async () => {
  const { ports, fund } = ledger();
  await fund("a");
  const first = (await verifyOwner(ports, "a")).anchor!;
  await fund("a");
  const second = (await verifyOwner(ports, "a")).anchor!;
  expect(second).toEqual({
    ownerHash: first.ownerHash,
    seq: 2,
    at: (await loadWallet(ports.table, "a")).lastAt,
    head: (await loadEntry(ports.table, "a", keys.entry("a", second.at, 2).sk))?.hash,
  });
  const log = `2026-03-01T12:00:01Z ${JSON.stringify({ level: "INFO", message: "ledger anchor", ...second })}`;
  const contradicting = anchorLine({ ...first, head: "f".repeat(64) });
  const { newest, contradictions } = readAnchors(["START RequestId: x", log, anchorLine(first), contradicting, ""].join("\n"));
  expect([...newest.values()]).toEqual([second]);
  expect(contradictions).toHaveLength(1);
  expect(() => readAnchors('\n{"ownerHash":"x","head":"y"}')).toThrow(/line 2 of the anchors must have ownerHash/);
});
