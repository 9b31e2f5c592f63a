import { freshOwner, ledgerPorts, startTableUnderTest, type TableUnderTest } from "@aira/local/testing/table-under-test";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Item, type Key, keys } from "../table/index.ts";
import { hashOf } from "./entry.ts";
import { adjust, authorize, capture, debit, freeze, type LedgerPorts, listOwners, release, verifyAll, verifyWallet } from "./index.ts";
import { parseEntry } from "./ledger.store.ts";

let emulator: TableUnderTest;
let ports: LedgerPorts;
beforeAll(async () => {
  emulator = await startTableUnderTest();
  ports = ledgerPorts(emulator.table);
});
afterAll(() => emulator.stop());

const why = { description: "test", actor: "test" };
const money = (owner: string, n: number) =>
  adjust(ports, { owner, adjustmentId: `${owner}-${n}`, currency: "USD", amountMinor: 1_000, reason: "test", actor: "operator" });

/** Money in, a debit, a captured hold, an open hold. */
async function history() {
  const owner = freshOwner();
  const hold = (name: string) => ({ owner, holdId: `${owner}-${name}`, currency: "USD" as const, amountMinor: 200, ...why });
  await money(owner, 0);
  await debit(ports, { owner, id: owner, currency: "USD", amountMinor: 100, ...why });
  await authorize(ports, hold("captured"));
  await capture(ports, { ...hold("captured"), captureMinor: 150 });
  await authorize(ports, hold("open"));
  return { owner, hold };
}

const walletKey = (owner: string) => keys.wallet(owner);
async function entryItems(owner: string): Promise<(Item & Key)[]> {
  const { items } = await ports.table.query({ pk: walletKey(owner).pk, prefix: "ENTRY#", consistent: true });
  return items as (Item & Key)[];
}
const entryItem = async (owner: string, seq: number): Promise<Item & Key> => (await entryItems(owner))[seq - 1]!;
const set = (key: Key, fields: Item) => ports.table.write({ update: { pk: key.pk, sk: key.sk }, set: fields });
const brokenOf = async (owner: string, options?: Parameters<typeof verifyWallet>[2]) =>
  (await verifyWallet(ports, owner, options)).violations.map(({ seq, broken }) => `${seq}: ${broken}`);

test("a wallet that nobody touched has nothing wrong", async () => {
  const { owner } = await history();
  expect(await verifyWallet(ports, owner)).toMatchObject({ owner, entries: 5, violations: [], checkpoint: { wallet: { seq: 5 } } });
  expect((await verifyWallet(ports, freshOwner())).violations).toEqual([]);
});

describe("tampering is found and named", () => {
  test("the wallet's balance", async () => {
    const { owner } = await history();
    await set(walletKey(owner), { balances: { USD: { availableMinor: 9_999, heldMinor: 200 } } });
    expect(await brokenOf(owner)).toEqual(["0: the wallet's balances are the sum of its entries"]);
  });

  test("the wallet's held money", async () => {
    const { owner } = await history();
    await set(walletKey(owner), { balances: { USD: { availableMinor: 550, heldMinor: 0 } } });
    expect(await brokenOf(owner)).toContain("0: the wallet's balances are the sum of its entries");
    expect(await brokenOf(owner)).toContain("0: held money is the sum of the open holds");
  });

  test.each([
    ["head", { head: "f".repeat(64) }, "0: the wallet's head is the newest entry's hash"],
    ["time", { lastAt: "2030-01-01T00:00:00.000Z" }, "0: the wallet's time is the newest entry's"],
    ["freeze", { frozen: true }, "0: the wallet is frozen as its entries say"],
    ["seq", { seq: 6 }, "0: the wallet counts 6 entries, as there are"],
  ])("the wallet's %s", async (_, fields, sentence) => {
    const { owner } = await history();
    await set(walletKey(owner), fields);
    expect(await brokenOf(owner)).toEqual([sentence]);
  });

  test.each([
    ["amount", { amountMinor: -1 }],
    ["description", { description: "nothing to see" }],
    ["actor", { actor: "somebody else" }],
    ["reference", { refId: "another" }],
    ["kind", { kind: "usage" }],
  ])("an entry's %s, by its hash", async (_, fields) => {
    const { owner } = await history();
    await set(await entryItem(owner, 2), fields);
    expect(await brokenOf(owner)).toContain("2: the hash matches the entry's fields");
  });

  test("an entry whose hash was made to fit again, by the chain", async () => {
    const { owner } = await history();
    const item = await entryItem(owner, 2);
    const entry = { ...parseEntry(owner, item), description: "nothing to see" };
    await set(item, { description: entry.description, hash: hashOf(entry) });
    expect(await brokenOf(owner)).toEqual(["3: the hash chains to the entry before it"]);
  });

  test("an entry that is gone", async () => {
    const { owner } = await history();
    await ports.table.write({ delete: { pk: walletKey(owner).pk, sk: (await entryItem(owner, 2)).sk } });
    expect(await brokenOf(owner)).toContain("3: seq follows 1 without a gap");
  });

  test("the newest entry that is gone", async () => {
    const { owner } = await history();
    await ports.table.write({ delete: { pk: walletKey(owner).pk, sk: (await entryItem(owner, 5)).sk } });
    expect(await brokenOf(owner)).toContain("0: the wallet counts 5 entries, as there are");
  });

  test("an entry of another wallet", async () => {
    const { owner } = await history();
    const other = await history();
    const { pk, ...fields } = await entryItem(other.owner, 2);
    await set(await entryItem(owner, 2), { hash: fields.hash, prevHash: fields.prevHash });
    expect(await brokenOf(owner)).toContain("2: the hash matches the entry's fields");
  });

  test.each([
    ["captured", { state: "open", closed: undefined }, ["closed"], 3],
    ["open", { state: "released", closed: { entryKey: "ENTRY#2026-01-01T00:00:00.000Z#000000000004", fingerprint: "", at: "" } }, [], 5],
    ["open", { amountMinor: 1 }, [], 5],
  ] as const)("a hold that says other than its entries (%s)", async (name, fields, remove, seq) => {
    const { owner, hold } = await history();
    await ports.table.write({ update: keys.hold(owner, hold(name).holdId), set: fields, remove });
    expect(await brokenOf(owner)).toEqual([`${seq}: every hold is open or closed as its entries say`]);
  });

  test("a permission that was given against the rules, though every hash fits", async () => {
    const owner = freshOwner();
    await money(owner, 0);
    await freeze(ports, { owner, adjustmentId: `f-${owner}`, reason: "test", actor: "operator" });
    await money(owner, 1);
    const item = await entryItem(owner, 3);
    const forged = { ...parseEntry(owner, item), kind: "debit" as const, amountMinor: -1_000 };
    const entry = { ...forged, balances: { USD: { availableMinor: 0, heldMinor: 0 } } };
    await set(item, { kind: entry.kind, amountMinor: entry.amountMinor, balances: entry.balances, hash: hashOf(entry) });
    await set(walletKey(owner), { head: hashOf(entry), balances: entry.balances });
    expect(await brokenOf(owner)).toEqual(["3: a frozen wallet spends nothing"]);
  });
});

describe("checkpoints and anchors", () => {
  test("a run goes on from a checkpoint and reads only what is new", async () => {
    const { owner, hold } = await history();
    const { checkpoint } = await verifyWallet(ports, owner);
    await release(ports, hold("open"));
    expect(await verifyWallet(ports, owner, { from: checkpoint })).toMatchObject({ entries: 1, violations: [] });
  });

  test("a history that was rewritten as a whole does not lead through an anchor kept outside", async () => {
    const { owner } = await history();
    const { checkpoint: anchor } = await verifyWallet(ports, owner);
    // Everything is made anew under the same owner: consistent in itself.
    for (const item of await entryItems(owner)) await ports.table.write({ delete: { pk: item.pk, sk: item.sk } });
    const { items } = await ports.table.query({ pk: walletKey(owner).pk, prefix: "", consistent: true });
    for (const item of items as readonly (Item & Key)[]) await ports.table.write({ delete: { pk: item.pk, sk: item.sk } });
    for (let n = 10; n < 15; n++) await money(owner, n);
    expect(await brokenOf(owner)).toEqual([]);
    expect(await brokenOf(owner, { anchor })).toEqual(["5: the history leads through the anchored head"]);
  });
});

test("writes that go on meanwhile raise no false alarm", async () => {
  const { owner } = await history();
  let writing = true;
  const writer = async () => {
    for (let n = 1; n <= 40; n++) {
      const hold = { owner, holdId: `${owner}-w${n}`, currency: "USD", amountMinor: 5, ...why } as const;
      await authorize(ports, hold);
      await release(ports, hold);
    }
    writing = false;
  };
  const found: unknown[] = [];
  const verifier = async () => {
    do found.push(...(await verifyWallet(ports, owner)).violations);
    while (writing);
  };
  await Promise.all([writer(), verifier()]);
  expect(found).toEqual([]);
});

test("every wallet is listed and verified", async () => {
  const { owner } = await history();
  expect(await Array.fromAsync(listOwners(ports))).toContain(owner);
  const reports = await Array.fromAsync(verifyAll(ports));
  expect(reports.map((report) => report.owner)).toContain(owner);
});
