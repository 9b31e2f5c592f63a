import { memoryTable } from "@aira/local/testing/memory-table-under-test";
import { describe, expect, test } from "vitest";
import { AiraError, InvariantError } from "../lib/index.ts";
import type { Table, WriteResult } from "../table/index.ts";
import {
  adjust,
  authorize,
  capture,
  debit,
  debitOperation,
  type LedgerPorts,
  loadWallet,
  post,
  postAgain,
  postAll,
  readBalances,
  release,
} from "./index.ts";

const charge = (id: string, amountMinor = 100) =>
  ({ owner: "asha", id, currency: "USD", amountMinor, description: "test", actor: "test" }) as const;
const adjustment = (adjustmentId: string, amountMinor: number) =>
  ({ owner: "asha", adjustmentId, currency: "USD", amountMinor, reason: "test", actor: "operator" }) as const;

const CONTENDED: WriteResult = { outcome: "contended", cause: undefined };
const LOST: WriteResult = { outcome: "unknown", cause: undefined };

/** A wallet of ten dollars, counters of what is asked of its table, and answers that go before the table's own. */
async function setting() {
  const memory = memoryTable();
  const counts = { get: 0, transact: 0 };
  const waits: number[] = [];
  const answers: (() => Promise<WriteResult>)[] = [];
  const table: Table = {
    ...memory,
    get: (key, options) => {
      counts.get++;
      return memory.get(key, options);
    },
    transact: (writes) => {
      counts.transact++;
      return answers.shift()?.() ?? memory.transact(writes);
    },
  };
  const common = { clock: () => 0, random: () => 1, wait: async (ms: number) => void waits.push(ms) };
  const clean: LedgerPorts = { ...common, table: memory };
  const ports: LedgerPorts = { ...common, table };
  await adjust(clean, adjustment("in", 1_000));
  const balance = async () => (await readBalances(clean, "asha")).balances.find(({ currency }) => currency === "USD")?.availableMinor;
  const always = (result: WriteResult): LedgerPorts => ({
    ...ports,
    table: {
      ...table,
      transact: async () => {
        counts.transact++;
        return answers.shift()?.() ?? result;
      },
    },
  });
  return { memory, table, ports, clean, counts, waits, answers, balance, always };
}

test("no operations are no results, and no call", async () => {
  const { ports, counts } = await setting();
  expect(await postAll(ports, "asha", [])).toEqual([]);
  expect(counts).toEqual({ get: 0, transact: 0 });
});

describe("a wallet that others keep writing to", () => {
  test("is tried a hundred and fifty times, with waits that grow up to a tenth of a second, and is then busy", async () => {
    const { counts, waits, always } = await setting();
    const error = await debit(always(CONTENDED), charge("one")).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: "wallet.busy" });
    expect(counts.transact).toBe(150);
    expect(waits).toEqual([10, 20, 40, 80, ...Array(144).fill(100)]);
  });

  test("is read again after each wait, so that a rival who posts during every one of them starves nobody", async () => {
    const { ports, clean, counts, answers } = await setting();
    const rival = async () => void (await debit(clean, charge(`rival ${counts.transact}`, 1)));
    answers.push(
      async () => CONTENDED,
      async () => CONTENDED,
    );
    expect(await debit({ ...ports, wait: rival }, charge("one"))).toMatchObject({ repeated: false });
    expect(counts).toEqual({ get: 2, transact: 3 });
  });

  test("is decided again from what stood in the way, without another read", async () => {
    const { memory, ports, clean, counts, answers } = await setting();
    answers.push(async () => {
      await debit(clean, charge("faster"));
      const { seq, head, lastAt, frozen, balances } = await loadWallet(memory, "asha");
      return { outcome: "refused", found: new Map([[0, { seq, head, lastAt, frozen, balances }]]) };
    });
    expect(await debit(ports, charge("one"))).toMatchObject({ repeated: false });
    expect(counts).toEqual({ get: 1, transact: 2 });
  });
});

test("one of a batch that was done before does not cost the others another read or another loss", async () => {
  const { ports, clean, counts } = await setting();
  await debit(clean, charge("one"));
  const posted = await postAll(
    ports,
    "asha",
    ["one", "two"].map((id) => debitOperation(charge(id))),
  );
  expect(posted.map(({ outcome }) => outcome)).toEqual(["already", "posted"]);
  expect(counts).toEqual({ get: 1, transact: 2 });
});

describe("a read that fails", () => {
  const failing = (ports: LedgerPorts, error: unknown, from: number): LedgerPorts => {
    let reads = 0;
    return { ...ports, table: { ...ports.table, get: (...asked) => (++reads < from ? ports.table.get(...asked) : Promise.reject(error)) } };
  };
  const throttled = new AiraError("service.busy", "throttled");

  test("before any try is the answer: nothing was posted", async () => {
    const { ports, counts } = await setting();
    await expect(debit(failing(ports, throttled, 1), charge("one"))).rejects.toBe(throttled);
    expect(counts.transact).toBe(0);
  });

  test("behind a refusal is the answer: nothing was posted", async () => {
    const { ports } = await setting();
    await expect(debit(failing(ports, throttled, 2), charge("one", 5_000))).rejects.toBe(throttled);
  });

  test("behind a try without an answer leaves the outcome unknown", async () => {
    const { ports, answers } = await setting();
    answers.push(async () => LOST);
    await expect(debit(failing(ports, throttled, 2), charge("one"))).rejects.toMatchObject({ code: "outcome.unknown" });
  });

  test.each([
    ["an error of ours that no repeat can mend", new AiraError("operation.conflict", "broken")],
    ["an error that nobody expects", new TypeError("broken")],
  ])("with %s is never taken for a matter of time", async (_, error) => {
    const { ports, answers } = await setting();
    answers.push(async () => LOST);
    await expect(debit(failing(ports, error, 2), charge("one"))).rejects.toBe(error);
  });
});

describe("a try without an answer", () => {
  test("that can never arrive any more is no doubt: the wallet has moved on", async () => {
    const { memory, clean, answers, always, balance } = await setting();
    answers.push(
      async () => LOST,
      async () => {
        await debit(clean, charge("faster"));
        const { seq, head, lastAt, frozen, balances } = await loadWallet(memory, "asha");
        return { outcome: "refused", found: new Map([[0, { seq, head, lastAt, frozen, balances }]]) };
      },
    );
    await expect(debit(always(CONTENDED), charge("one"))).rejects.toMatchObject({ code: "wallet.busy" });
    expect(await balance()).toBe(900);
  });

  test("that may still arrive stays a doubt, however often the next ones are lost", async () => {
    const { answers, always } = await setting();
    answers.push(async () => LOST);
    await expect(debit(always(CONTENDED), charge("one"))).rejects.toMatchObject({ code: "outcome.unknown" });
  });

  test("is over once a later one of ours went through", async () => {
    const { ports, answers, balance } = await setting();
    answers.push(async () => LOST);
    expect(await debit(ports, charge("one"))).toMatchObject({ repeated: false });
    expect(await balance()).toBe(900);
  });
});

test.each([
  ["alone", [1]],
  ["beside a guard", [1, 2]],
])("an entry beyond the wallet's seq (%s) is a broken ledger, and nothing is posted over it", async (_, places) => {
  const { ports, answers } = await setting();
  answers.push(async () => ({ outcome: "refused", found: new Map(places.map((place) => [place, {}])) }));
  await expect(debit(ports, charge("one"))).rejects.toBeInstanceOf(InvariantError);
});

test("a capture that is refused for another reason than expiry is not tried again as usage", async () => {
  const { ports, clean, counts } = await setting();
  const hold = { owner: "asha", holdId: "call", currency: "USD", amountMinor: 300, description: "test", actor: "test" } as const;
  await authorize(clean, hold);
  await authorize(clean, { ...hold, holdId: "beside" });
  await release(clean, hold);
  await expect(capture(ports, { ...hold, captureMinor: 100 })).rejects.toMatchObject({ code: "operation.conflict" });
  expect(counts.transact).toBe(1);
});

describe("what was probably posted before", () => {
  test("costs one read when it was, as it is now", async () => {
    const { table, ports, clean, counts, balance } = await setting();
    const first = await post(clean, "asha", debitOperation(charge("one")));
    const asked: unknown[] = [];
    const get: Table["get"] = (key, options) => {
      asked.push([key, options]);
      return table.get(key, options);
    };
    const operation = debitOperation(charge("one"));
    expect(await postAgain({ ...ports, table: { ...table, get } }, "asha", operation)).toEqual({
      outcome: "already",
      entryKey: first.outcome === "posted" && first.entryKey,
    });
    expect(asked).toEqual([[operation.guard.key, { consistent: true }]]);
    expect(counts).toEqual({ get: 1, transact: 0 });
    expect(await balance()).toBe(900);
  });

  test("and was not is posted, for one read more", async () => {
    const { ports, counts, balance } = await setting();
    expect(await postAgain(ports, "asha", debitOperation(charge("one")))).toMatchObject({ outcome: "posted" });
    expect(counts).toEqual({ get: 2, transact: 1 });
    expect(await balance()).toBe(900);
  });

  test("and was, on other terms, is guarded as ever", async () => {
    const { ports, clean, balance } = await setting();
    await debit(clean, charge("one"));
    expect(await postAgain(ports, "asha", debitOperation(charge("one", 101)))).toMatchObject({ outcome: "guarded" });
    expect(await balance()).toBe(900);
  });
});

test("a wallet that was just read consistently is not read again behind the wait that follows", async () => {
  const { ports, counts, answers, waits } = await setting();
  answers.push(
    async () => LOST,
    async () => LOST,
  );
  expect(await debit(ports, charge("one"))).toMatchObject({ repeated: false });
  // The wallet once to try with, then the wallet and the guard behind each loss.
  expect(counts).toEqual({ get: 1 + 2 + 2, transact: 3 });
  expect(waits).toHaveLength(1);
});
