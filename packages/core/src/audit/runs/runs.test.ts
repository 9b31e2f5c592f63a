import { memoryTable } from "@aira/local/testing/memory-table-under-test";
import { describe, expect, test } from "vitest";
import { queryEntries } from "../../ledger/index.ts";
import { AiraError } from "../../lib/index.ts";
import { keys, type Table } from "../../table/index.ts";
import { verifyLedger } from "../verification.ts";
import type { Work } from "./carry-out.ts";
import { codeOf, HIDDEN_MS, runWorld } from "./fixtures/run-world.ts";
import { recordRun } from "./record-run.ts";

const done: Work = async (book) => {
  book.add({ wallets: 1 });
  return { complete: true };
};
/** Writes, of which the answer of one gets lost. */
const lossyAt = (table: Table, at: number): Table["write"] => {
  let calls = 0;
  return async (write) => {
    const result = await table.write(write);
    return ++calls === at ? { outcome: "unknown", cause: undefined } : result;
  };
};
const HIDDEN_MINUTES = HIDDEN_MS / 60_000;

describe("a run that an operator starts", () => {
  test("stands in the list before it is in the queue, waits, and is finished by its message", async () => {
    const world = runWorld();
    await world.fund(3);
    const run = await world.ask();
    expect(run).toMatchObject({ state: "queued", requestedBy: "operator:op-1", attempts: 0, counts: {}, startedAt: undefined });
    expect(run.runId).toMatch(/^run_[0-9a-hjkmnp-tv-z]{26}$/);
    expect(world.queue).toEqual([{ type: "run.requested", kind: "ledger_verification", runId: run.runId }]);
    await world.deliver(world.verify());
    expect(await world.list()).toMatchObject([
      {
        runId: run.runId,
        state: "finished",
        complete: true,
        attempts: 1,
        counts: { wallets: 3, entries: 3, violations: 0 },
        findingCount: 0,
        error: undefined,
      },
    ]);
  });

  test("is joined while it is under way, by whoever asks, and is one run for twenty who ask at once", async () => {
    const world = runWorld();
    const runs = await Promise.all(Array.from({ length: 20 }, (_, n) => world.ask({ operator: `op-${n}` })));
    expect(new Set(runs.map(({ runId }) => runId)).size).toBe(1);
    expect(await world.list()).toHaveLength(1);
    await world.deliver(done);
    expect((await world.ask()).runId).not.toBe(runs[0]?.runId);
  });

  test("is joined by none that asks for another kind, or for more", async () => {
    const world = runWorld();
    const short = await world.ask();
    const other = await world.ask({ kind: "payment_reconciliation" });
    const full = await world.ask({ full: true });
    expect(new Set([short.runId, other.runId, full.runId]).size).toBe(3);
    expect((await world.ask()).runId).toBe(full.runId);
    expect(await world.list("payment_reconciliation")).toMatchObject([{ runId: other.runId }]);
  });

  test("is not joined once it has given no sign of life for twenty minutes", async () => {
    const world = runWorld();
    const first = await world.ask();
    world.pass(19);
    expect((await world.ask()).runId).toBe(first.runId);
    world.pass(1);
    expect(await world.newest()).toMatchObject({ state: "stalled" });
    expect((await world.ask()).runId).not.toBe(first.runId);
  });

  test("is kept when the queue is down: the same key finds the same run and sends it, whenever that is", async () => {
    for (const minutes of [0, 1, 60]) {
      const world = runWorld();
      world.state.down = true;
      expect(await codeOf(world.ask({ idempotencyKey: "once" }))).toBe("service.busy");
      const { runId } = await world.newest();
      expect(world.queue).toEqual([]);
      world.state.down = false;
      world.pass(minutes);
      expect((await world.ask({ idempotencyKey: "once" })).runId).toBe(runId);
      expect(world.queue).toMatchObject([{ runId }]);
      await world.deliver(done);
      expect(await world.list()).toMatchObject([{ runId, state: "finished" }]);
    }
  });

  test("is the same one for a repeat of its key, also once it is finished", async () => {
    const world = runWorld();
    const first = await world.ask({ idempotencyKey: "once" });
    await world.deliver(done);
    expect(await world.ask({ idempotencyKey: "once" })).toMatchObject({ runId: first.runId, state: "finished" });
    expect(world.queue).toEqual([]);
  });
});

describe("the message of a run", () => {
  test("that comes again after the end changes nothing", async () => {
    const world = runWorld();
    await world.ask();
    const [message] = world.queue;
    await world.deliver(done);
    const finished = await world.newest();
    world.queue.push(message!);
    expect(await world.deliver(done)).toMatchObject({ outcome: "left" });
    expect(await world.newest()).toEqual(finished);
  });

  test("of a run that is forgotten is done", async () => {
    const world = runWorld();
    world.queue.push({ type: "run.requested", kind: "ledger_verification", runId: `run_${"0".repeat(26)}` });
    expect(await world.deliver(done)).toMatchObject({ outcome: "left" });
  });

  test("that is delivered ten times at once is worked on once; the others come again", async () => {
    const world = runWorld();
    await world.ask();
    const [message] = world.queue;
    let works = 0;
    const slow: Work = async (book) => {
      works++;
      for (let turns = 0; turns < 50; turns++) await null;
      return done(book);
    };
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => codeOf(world.carry(message!, world.ports, slow))));
    expect(outcomes.toSorted()).toEqual(["done", ...Array.from({ length: 9 }, () => "service.busy")]);
    expect(works).toBe(1);
    expect(await world.newest()).toMatchObject({ state: "finished", attempts: 1, counts: { wallets: 1 } });
  });

  test("of a run that was handed on is worked on once too, however often it is delivered", async () => {
    const world = runWorld();
    await world.fund(20);
    await world.ask();
    await world.deliver(world.verify(1));
    const [message] = world.queue;
    let works = 0;
    const counted: Work = (book) => {
      works++;
      return world.verify()(book);
    };
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => codeOf(world.carry(message!, world.ports, counted))));
    expect(works).toBe(1);
    expect(outcomes.filter((outcome) => outcome === "done")).toHaveLength(1);
    expect(await world.newest()).toMatchObject({ state: "finished", attempts: 2, counts: { wallets: 20 } });
  });

  test("needs no second delivery when answers of the table get lost behind the write", async () => {
    const world = runWorld();
    const { table } = world.ports;
    for (const [kind, at] of [
      ["ledger_verification", 1],
      ["number_reconciliation", 2],
    ] as const) {
      await world.ask({ kind });
      const over = world.portsOver({ ...table, write: lossyAt(table, at) });
      expect(await world.deliver(done, { over })).toMatchObject({ outcome: "finished" });
    }
    expect(await world.list()).toMatchObject([
      { state: "finished", attempts: 1 },
      { state: "finished", attempts: 1 },
    ]);
  });

  test("comes again after a crash: the run is free once its execution is certainly over, and goes on behind what was written", async () => {
    const world = runWorld();
    await world.fund(20);
    await world.ask();
    const [message] = world.queue;
    const crash: Work = async (book) => {
      await world.verify(1)(book);
      return new Promise(() => {});
    };
    void world.carry(message!, world.ports, crash);
    await expect.poll(async () => (await world.newest()).counts).toMatchObject({ wallets: 8 });
    expect(await codeOf(world.carry(message!, world.ports, world.verify()))).toBe("service.busy");
    expect(await world.newest()).toMatchObject({ state: "running" });
    world.pass(HIDDEN_MINUTES);
    expect(await world.newest()).toMatchObject({ state: "stalled" });
    await world.deliver(world.verify());
    expect(await world.list()).toMatchObject([{ state: "finished", attempts: 2, counts: { wallets: 20, entries: 20 } }]);
  });

  test("is written by nobody any more whose time was over: a zombie's words are refused", async () => {
    const world = runWorld();
    await world.ask();
    const [message] = world.queue;
    const { promise: woken, resolve: wake } = Promise.withResolvers<void>();
    let wentOn = false;
    const zombie = codeOf(
      world.carry(message!, world.ports, async (book) => {
        await woken;
        book.add({ wallets: 1_000 });
        world.pass(1);
        await book.step("owner-x");
        wentOn = true;
        return { complete: true };
      }),
    );
    await expect.poll(async () => (await world.newest()).state).toBe("running");
    world.pass(HIDDEN_MINUTES);
    await world.deliver(done);
    const finished = await world.newest();
    wake();
    expect(await zombie).toBe("service.busy");
    expect(wentOn).toBe(false);
    expect(await world.newest()).toEqual(finished);
  });
});

describe("an attempt", () => {
  test("whose time is over hands the run on, and the next goes on where it stopped", async () => {
    const world = runWorld();
    await world.fund(20);
    await world.ask();
    const outcomes: string[] = [];
    while (world.queue.length > 0) {
      outcomes.push((await world.deliver(world.verify(1))).outcome);
      expect((await world.newest()).state).toBe(outcomes.at(-1) === "finished" ? "finished" : "running");
    }
    expect(outcomes).toEqual(["handed_on", "handed_on", "handed_on", "finished"]);
    expect(await world.newest()).toMatchObject({ attempts: 4, counts: { wallets: 20, entries: 20 } });
  });

  test("that cannot hand the run on leaves it to its own message", async () => {
    const world = runWorld();
    await world.fund(20);
    await world.ask();
    world.state.down = true;
    expect(await codeOf(world.deliver(world.verify(1)))).toBe("service.busy");
    world.state.down = false;
    expect(world.queue).toHaveLength(1);
    while (world.queue.length > 0) await world.deliver(world.verify(1));
    expect(await world.newest()).toMatchObject({ state: "finished", counts: { wallets: 20, entries: 20 } });
  });

  test("that gets nowhere is a failure, never handed on for ever", async () => {
    const world = runWorld();
    await world.ask();
    const nowhere: Work = async () => ({ complete: false });
    expect(await codeOf(world.deliver(nowhere))).toBe("service.busy");
    expect(world.queue).toHaveLength(1);
    expect(await world.newest()).toMatchObject({ state: "queued", error: "service.busy" });
  });

  const refused: Work = () => Promise.reject(new AiraError("payment_provider.refused", "No."));
  const broken: Work = () => Promise.reject(new TypeError("canary"));

  test("that throws leaves the run to another one, and says what happened; the last one has failed", async () => {
    const world = runWorld();
    await world.ask();
    expect(await codeOf(world.deliver(refused))).toBe("payment_provider.refused");
    expect(await world.newest()).toMatchObject({ state: "queued", error: "payment_provider.refused", finishedAt: undefined });
    expect(await codeOf(world.deliver(broken, { last: true }))).toBeInstanceOf(TypeError);
    expect(await world.newest()).toMatchObject({ state: "failed", error: "internal.failure", attempts: 2 });
    // Its dead letter is brought back, once the cause is gone.
    await world.deliver(done);
    expect(await world.newest()).toMatchObject({ state: "finished", error: undefined, attempts: 3 });
  });

  test("that failed need not be waited for: who asks again has the same run tried at once", async () => {
    const world = runWorld();
    const { runId } = await world.ask();
    await codeOf(world.deliver(refused));
    const [hidden] = world.queue.splice(0);
    expect((await world.ask()).runId).toBe(runId);
    await world.deliver(done);
    world.queue.push(hidden!);
    expect(await world.deliver(done)).toMatchObject({ outcome: "left" });
    expect(await world.list()).toMatchObject([{ runId, state: "finished" }]);
  });
});

test("a verification names what it found, the first fifty with the count of all, and leaves the schedule's position alone", async () => {
  const world = runWorld();
  const owners = await world.fund(60);
  const { table } = world.ports;
  const schedule = verifyLedger(world.ports, 0);
  while (!(await schedule.next()).done);
  const position = await table.get(keys.cursor("verify-ledger"));
  expect(position?.after).toBeTypeOf("string");
  for (const owner of owners) {
    const [entry] = (await queryEntries(table, owner, { limit: 1 })).entries;
    await table.write({ update: keys.entry(owner, entry!.at, entry!.seq), set: { amountMinor: 501 } });
  }
  await world.ask({ full: true });
  while (world.queue.length > 0) await world.deliver(world.verify(2));
  const run = await world.newest();
  expect(run).toMatchObject({
    state: "finished",
    full: true,
    counts: { wallets: 60, fullWallets: 60, violations: 120 },
    findingCount: 120,
  });
  expect(run.findings).toHaveLength(50);
  expect(run.findings[0]).toEqual({
    type: "violation",
    owner: expect.stringMatching(/^owner-/),
    seq: 1,
    broken: "the hash matches the entry's fields",
  });
  expect(await table.get(keys.cursor("verify-ledger"))).toEqual(position);
});

describe("a schedule's run", () => {
  const warnings: string[] = [];
  const recording = (table: Table, clock: () => number) => ({
    ...runWorld(table).ports,
    clock,
    warn: (message: string) => void warnings.push(message),
  });

  test("stands in the same list, and is nobody's to join", async () => {
    const world = runWorld();
    const report = await recordRun(recording(world.ports.table, world.now), "ledger_verification", async (book) => {
      book.add({ wallets: 5 });
      expect(await world.newest()).toMatchObject({ state: "running", requestedBy: "schedule" });
      await world.ask();
      return { wallets: 5, complete: false };
    });
    expect(report).toEqual({ wallets: 5, complete: false });
    expect(await world.list()).toMatchObject(
      expect.arrayContaining([
        expect.objectContaining({ requestedBy: "schedule", state: "finished", complete: false, counts: { wallets: 5 } }),
        expect.objectContaining({ requestedBy: "operator:op-1", state: "queued" }),
      ]),
    );
  });

  test("that throws has failed, and throws on", async () => {
    const world = runWorld();
    const run = recordRun(recording(world.ports.table, world.now), "number_reconciliation", () =>
      Promise.reject(new AiraError("number_provider.unavailable", "Down.")),
    );
    expect(await codeOf(run)).toBe("number_provider.unavailable");
    expect(await world.newest()).toMatchObject({ state: "failed", error: "number_provider.unavailable" });
  });

  test("does its work also when the record of it cannot be kept", async () => {
    const down = { ...memoryTable(), write: () => Promise.reject(new Error("no table")) };
    const report = await recordRun(
      recording(down, () => 0),
      "payment_reconciliation",
      async (book) => {
        await book.step();
        return { days: 30 };
      },
    );
    expect(report).toEqual({ days: 30 });
    expect(warnings).toContain("The record of a run was not kept");
  });
});

test("runs are listed newest first, of all kinds together, and are forgotten after ninety days", async () => {
  const world = runWorld();
  for (const kind of ["ledger_verification", "number_reconciliation", "payment_reconciliation"] as const) {
    await world.ask({ kind });
    world.pass(1);
  }
  const runs = await world.list();
  expect(runs.map(({ kind }) => kind)).toEqual(["payment_reconciliation", "number_reconciliation", "ledger_verification"]);
  const item = await world.ports.table.get(keys.run("payment_reconciliation", runs[0]?.runId ?? ""));
  expect(item?.ttl).toBe(Math.floor(Date.parse("2026-03-01T12:02:00Z") / 1_000) + 90 * 86_400);
});
