import { everyFaultPoint, type Line, type Run } from "@aira/local/testing/fault-points";
import { type PaymentWorld, paymentWorld } from "@aira/local/testing/payment-world";
import { startTableUnderTest, type TableUnderTest } from "@aira/local/testing/table-under-test";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { listEntries, loadWallet, verifyWallet } from "../ledger/index.ts";
import { AiraError } from "../lib/index.ts";
import { keys } from "../table/index.ts";
import { consumeEvents, createCheckoutSession, type PaymentPorts, readTopUp, sweep } from "./index.ts";
import { listQuarantined } from "./quarantine.ts";

// Seconds on a quiet machine; a busy one may take its time.
vi.setConfig({ testTimeout: 120_000 });

let emulator: TableUnderTest;
beforeAll(async () => {
  emulator = await startTableUnderTest();
});
afterAll(() => emulator.stop());

/** A world of its own around every run. It starts later each time, since the sweep's place in the table only moves on. */
let startMs = Date.now();
const world = () => {
  startMs += 3_600_000;
  return paymentWorld(startMs);
};

/** Consumes one batch; a failed message goes back to the queue. */
async function deliver(ports: PaymentPorts, bodies: readonly string[]): Promise<void> {
  const consumed = await consumeEvents(
    ports,
    bodies.map((body, n) => ({ id: `m${n}`, body })),
  );
  const failed = consumed.find(({ outcome }) => outcome === "failed");
  if (failed) throw failed.error;
}

/** A consumer may put a message back with any reason but a mistake of ours. */
function anyFailure(error: unknown): void {
  if (error instanceof AiraError && !error.retry) throw error;
  if (error instanceof TypeError || error instanceof RangeError) throw error;
}

/** A client is told "not now" or "not known", so that it asks again with the same key. */
function onlyRetryable(error: unknown): void {
  if (!(error instanceof AiraError && error.retry)) throw error;
}

const portsOver = ({ ports, fetch }: PaymentWorld, { table, over }: Line) => ports(table, over(fetch));

interface Expected {
  readonly availableMinor: number;
  readonly kinds: readonly string[];
  readonly states: readonly string[];
}

async function expectBooks(at: PaymentWorld, owner: string, topUpIds: readonly string[], expected: Expected): Promise<void> {
  const ports = at.ports(emulator.table);
  const wallet = await loadWallet(emulator.table, owner, { consistent: true });
  const { entries } = await listEntries(ports, owner, { limit: 50 });
  const topUps = await Promise.all(topUpIds.map((topUpId) => readTopUp(ports, { owner, topUpId })));
  expect(wallet.balances.USD?.availableMinor ?? 0).toBe(expected.availableMinor);
  expect(entries.map(({ kind }) => kind).toReversed()).toEqual(expected.kinds);
  expect(topUps.map(({ state }) => state)).toEqual(expected.states);
  expect(topUps.reduce((sum, { creditedMinor }) => sum + creditedMinor, 0)).toBe(expected.availableMinor);
  expect((await verifyWallet(ports, owner)).violations).toEqual([]);
}

/** A run on one top-up of ten dollars, by delivering what `happen` left on the queue. */
async function deliveryOf(
  happen: (at: PaymentWorld, sessionId: string, ports: PaymentPorts) => Promise<string> | string,
  expected: Expected,
): Promise<Run> {
  const at = world();
  const ports = at.ports(emulator.table);
  const { owner, topUpId, sessionId } = await at.checkout(ports);
  const body = await happen(at, sessionId, ports);
  return {
    act: (line) => deliver(portsOver(at, line), [body]),
    mayFailWith: anyFailure,
    check: () => expectBooks(at, owner, [topUpId], expected),
  };
}

/** Paid and credited already. */
async function credited({ stripe, newest }: PaymentWorld, sessionId: string, ports: PaymentPorts): Promise<void> {
  stripe.pay(sessionId, "card");
  await deliver(ports, [newest("checkout.session.completed")]);
}

const OPERATIONS: Readonly<Record<string, () => Promise<Run>>> = {
  "the credit of an event": () =>
    deliveryOf(
      ({ stripe, newest }, sessionId) => {
        stripe.pay(sessionId, "card");
        return newest("checkout.session.completed");
      },
      { availableMinor: 1_000, kinds: ["credit"], states: ["credited"] },
    ),

  "a batch of three credits of one wallet": async () => {
    const at = world();
    const ports = at.ports(emulator.table);
    const first = await at.checkout(ports);
    const { owner } = first;
    const topUps = [first, await at.checkout(ports, { owner }), await at.checkout(ports, { owner })];
    const bodies = topUps.map(({ sessionId }) => {
      at.stripe.pay(sessionId, "card");
      return at.newest("checkout.session.completed");
    });
    const ids = topUps.map(({ topUpId }) => topUpId);
    return {
      act: (line) => deliver(portsOver(at, line), bodies),
      mayFailWith: anyFailure,
      check: () =>
        expectBooks(at, owner, ids, {
          availableMinor: 3_000,
          kinds: ["credit", "credit", "credit"],
          states: ["credited", "credited", "credited"],
        }),
    };
  },

  "a batch of credits of three wallets": async () => {
    const at = world();
    const ports = at.ports(emulator.table);
    const topUps = [await at.checkout(ports), await at.checkout(ports), await at.checkout(ports)];
    const bodies = topUps.map(({ sessionId }) => {
      at.stripe.pay(sessionId, "card");
      return at.newest("checkout.session.completed");
    });
    return {
      act: (line) => deliver(portsOver(at, line), bodies),
      mayFailWith: anyFailure,
      check: async () => {
        for (const { owner, topUpId } of topUps)
          await expectBooks(at, owner, [topUpId], { availableMinor: 1_000, kinds: ["credit"], states: ["credited"] });
      },
    };
  },

  "a settlement with a partial refund": () =>
    deliveryOf(
      async (at, sessionId, ports) => {
        await credited(at, sessionId, ports);
        at.stripe.refund({ session: sessionId }, { amountMinor: 400 });
        return at.newest("refund.created");
      },
      { availableMinor: 600, kinds: ["credit", "clawback"], states: ["partially_reversed"] },
    ),

  "a settlement without money": () =>
    deliveryOf(
      ({ stripe, newest }, sessionId) => {
        stripe.pay(sessionId, "async");
        return newest("checkout.session.completed");
      },
      { availableMinor: 0, kinds: [], states: ["processing"] },
    ),

  "a dispute's clawback": () =>
    deliveryOf(
      async (at, sessionId, ports) => {
        await credited(at, sessionId, ports);
        at.stripe.openDispute({ session: sessionId });
        return at.newest("charge.dispute.created");
      },
      { availableMinor: 0, kinds: ["credit", "clawback"], states: ["reversed"] },
    ),

  "a reinstatement": () =>
    deliveryOf(
      async (at, sessionId, ports) => {
        await credited(at, sessionId, ports);
        const { id } = at.stripe.openDispute({ session: sessionId });
        await deliver(ports, [at.newest("charge.dispute.created")]);
        at.stripe.winDispute(id);
        return at.newest("charge.dispute.closed");
      },
      { availableMinor: 1_000, kinds: ["credit", "clawback", "reinstatement"], states: ["credited"] },
    ),

  "a finding for quarantine": async () => {
    const run = await deliveryOf(
      ({ stripe, newest }, sessionId) => {
        stripe.tamper.payAltered(sessionId, { amountMinor: 999 });
        return newest("checkout.session.completed");
      },
      { availableMinor: 0, kinds: [], states: ["open"] },
    );
    return {
      ...run,
      async check() {
        await run.check();
        const findings = await Array.fromAsync(listQuarantined({ table: emulator.table }));
        expect(findings).toHaveLength(1);
        // Out of the way of the runs behind.
        for (const { quarantineId } of findings) await emulator.table.write({ delete: keys.quarantine(quarantineId) });
      },
    };
  },

  createCheckoutSession: async () => {
    const at = world();
    const request = { owner: `checkout-${startMs}`, idempotencyKey: "key", currency: "USD", amountMinor: 1_000 } as const;
    const urls = new Set<string>();
    let topUpId = "";
    return {
      async act(line) {
        const session = await createCheckoutSession(portsOver(at, line), request);
        topUpId = session.topUpId;
        urls.add(session.url);
      },
      mayFailWith: onlyRetryable,
      async check() {
        const sessions = [...at.stripe.store.sessions.values()];
        // One customer, one page, and it is open.
        expect(at.stripe.store.customers.size).toBe(1);
        expect(sessions.map(({ status, url }) => [status, url])).toEqual([["open", [...urls][0]]]);
        expect(urls.size).toBe(1);
        at.stripe.pay(sessions[0]!.id, "card");
        await deliver(at.ports(emulator.table), [at.newest("checkout.session.completed")]);
        await expectBooks(at, request.owner, [topUpId], { availableMinor: 1_000, kinds: ["credit"], states: ["credited"] });
      },
    };
  },

  "a sweep that finds a lost payment": async () => {
    const at = world();
    const ports = at.ports(emulator.table);
    // The way up to now is walked already, so that every run has the same stretch before it.
    await sweep(ports);
    at.pass(60_000);
    const { owner, topUpId, sessionId } = await at.checkout(ports);
    at.stripe.pay(sessionId, "card");
    at.pass(60_000);
    return {
      async act(line) {
        const report = await sweep(portsOver(at, line));
        // A failure that was put off is tried again in minutes, and then the run counts as done.
        if (report.deferred === 0) return;
        at.pass(10 * 60_000);
        throw new AiraError("service.busy", "a settlement was put off");
      },
      mayFailWith: (error) => {
        anyFailure(error);
        at.pass(60_000);
      },
      check: () => expectBooks(at, owner, [topUpId], { availableMinor: 1_000, kinds: ["credit"], states: ["credited"] }),
    };
  },
};

test.each(Object.entries(OPERATIONS))("%s comes out right whatever fault meets whichever of its calls", async (name, prepare) => {
  const points = await everyFaultPoint(emulator, prepare, { sameCalls: true });
  console.log(`${name}: ${points} fault points`);
  expect(points).toBeGreaterThan(15);
});
