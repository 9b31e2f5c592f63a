import { memoryTable } from "@aira/local/testing/memory-table-under-test";
import { ledgerPorts } from "@aira/local/testing/table-under-test";
import { expect, test } from "vitest";
import { adjust } from "../ledger/index.ts";
import { deriveTimedId } from "../lib/index.ts";
import type { NumberDifference } from "../numbers/index.ts";
import { keys, owned, type Table } from "../table/index.ts";
import { heldNumbers, readNumberReconciliations, saveNumberReconciliation } from "./index.ts";

/** A wallet, and so many numbers of its owner, for none of which anything is due. */
async function ownerWith(table: Table, owner: string, numbers: number): Promise<string[]> {
  const ports = ledgerPorts(table);
  await adjust(ports, { owner, adjustmentId: `adj_${owner}`, currency: "USD", amountMinor: 1, reason: "test", actor: "test" });
  const phones = Array.from({ length: numbers }, (_, n) => `+1415${owner.charCodeAt(0)}${String(n).padStart(5, "0")}`);
  for (const [n, phone] of phones.entries()) {
    const numberId = deriveTimedId("number", n, owner);
    await table.write({ put: { ...keys.number(phone), numberId, owner, gsi1pk: owned.numbers(owner), gsi1sk: numberId } });
  }
  return phones;
}

test("every number of every owner is walked, over pages, also one that nothing is due for", async () => {
  const table = memoryTable();
  const phones = [...(await ownerWith(table, "a", 1)), ...(await ownerWith(table, "b", 0)), ...(await ownerWith(table, "c", 205))];
  const walked = await Array.fromAsync(heldNumbers({ table }), ({ phoneNumber }) => phoneNumber);
  expect(walked.toSorted()).toEqual(phones.toSorted());
});

const NONE = { provided: 2, held: 2, foreign: 1, balance: { amount: "12.50", currency: "USD" }, differences: [] };
const at = (time: string, table: Table) => ({ table, clock: () => Date.parse(time) });

test("the newest comparison of a day stands, and a day without one is absent", async () => {
  const table = memoryTable();
  const difference: NumberDifference = { kind: "orphan", phoneNumber: "+14155550100", sid: "PN1", purchaseId: undefined, mended: false };
  await saveNumberReconciliation(at("2026-03-01T04:00:00Z", table), { ...NONE, differences: [difference] });
  await saveNumberReconciliation(at("2026-03-01T05:00:00Z", table), NONE);
  await saveNumberReconciliation(at("2026-03-03T04:00:00Z", table), { ...NONE, differences: [difference] });
  expect(await readNumberReconciliations({ table }, "2026-03-01", "2026-03-02")).toEqual([
    { ...NONE, day: "2026-03-01", at: "2026-03-01T05:00:00.000Z", differenceCount: 0 },
  ]);
  expect(await readNumberReconciliations({ table }, "2026-03-02", "2026-03-03")).toMatchObject([
    { differences: [{ kind: "orphan", sid: "PN1", mended: false }] },
  ]);
});

test("a day on which everything differs is kept by its first thousand differences, and the count of all", async () => {
  const table = memoryTable();
  const differences = Array.from(
    { length: 5_000 },
    (_, n): NumberDifference => ({
      kind: "webhooks",
      phoneNumber: `+1415555${n}`,
      sid: `PN${"0".repeat(32)}`,
      purchaseId: `pur_${"0".repeat(26)}`,
      mended: true,
    }),
  );
  await saveNumberReconciliation(at("2026-03-01T04:00:00Z", table), { ...NONE, differences });
  const [report] = await readNumberReconciliations({ table }, "2026-03-01", "2026-03-01");
  expect([report?.differenceCount, report?.differences.length]).toEqual([5_000, 1_000]);
  expect(JSON.stringify(report).length).toBeLessThan(400_000);
});
