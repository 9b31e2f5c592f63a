import { everyFaultPoint, type Run } from "@aira/local/testing/fault-points";
import { freshOwner, ledgerPorts, startTableUnderTest, type TableUnderTest } from "@aira/local/testing/table-under-test";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { AiraError } from "../lib/index.ts";
import { keys, shardOf, shards } from "../table/index.ts";
import {
  adjust,
  authorize,
  capture,
  chargeUsage,
  debit,
  expireHolds,
  freeze,
  type LedgerPorts,
  loadWallet,
  release,
  unfreeze,
  verifyWallet,
} from "./index.ts";

// Seconds on a quiet machine; a busy one may take its time.
vi.setConfig({ testTimeout: 120_000 });

let emulator: TableUnderTest;
let clean: LedgerPorts;
beforeAll(async () => {
  emulator = await startTableUnderTest();
  clean = ledgerPorts(emulator.table);
});
afterAll(() => emulator.stop());

const START_MINOR = 1_000;
const why = { description: "test", actor: "test" };

/** An operation on a wallet of ten dollars that no other run has. */
interface Operation {
  readonly prepare?: (owner: string) => Promise<unknown>;
  readonly act: (ports: LedgerPorts, owner: string) => Promise<unknown>;
  /** What the wallet must hold, however often it was asked and whatever went wrong. */
  readonly after: { readonly availableMinor: number; readonly heldMinor: number; readonly entries: number; readonly frozen?: boolean };
  readonly hold?: string;
}

const id = (owner: string) => `id-of-${owner}`;
const charge = (owner: string) => ({ owner, id: id(owner), currency: "USD" as const, amountMinor: 300, ...why });
const hold = (owner: string) => ({ owner, holdId: id(owner), currency: "USD" as const, amountMinor: 400, ...why });
const open = (owner: string) => authorize(clean, hold(owner));
const openLate = (owner: string) => authorize(clean, { ...hold(owner), expiresAtMs: Date.now() - 1_000 });
const expired = async (owner: string) => {
  await openLate(owner);
  await expireHolds(clean);
};

/** Too little money, and no other answer, is what this comes to. */
async function declined(asked: Promise<unknown>): Promise<void> {
  const answer = await asked.catch((error: unknown) => error);
  if (answer instanceof AiraError && answer.code === "wallet.insufficient_funds") return;
  throw answer instanceof AiraError ? answer : new Error("money was taken that was not there");
}

const OPERATIONS: Readonly<Record<string, Operation>> = {
  debit: { act: (ports, owner) => debit(ports, charge(owner)), after: { availableMinor: 700, heldMinor: 0, entries: 2 } },
  "a debit of all there is": {
    act: (ports, owner) => debit(ports, { ...charge(owner), amountMinor: START_MINOR }),
    after: { availableMinor: 0, heldMinor: 0, entries: 2 },
  },
  "a debit of more than there is": {
    act: (ports, owner) => declined(debit(ports, { ...charge(owner), amountMinor: 1_001 })),
    after: { availableMinor: 1_000, heldMinor: 0, entries: 1 },
  },
  usage: {
    act: (ports, owner) => chargeUsage(ports, { ...charge(owner), amountMinor: 1_300 }),
    after: { availableMinor: -300, heldMinor: 0, entries: 2 },
  },
  adjust: {
    act: (ports, owner) =>
      adjust(ports, { owner, adjustmentId: id(owner), currency: "USD", amountMinor: -1_200, reason: "test", actor: "operator" }),
    after: { availableMinor: -200, heldMinor: 0, entries: 2 },
  },
  "the first post of a wallet in another currency": {
    act: (ports, owner) =>
      adjust(ports, { owner, adjustmentId: id(owner), currency: "INR", amountMinor: 700, reason: "test", actor: "operator" }),
    after: { availableMinor: 1_000, heldMinor: 0, entries: 2 },
  },
  freeze: {
    act: (ports, owner) => freeze(ports, { owner, adjustmentId: id(owner), reason: "test", actor: "operator" }),
    after: { availableMinor: 1_000, heldMinor: 0, entries: 2, frozen: true },
  },
  unfreeze: {
    prepare: (owner) => freeze(clean, { owner, adjustmentId: `freeze-${owner}`, reason: "test", actor: "operator" }),
    act: (ports, owner) => unfreeze(ports, { owner, adjustmentId: id(owner), reason: "test", actor: "operator" }),
    after: { availableMinor: 1_000, heldMinor: 0, entries: 3 },
  },
  authorize: {
    act: (ports, owner) => authorize(ports, { ...hold(owner), expiresAtMs: Date.now() + 86_400_000 }),
    after: { availableMinor: 600, heldMinor: 400, entries: 2 },
    hold: "open",
  },
  capture: {
    prepare: open,
    act: (ports, owner) => capture(ports, { ...hold(owner), captureMinor: 400 }),
    after: { availableMinor: 600, heldMinor: 0, entries: 3 },
    hold: "captured",
  },
  "partial capture": {
    prepare: open,
    act: (ports, owner) => capture(ports, { ...hold(owner), captureMinor: 150 }),
    after: { availableMinor: 850, heldMinor: 0, entries: 3 },
    hold: "captured",
  },
  "late capture": {
    prepare: expired,
    act: (ports, owner) => capture(ports, { ...hold(owner), captureMinor: 150 }),
    after: { availableMinor: 850, heldMinor: 0, entries: 4 },
    hold: "captured_late",
  },
  release: {
    prepare: open,
    act: (ports, owner) => release(ports, hold(owner)),
    after: { availableMinor: 1_000, heldMinor: 0, entries: 3 },
    hold: "released",
  },
  expireHolds: {
    prepare: openLate,
    act: async (ports) => {
      const { left } = await expireHolds(ports);
      if (left > 0) throw new AiraError("wallet.busy", "a hold was left for the next run");
    },
    after: { availableMinor: 1_000, heldMinor: 0, entries: 3 },
    hold: "expired",
  },
};

/** Only "not now" and "not known" may come of a fault: never a refusal, a conflict or a failure of ours. */
function mayFailWith(error: unknown): void {
  if (!(error instanceof AiraError && error.retry)) throw error;
}

/** Whose hold is in one shard, so that whoever walks through what is due finds each of them at the same step of the way. */
function ownerOfOneShard(): string {
  for (;;) {
    const owner = freshOwner();
    if (shardOf(id(owner)) === shards[7]) return owner;
  }
}

async function runOf(operation: Operation): Promise<Run> {
  const owner = ownerOfOneShard();
  await adjust(clean, { owner, adjustmentId: `start-${owner}`, currency: "USD", amountMinor: START_MINOR, reason: "start", actor: "test" });
  await operation.prepare?.(owner);
  return {
    act: ({ table }) => operation.act({ ...clean, table }, owner),
    mayFailWith,
    async check() {
      const { availableMinor, heldMinor, entries, frozen = false } = operation.after;
      const wallet = await loadWallet(clean.table, owner, { consistent: true });
      expect(wallet.balances.USD).toEqual({ availableMinor, heldMinor });
      expect({ seq: wallet.seq, frozen: wallet.frozen }).toEqual({ seq: entries, frozen });
      expect((await verifyWallet(clean, owner)).violations).toEqual([]);
      expect((await clean.table.get(keys.hold(owner, id(owner)), { consistent: true }))?.state).toBe(operation.hold);
    },
  };
}

test.each(Object.entries(OPERATIONS))("%s happens once whatever fault meets whichever of its calls", async (name, operation) => {
  const points = await everyFaultPoint(emulator, () => runOf(operation), { sameCalls: true });
  console.log(`${name}: ${points} fault points`);
  expect(points).toBeGreaterThan(15);
});
