import { everyFaultPoint, type Run } from "@aira/local/testing/fault-points";
import { startTableUnderTest, type TableUnderTest } from "@aira/local/testing/table-under-test";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { AiraError } from "../../lib/index.ts";
import type { Table } from "../../table/index.ts";
import { verifyOwner } from "../verification.ts";
import type { Work } from "./carry-out.ts";
import { HIDDEN_MS, runWorld } from "./fixtures/run-world.ts";
import { noteWallet } from "./notes.ts";

vi.setConfig({ testTimeout: 120_000 });

const WALLETS = 3;
const HIDDEN_MINUTES = HIDDEN_MS / 60_000;

let emulator: TableUnderTest;
let owners: readonly string[];
beforeAll(async () => {
  emulator = await startTableUnderTest();
  owners = await runWorld(emulator.table).fund(WALLETS);
});
afterAll(() => emulator.stop());

/** Nobody may be told anything else than to try again. */
function retryable(error: unknown): void {
  if (!(error instanceof AiraError) || !error.retry) throw error;
}

/** Runs of other points stand in the same table: each point's are of a time of its own. */
let points = 0;
function freshWorld() {
  const world = runWorld(emulator.table);
  world.pass(++points * 30 * 24 * 60);
  const from = new Date(world.now()).toISOString();
  const own = async () => (await world.list()).filter(({ requestedAt }) => requestedAt >= from);
  return { ...world, own };
}

test("a start that meets any fault is one run with its message, once it is asked for again", async () => {
  const prepare = async (): Promise<Run> => {
    const world = freshWorld();
    const ids = new Set<string>();
    return {
      act: async ({ table }) => {
        const { runId } = await world.ask({ idempotencyKey: `start-${points}` }, world.portsOver(table));
        ids.add(runId);
      },
      mayFailWith: retryable,
      async check() {
        const runs = await world.own();
        expect(runs).toMatchObject([{ state: "queued" }]);
        expect([...ids]).toEqual([runs[0]?.runId]);
        expect(new Set(world.queue.map(({ runId }) => runId))).toEqual(ids);
      },
    };
  };
  expect(await everyFaultPoint(emulator, prepare)).toBeGreaterThan(10);
});

/** Delivers until the queue is empty. A message that is not done comes again when its time is over. */
async function drain(world: ReturnType<typeof freshWorld>, table: Table, work: Work): Promise<void> {
  for (let message = world.queue[0]; message; message = world.queue[0]) {
    world.pass(HIDDEN_MINUTES);
    await world.carry(message, world.portsOver(table), work);
    world.queue.splice(world.queue.indexOf(message), 1);
  }
}

test("a verification that meets any fault ends with one result, which counts every wallet once", async () => {
  const prepare = async (): Promise<Run> => {
    const world = freshWorld();
    const { runId } = await world.ask({ full: true, idempotencyKey: `verify-${points}` });
    // By their names: that the walk over the index bears its faults is shown beside it, and would be most of the calls here.
    const verify =
      (table: Table): Work =>
      async (book) => {
        const left = owners.filter((owner) => owner > (book.run.position ?? ""));
        for (const owner of left) {
          noteWallet(book, await verifyOwner({ table, clock: world.now }, owner, { full: true }));
          world.pass(0.1);
          await book.step(owner);
        }
        return { complete: true };
      };
    return {
      act: ({ table }) => drain(world, table, verify(table)),
      mayFailWith: retryable,
      async check() {
        expect(await world.own()).toMatchObject([
          { runId, state: "finished", complete: true, counts: { wallets: WALLETS, entries: WALLETS, violations: 0 }, findingCount: 0 },
        ]);
      },
    };
  };
  expect(await everyFaultPoint(emulator, prepare)).toBeGreaterThan(100);
});

const STEPS = 3;

test("a run that is handed on after every step, and meets any fault, does every step once", async () => {
  const prepare = async (): Promise<Run> => {
    const world = freshWorld();
    const { runId } = await world.ask({ kind: "payment_reconciliation", idempotencyKey: `steps-${points}` });
    const step: Work = async (book) => {
      const at = Number(book.run.position ?? 0) + 1;
      book.add({ reconciled: 1 });
      book.find({ type: "violation", owner: "owner", seq: at, broken: "a rule" });
      await book.step(String(at));
      return { complete: at === STEPS };
    };
    return {
      act: ({ table }) => drain(world, table, step),
      mayFailWith: retryable,
      async check() {
        expect(await world.own()).toMatchObject([
          { runId, state: "finished", complete: true, counts: { reconciled: STEPS }, findings: [{ seq: 1 }, { seq: 2 }, { seq: 3 }] },
        ]);
      },
    };
  };
  expect(await everyFaultPoint(emulator, prepare)).toBeGreaterThan(50);
});
