import { seededRandom } from "@aira/local/random";
import { randomFaults } from "@aira/local/testing/fault-plan";
import { paymentWorld } from "@aira/local/testing/payment-world";
import { addFaults } from "@aira/local/testing/sdk-faults";
import { freshOwner, startTableUnderTest, type TableUnderTest } from "@aira/local/testing/table-under-test";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { loadWallet, verifyWallet } from "../ledger/index.ts";
import { consumeEvents, type PaymentPorts, readTopUp } from "./index.ts";

// Seconds on a quiet machine; a busy one may take its time.
vi.setConfig({ testTimeout: 120_000 });

let emulator: TableUnderTest;
const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 1e9));
beforeAll(async () => {
  emulator = await startTableUnderTest();
});
afterAll(() => emulator.stop());

const deliver = (ports: PaymentPorts, ...bodies: string[]) =>
  consumeEvents(
    ports,
    bodies.map((body, n) => ({ id: `m${n}`, body })),
  );

async function expectWallet(ports: PaymentPorts, owner: string, availableMinor: number, seq: number): Promise<void> {
  const wallet = await loadWallet(emulator.table, owner, { consistent: true });
  expect({ balance: wallet.balances.USD?.availableMinor, seq: wallet.seq }).toEqual({ balance: availableMinor, seq });
  expect((await verifyWallet(ports, owner)).violations).toEqual([]);
}

test("twenty deliveries of one event at once credit once", async () => {
  const at = paymentWorld();
  const ports = at.ports(emulator.table);
  const { owner, sessionId } = await at.checkout(ports);
  at.stripe.pay(sessionId, "card");
  const body = at.newest("checkout.session.completed");
  const consumed = (await Promise.all(Array.from({ length: 20 }, () => deliver(ports, body)))).flat();
  const count = (outcome: string) => consumed.filter((one) => one.outcome === outcome).length;
  expect({ credited: count("credited"), already: count("already") }).toEqual({ credited: 1, already: 19 });
  await expectWallet(ports, owner, 1_000, 1);
});

/** Six workers at once on three events of one refund. */
async function crossing() {
  const at = paymentWorld();
  const ports = at.ports(emulator.table);
  const { owner, topUpId, sessionId } = await at.checkout(ports);
  at.stripe.pay(sessionId, "card");
  await deliver(ports, at.newest("checkout.session.completed"));
  at.stripe.refund({ session: sessionId }, { amountMinor: 300 });
  const bodies = [at.newest("refund.created"), at.newest("charge.refunded"), at.newest("checkout.session.completed")];
  const consumed = (await Promise.all([...bodies, ...bodies].map((body) => deliver(ports, body)))).flat();
  expect(consumed.filter(({ outcome }) => outcome === "failed")).toEqual([]);
  return { ports, owner, topUpId, consumed };
}

test("workers that settle the same refund at once take the money back once", async () => {
  const { ports, owner, topUpId } = await crossing();
  expect(await readTopUp(ports, { owner, topUpId })).toMatchObject({ state: "partially_reversed", creditedMinor: 700 });
  await expectWallet(ports, owner, 700, 2);
});

test("money that one settlement moved is counted for one message, though several workers settled at once", async () => {
  const { consumed } = await crossing();
  expect(consumed.reduce((sum, { deltaMinor }) => sum + deltaMinor, 0)).toBe(-300);
});

test(`two hundred credits of one wallet in batches are exact while a third of the transactions fail (seed ${seed})`, async () => {
  const at = paymentWorld();
  const clean = at.ports(emulator.table);
  const owner = freshOwner();
  const bodies: string[] = [];
  let sumMinor = 0;
  for (let n = 0; n < 200; n++) {
    const amountMinor = 100 + n;
    sumMinor += amountMinor;
    const { sessionId } = await at.checkout(clean, { owner, amountMinor });
    at.stripe.pay(sessionId, "card");
    bodies.push(at.newest("checkout.session.completed"));
  }
  const { client, table } = emulator.connect();
  const random = seededRandom(seed);
  const plan = randomFaults(random, 0.33, ({ command }: { command: string }) =>
    command === "TransactWriteItems" ? (["conflict", "throttled", "timeout_before", "timeout_after"] as const) : [],
  );
  addFaults(client, plan, { crash: () => Promise.reject(new Error("nothing crashes here")), random });
  const ports = at.ports(table);
  const untilDone = async (batch: string[]): Promise<void> => {
    const failed = (await deliver(ports, ...batch)).filter(({ outcome }) => outcome === "failed");
    if (failed.length > 0) await untilDone(failed.map(({ id }) => batch[Number(id.slice(1))]!));
  };
  // Every batch comes twice, as a standard queue may have it.
  const batches = Array.from({ length: 20 }, (_, n) => bodies.slice(n * 10, n * 10 + 10));
  await Promise.all([...batches, ...batches].map(untilDone));
  await expectWallet(clean, owner, sumMinor, 200);
});
