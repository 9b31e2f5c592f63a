import { seededRandom } from "@aira/local/random";
import { memoryTable } from "@aira/local/testing/memory-table-under-test";
import { expect, test } from "vitest";
import { AiraError } from "../../lib/index.ts";
import type { Table, WriteResult } from "../../table/index.ts";
import { HIDDEN_MS, runWorld } from "./fixtures/run-world.ts";
import type { RunMessage } from "./start-run.ts";

const SEEDS = Array.from({ length: 60 }, (_, n) => n + 1).concat(Date.now() % 1_000_000);
const WALLETS = 30;
const HIDDEN_MINUTES = HIDDEN_MS / 60_000;

const DEAD = new AiraError("service.busy", "The line is dead.");

/** A table whose answers take a turn or a few, and now and then get lost, before or after the write. */
function unreliable(table: Table, random: () => number, rate: number): Table {
  const unknown: WriteResult = { outcome: "unknown", cause: DEAD };
  const slow =
    <A extends unknown[], R>(call: (...given: A) => Promise<R>, lost?: R) =>
    async (...given: A): Promise<R> => {
      for (let turns = Math.floor(random() * 4); turns > 0; turns--) await null;
      if (random() >= rate) return call(...given);
      if (random() < 0.5) await call(...given);
      if (lost === undefined) throw DEAD;
      return lost;
    };
  return {
    get: slow(table.get),
    getMany: slow(table.getMany),
    query: slow(table.query),
    write: slow(table.write, unknown),
    transact: slow(table.transact, unknown),
  };
}

/**
 * Operators who ask again and again, two consumers, messages that come twice or late, executions that die anywhere, a queue that is down
 * now and then.
 */
test.each(SEEDS)("whatever happens to them, runs are never lost, end once, and count every wallet once (seed %i)", async (seed) => {
  const random = seededRandom(seed);
  const table = memoryTable();
  const world = runWorld(table);
  await world.fund(WALLETS);
  const over = world.portsOver(unreliable(table, random, 0.05));
  const messages: { readonly message: RunMessage; visibleAtMs: number }[] = [];
  const took = () => {
    for (const message of world.queue.splice(0))
      for (let copies = random() < 0.2 ? 2 : 1; copies > 0; copies--) messages.push({ message, visibleAtMs: world.now() });
  };
  const finished = new Map<string, unknown>();
  async function watch() {
    const runs = await world.list();
    for (const run of runs) {
      // A finished run never changes again.
      if (finished.has(run.runId)) expect(run).toEqual(finished.get(run.runId));
      if (run.state === "finished") finished.set(run.runId, run);
      expect(run.counts.wallets ?? 0).toBeLessThanOrEqual(WALLETS);
    }
  }

  async function ask(key: string) {
    world.state.down = random() < 0.2;
    await world.ask({ idempotencyKey: key }, over).catch(retryable);
    world.state.down = false;
    took();
  }
  async function consume() {
    const next = messages.find(({ visibleAtMs }) => visibleAtMs <= world.now());
    if (!next) return;
    next.visibleAtMs = world.now() + HIDDEN_MS;
    const dies = random() < 0.15;
    const groups = 1 + Math.floor(random() * 3);
    const work = world.verify(groups, dies ? dying(table, random) : over.table);
    try {
      const carried = world.carry(next.message, dies ? { ...over, table: dying(table, random) } : over, work);
      await (dies ? Promise.race([carried, turns(300)]) : carried);
      if (!dies) messages.splice(messages.indexOf(next), 1);
    } catch (error) {
      retryable(error);
    }
    took();
  }
  for (let step = 0; step < 60; step++) {
    world.pass(random() < 0.1 ? HIDDEN_MINUTES : random());
    if (random() < 0.3) await Promise.all([ask(`key-${Math.floor(random() * 4)}`), ask(`key-${4 + Math.floor(random() * 4)}`)]);
    await Promise.all([consume(), consume()]);
    await watch();
  }
  // Once the line is good again, everything that was begun ends: by its message, or, where that was never sent, by asking again.
  for (let quiet = 0; quiet < 10; quiet++) {
    await world.ask({ idempotencyKey: "at last" });
    took();
    world.pass(HIDDEN_MINUTES);
    for (const { message } of messages.splice(0)) await world.carry(message, world.ports, world.verify());
    took();
  }
  const { runId } = await world.ask({ idempotencyKey: "at last" });
  const runs = await world.list();
  expect(runs.find((run) => run.runId === runId)).toMatchObject({ state: "finished" });
  for (const run of runs.filter(({ state }) => state === "finished"))
    expect(run).toMatchObject({ complete: true, counts: { wallets: WALLETS, entries: expect.any(Number), violations: 0 } });
  await watch();
});

function retryable(error: unknown): void {
  if (!(error instanceof AiraError) || !error.retry) throw error;
}

/** A table that from some call on never answers. */
function dying(table: Table, random: () => number): Table {
  let left = Math.floor(random() * 12);
  const mortal =
    <A extends unknown[], R>(call: (...given: A) => Promise<R>) =>
    async (...given: A): Promise<R> => {
      if (left-- > 0) return call(...given);
      if (left === -1 && random() < 0.5) await call(...given);
      return new Promise(() => {});
    };
  return {
    get: mortal(table.get),
    getMany: mortal(table.getMany),
    query: mortal(table.query),
    write: mortal(table.write),
    transact: mortal(table.transact),
  };
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await null;
}
