import { memoryTable } from "@aira/local/testing/memory-table-under-test";
import { ledgerPorts } from "@aira/local/testing/table-under-test";
import { expect, test } from "vitest";
import { keys } from "../table/index.ts";
import { hashOf } from "./entry.ts";
import { adjust, authorize, capture, chargeUsage, debit, fingerprintOf, freeze, release, unfreeze } from "./index.ts";
import { parseEntry } from "./ledger.store.ts";

// What stands in the table is read by people, by exports and by the verifier of the next version: its fields are a promise.

const NOW_MS = Date.parse("2026-01-31T10:00:00.000Z");
const AT = "2026-01-31T10:00:00.000Z";
const MARK = {
  entryKey: expect.stringMatching(/^ENTRY#2026-01-31T10:00:00\.000Z#\d{12}$/),
  fingerprint: expect.stringMatching(/^[0-9a-f]{32}$/),
  at: AT,
};

function setting() {
  const table = memoryTable();
  const ports = { ...ledgerPorts(table), clock: () => NOW_MS };
  const entries = async () => {
    const { items } = await table.query({ pk: keys.wallet("asha").pk, prefix: "ENTRY#" });
    return items.map((item) => parseEntry("asha", item));
  };
  const fund = (amountMinor = 1_000) =>
    adjust(ports, { owner: "asha", adjustmentId: "in", currency: "USD", amountMinor, reason: "Welcome", actor: "operator:ben" });
  return { table, ports, entries, fund };
}

const charge = { owner: "asha", id: "one", currency: "USD", amountMinor: 100, description: "A number", actor: "asha" } as const;
const hold = { owner: "asha", holdId: "call", currency: "USD", amountMinor: 300, description: "A call", actor: "system:calls" } as const;

test("an adjustment keeps who made it and why, in the statement and beside its mark", async () => {
  const { table, entries, fund } = setting();
  await fund();
  expect(await table.get(keys.adjustment("in"))).toEqual({
    ...keys.adjustment("in"),
    owner: "asha",
    kind: "adjustment",
    currency: "USD",
    amountMinor: 1_000,
    reason: "Welcome",
    actor: "operator:ben",
    posted: MARK,
  });
  expect(await entries()).toMatchObject([
    {
      owner: "asha",
      seq: 1,
      at: AT,
      kind: "adjustment",
      currency: "USD",
      amountMinor: 1_000,
      heldMinor: 0,
      balances: { USD: { availableMinor: 1_000, heldMinor: 0 } },
      reference: { type: "adjustment", id: "in" },
      description: "Welcome",
      actor: "operator:ben",
    },
  ]);
});

test("a freeze and its end move no money, and say who and why", async () => {
  const { table, ports, entries, fund } = setting();
  await fund();
  await freeze(ports, { owner: "asha", adjustmentId: "stop", reason: "Fraud", actor: "operator:ben" });
  await unfreeze(ports, { owner: "asha", adjustmentId: "go", reason: "Cleared", actor: "operator:ben" });
  const [, stop, go] = await entries();
  expect(stop).toMatchObject({
    kind: "freeze",
    amountMinor: 0,
    heldMinor: 0,
    reference: { type: "adjustment", id: "stop" },
    description: "Fraud",
  });
  expect(go).toMatchObject({
    kind: "unfreeze",
    amountMinor: 0,
    heldMinor: 0,
    reference: { type: "adjustment", id: "go" },
    description: "Cleared",
  });
  expect(await table.get(keys.adjustment("stop"))).toMatchObject({ kind: "freeze", owner: "asha", reason: "Fraud", actor: "operator:ben" });
});

test("a charge and a usage keep their terms beside their mark, and are named by their own kind", async () => {
  const { table, ports, entries, fund } = setting();
  await fund();
  await debit(ports, charge);
  await chargeUsage(ports, charge);
  const terms = { owner: "asha", currency: "USD", amountMinor: 100, posted: MARK };
  expect(await table.get(keys.charge("one"))).toEqual({ ...keys.charge("one"), ...terms });
  expect(await table.get(keys.usage("one"))).toEqual({ ...keys.usage("one"), ...terms });
  const [, debited, used] = await entries();
  const common = { amountMinor: -100, heldMinor: 0, description: "A number", actor: "asha" };
  expect(debited).toMatchObject({ ...common, kind: "debit", reference: { type: "charge", id: "one" } });
  expect(used).toMatchObject({ ...common, kind: "usage", reference: { type: "usage", id: "one" } });
});

test("a hold keeps its terms and every step of its way", async () => {
  const { table, ports, entries, fund } = setting();
  await fund();
  await authorize(ports, { ...hold, expiresAtMs: NOW_MS + 60_000 });
  const key = keys.hold("asha", "call");
  const terms = { ...key, currency: "USD", amountMinor: 300, authorized: MARK, expiresAtMs: NOW_MS + 60_000 };
  const open = await table.get(key);
  expect(open).toEqual({ ...terms, state: "open", gsi2pk: expect.any(String), gsi2sk: "2026-01-31T10:01:00.000Z#call" });
  await capture(ports, { ...hold, captureMinor: 100, description: "A short call", actor: "system:billing" });
  expect(await table.get(key)).toEqual({ ...terms, state: "captured", closed: MARK, capturedMinor: 100 });
  await authorize(ports, { ...hold, holdId: "other" });
  await release(ports, { ...hold, holdId: "other", description: "No answer", actor: "system:calls" });
  const other = await table.get(keys.hold("asha", "other"));
  expect(other).toEqual({
    ...keys.hold("asha", "other"),
    currency: "USD",
    amountMinor: 300,
    authorized: MARK,
    state: "released",
    closed: MARK,
  });
  const [, authorized, captured, , released] = await entries();
  const reference = { type: "hold", id: "call" };
  expect(authorized).toMatchObject({
    kind: "authorization",
    amountMinor: -300,
    heldMinor: 300,
    reference,
    description: "A call",
    actor: "system:calls",
  });
  expect(captured).toMatchObject({
    kind: "capture",
    amountMinor: 200,
    heldMinor: -300,
    reference,
    description: "A short call",
    actor: "system:billing",
  });
  expect(released).toMatchObject({ kind: "release", amountMinor: 300, heldMinor: -300, description: "No answer", actor: "system:calls" });
});

test("a repeat after a deployment meets the mark that the code before left: fingerprints never change their meaning", async () => {
  const { table, ports, fund } = setting();
  await fund();
  await debit(ports, charge);
  await chargeUsage(ports, charge);
  await freeze(ports, { owner: "asha", adjustmentId: "stop", reason: "Fraud", actor: "operator:ben" });
  await unfreeze(ports, { owner: "asha", adjustmentId: "go", reason: "Cleared", actor: "operator:ben" });
  for (const holdId of ["captured", "released"]) await authorize(ports, { ...hold, holdId });
  await capture(ports, { ...hold, holdId: "captured", captureMinor: 100 });
  await release(ports, { ...hold, holdId: "released" });
  const mark = (kind: string, id: string, amountMinor: number, currency = "USD") => ({
    fingerprint: fingerprintOf({ kind, id, owner: "asha", currency, amountMinor }),
  });
  expect(await table.get(keys.adjustment("in"))).toMatchObject({ posted: mark("adjustment", "in", 1_000) });
  expect(await table.get(keys.adjustment("stop"))).toMatchObject({ posted: mark("freeze", "stop", 0) });
  expect(await table.get(keys.adjustment("go"))).toMatchObject({ posted: mark("unfreeze", "go", 0) });
  expect(await table.get(keys.charge("one"))).toMatchObject({ posted: mark("debit", "one", 100) });
  expect(await table.get(keys.usage("one"))).toMatchObject({ posted: mark("usage", "one", 100) });
  expect(await table.get(keys.hold("asha", "captured"))).toMatchObject({
    authorized: mark("authorization", "captured", 300),
    closed: mark("capture", "captured", 100),
  });
  expect(await table.get(keys.hold("asha", "released"))).toMatchObject({ closed: mark("release", "released", 300) });
  expect(mark("debit", "one", 100).fingerprint).toBe("ba1b23b640e72c24af0781f82508bbf5");
});

test("a wallet is listed from its first entry on, and carries its newest", async () => {
  const { table, entries, fund } = setting();
  await fund();
  const [entry] = await entries();
  expect(await table.get(keys.wallet("asha"))).toEqual({
    ...keys.wallet("asha"),
    seq: 1,
    head: entry!.hash,
    lastAt: AT,
    frozen: false,
    balances: { USD: { availableMinor: 1_000, heldMinor: 0 } },
    gsi2pk: expect.any(String),
    gsi2sk: "asha",
  });
});

test("a wallet is listed once: later posts leave its place in the index alone, and cost no index unit", async () => {
  const { table, ports, fund } = setting();
  await fund();
  const written: unknown[] = [];
  const noting: typeof table.transact = (writes) => {
    written.push(...writes.flatMap((write) => ("update" in write ? [Object.keys(write.set)] : [])));
    return table.transact(writes);
  };
  await debit({ ...ports, table: { ...table, transact: noting } }, charge);
  expect(written).toEqual([["seq", "head", "lastAt", "frozen", "balances"]]);
});

test("the hash of an entry never changes its meaning: the same fields have the same hash in every version of this code", () => {
  const entry = {
    owner: "asha",
    seq: 1,
    at: AT,
    kind: "credit",
    currency: "USD",
    amountMinor: 1_000,
    heldMinor: 0,
    reference: { type: "top_up", id: "top_1" },
    description: "Top-up",
    actor: "system:stripe",
    balances: { USD: { availableMinor: 1_000, heldMinor: 0 }, INR: { availableMinor: 5, heldMinor: 2 } },
    prevHash: "0".repeat(64),
  } as const;
  const { INR, USD } = entry.balances;
  expect(hashOf({ ...entry, balances: { INR, USD } })).toBe(hashOf(entry));
  expect(hashOf(entry)).toBe("a86b6ec613c4bcdd59afd6d0e7c98c3d8566b7bc20400cfa0c670e4095e694e1");
});
