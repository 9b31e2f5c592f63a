import { memoryTable } from "@aira/local/testing/memory-table-under-test";
import { expect, test } from "vitest";
import type { Table, WriteResult } from "../table/index.ts";
import { changeAlert } from "./alerts.ts";
import { adjust, loadWallet, readBalances, setArrears, verifyWallet } from "./index.ts";

const USD = (lowBalanceMinor: number | null) => ({ currency: "USD", lowBalanceMinor }) as const;
const INR = (lowBalanceMinor: number | null) => ({ currency: "INR", lowBalanceMinor }) as const;

function setting(over: Partial<Table> = {}) {
  const memory = memoryTable();
  const clean = { table: memory, clock: () => 0, random: () => 0, wait: async () => {} };
  const table: Table = { ...memory, ...over };
  const kept = async () => (await readBalances(clean, "asha")).alerts;
  const fund = (adjustmentId: string) =>
    adjust(clean, { owner: "asha", adjustmentId, currency: "USD", amountMinor: 100, reason: "test", actor: "operator" });
  return { memory, clean, table, kept, fund };
}

test("each currency has a threshold of its own, and every one is answered and kept", async () => {
  const { table, kept } = setting();
  expect(await changeAlert({ table }, "asha", USD(500))).toEqual({ USD: 500 });
  expect(await changeAlert({ table }, "asha", INR(20_000))).toEqual({ USD: 500, INR: 20_000 });
  expect(await changeAlert({ table }, "asha", USD(0))).toEqual({ USD: 0, INR: 20_000 });
  expect(await kept()).toEqual({ USD: 0, INR: 20_000 });
});

test("the default comes back for one currency alone, and where it was never left", async () => {
  const { table, kept } = setting();
  expect(await changeAlert({ table }, "asha", USD(null))).toEqual({});
  await changeAlert({ table }, "asha", USD(500));
  await changeAlert({ table }, "asha", INR(20_000));
  expect(await changeAlert({ table }, "asha", USD(null))).toEqual({ INR: 20_000 });
  expect(await kept()).toEqual({ INR: 20_000 });
});

test("a threshold is no history: it leaves a wallet as it was, and outlives what is posted", async () => {
  const { clean, table, kept, fund } = setting();
  await changeAlert({ table }, "asha", USD(500));
  await setArrears(table, "asha", "token");
  expect(await loadWallet(table, "asha")).toMatchObject({ seq: 0, balances: {} });
  await fund("one");
  await changeAlert({ table }, "asha", INR(20_000));
  await fund("two");
  expect(await loadWallet(table, "asha")).toMatchObject({ seq: 2, balances: { USD: { availableMinor: 200 } }, arrears: "token" });
  expect(await kept()).toEqual({ USD: 500, INR: 20_000 });
  expect((await verifyWallet(clean, "asha")).violations).toEqual([]);
});

test("of two who set thresholds at once, the slower one changes nothing and is asked to try again", async () => {
  const { memory, table, kept } = setting();
  let rival = async () => void (await changeAlert({ table: memory }, "asha", INR(20_000)));
  const raced: Table = {
    ...table,
    get: async (key, options) => {
      const found = await memory.get(key, options);
      await rival();
      rival = async () => {};
      return found;
    },
  };
  const again = { code: "service.busy", retry: true, retryAfterSeconds: 1 };
  await expect(changeAlert({ table: raced }, "asha", USD(500))).rejects.toMatchObject(again);
  expect(await kept()).toEqual({ INR: 20_000 });
  expect(await changeAlert({ table: raced }, "asha", USD(500))).toEqual({ USD: 500, INR: 20_000 });
});

test.each<WriteResult>([
  { outcome: "contended", cause: undefined },
  { outcome: "unknown", cause: undefined },
])("a threshold that may not have been kept ($outcome) is never called kept", async (result) => {
  const { table } = setting({ write: async () => result });
  await expect(changeAlert({ table }, "asha", USD(500))).rejects.toMatchObject({ code: "service.busy", retryAfterSeconds: 1 });
});

test("the thresholds that stay are those of now: they are read consistently", async () => {
  const { memory } = setting();
  const asked: (boolean | undefined)[] = [];
  const table: Table = {
    ...memory,
    get: (key, options) => {
      asked.push(options?.consistent);
      return memory.get(key, options);
    },
  };
  await changeAlert({ table }, "asha", USD(500));
  expect(asked).toEqual([true]);
});
