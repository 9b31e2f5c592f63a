import { seededRandom } from "@aira/local/random";
import { randomFaults } from "@aira/local/testing/fault-plan";
import { addFaults } from "@aira/local/testing/sdk-faults";
import { freshOwner, ledgerPorts, startTableUnderTest, type TableUnderTest } from "@aira/local/testing/table-under-test";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { AiraError } from "../lib/index.ts";
import { adjust, debit, debitOperation, freeze, type LedgerPorts, listEntries, loadWallet, postAll, verifyWallet } from "./index.ts";

// Seconds on a quiet machine; a busy one may take its time.
vi.setConfig({ testTimeout: 120_000 });

let emulator: TableUnderTest;
let ports: LedgerPorts;
const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 1e9));
beforeAll(async () => {
  emulator = await startTableUnderTest();
  ports = ledgerPorts(emulator.table, seed);
});
afterAll(() => emulator.stop());

const why = { description: "test", actor: "test" };
const charge = (owner: string, id: string, amountMinor = 100) => ({ owner, id, currency: "USD" as const, amountMinor, ...why });

async function funded(amountMinor: number): Promise<string> {
  const owner = freshOwner();
  await adjust(ports, { owner, adjustmentId: owner, currency: "USD", amountMinor, reason: "test", actor: "operator" });
  return owner;
}

async function expectBooks(owner: string, availableMinor: number, seq: number): Promise<void> {
  const wallet = await loadWallet(emulator.table, owner, { consistent: true });
  expect({ balance: wallet.balances.USD?.availableMinor, seq: wallet.seq }).toEqual({ balance: availableMinor, seq });
  expect((await verifyWallet(ports, owner)).violations).toEqual([]);
}

test("of a hundred debits at once against money for thirty-seven, thirty-seven succeed and sixty-three are declined", async () => {
  const owner = await funded(3_700);
  const ended = await Promise.all(
    Array.from({ length: 100 }, (_, n) =>
      debit(ports, charge(owner, `${owner}-${n}`)).then(
        () => "debited",
        (error: unknown) => (error instanceof AiraError ? error.code : String(error)),
      ),
    ),
  );
  const count = (code: string) => ended.filter((one) => one === code).length;
  expect({ debited: count("debited"), declined: count("wallet.insufficient_funds") }).toEqual({ debited: 37, declined: 63 });
  await expectBooks(owner, 0, 38);
});

test("the same debit asked for fifty times at once is charged once, and everybody gets the same entry", async () => {
  const owner = await funded(1_000);
  const receipts = await Promise.all(Array.from({ length: 50 }, () => debit(ports, charge(owner, owner))));
  expect(new Set(receipts.map(({ entryKey }) => entryKey)).size).toBe(1);
  expect(receipts.filter(({ repeated }) => !repeated)).toHaveLength(1);
  await expectBooks(owner, 900, 2);
});

test("once a wallet is frozen no racing debit slips past", async () => {
  const owner = await funded(10_000);
  const debits = Array.from({ length: 20 }, (_, n) => debit(ports, charge(owner, `${owner}-${n}`)).catch((error: AiraError) => error.code));
  const [ended] = await Promise.all([
    Promise.all(debits),
    freeze(ports, { owner, adjustmentId: `f-${owner}`, reason: "test", actor: "operator" }),
  ]);
  const { entries } = await listEntries(ports, owner, { limit: 50 });
  // Newest first: nothing stands above the freeze.
  expect(entries[0]?.kind).toBe("freeze");
  const debited = ended.filter((one) => typeof one !== "string").length;
  expect(ended.filter((one) => one === "wallet.frozen")).toHaveLength(20 - debited);
  await expectBooks(owner, 10_000 - debited * 100, 2 + debited);
});

test(`two hundred charges of one wallet in batches are exact while a third of the calls fail (seed ${seed})`, async () => {
  const owner = await funded(100_000);
  const { client, table } = emulator.connect();
  const random = seededRandom(seed);
  const plan = randomFaults(random, 0.33, ({ command }: { command: string }) =>
    command === "TransactWriteItems" ? (["conflict", "throttled", "timeout_before", "timeout_after", "in_progress"] as const) : [],
  );
  addFaults(client, plan, { crash: () => Promise.reject(new Error("nothing crashes here")), random });
  const faulty = { ...ports, table };
  const batches = Array.from({ length: 20 }, (_, batch) =>
    Array.from({ length: 10 }, (_, n) => debitOperation(charge(owner, `${owner}-${batch}-${n}`, 1 + batch))),
  );
  const deliver = async (batch: (typeof batches)[number]): Promise<void> => {
    const results = await postAll(faulty, owner, batch);
    const left = batch.filter((_, at) => results[at]?.outcome === "unknown" || results[at]?.outcome === "busy");
    expect(results.some((result) => result.outcome === "declined" || result.outcome === "guarded")).toBe(false);
    if (left.length > 0) await deliver(left);
  };
  await Promise.all(batches.map(deliver));
  // 10 each of 1, 2, … 20.
  await expectBooks(owner, 100_000 - 10 * 210, 201);
});
