import { seededRandom } from "@aira/local/random";
import { StripeFault } from "@aira/local/stripe/index";
import { memoryTable } from "@aira/local/testing/memory-table-under-test";
import { type PaymentWorld, paymentWorld } from "@aira/local/testing/payment-world";
import { startTableUnderTest } from "@aira/local/testing/table-under-test";
import { expect, test } from "vitest";
import { adjust } from "../ledger/index.ts";
import { consumeEvents, type PaymentPorts, sweep } from "../payments/index.ts";
import { keys, type Table } from "../table/index.ts";
import { type Day, dayOf, daysBetween, type ReconciliationReport, readReconciliations, reconcile, reconcileDays } from "./index.ts";

const DAY: Day = "2026-03-01";
const HOUR_MS = 3_600_000;

function open(at = `${DAY}T12:00:00Z`, table: Table = memoryTable()): { world: PaymentWorld; ports: PaymentPorts } {
  const world = paymentWorld(Date.parse(at));
  return { world, ports: world.ports(table) };
}

/** Every event so far arrives, some of them for the second time. */
async function deliver({ events }: PaymentWorld, ports: PaymentPorts): Promise<void> {
  for (const event of events) await consumeEvents(ports, [{ id: event.id, body: JSON.stringify(event) }]);
}

async function paid(world: PaymentWorld, ports: PaymentPorts, amountMinor = 1_000, currency: "USD" | "INR" = "USD") {
  const checkout = await world.checkout(ports, { amountMinor, currency });
  const { payment_intent: intent } = world.stripe.pay(checkout.sessionId, "card");
  return { ...checkout, intent: intent! };
}

const reconciled = async (ports: PaymentPorts, day = DAY): Promise<ReconciliationReport> =>
  (await Array.fromAsync(reconcile(ports, [day])))[0]!;

/** What holds of every report: the two sides differ by what is explained and by what differs. */
function expectBalanced({ currencies }: ReconciliationReport): void {
  for (const sums of Object.values(currencies)) {
    const stripe = sums.grossMinor - sums.refundedMinor - sums.disputedMinor;
    const ledger = sums.creditedMinor + sums.reinstatedMinor - sums.clawedBackMinor;
    expect(stripe - ledger).toBe(sums.explainedMinor + sums.differingMinor);
  }
}

test("on the emulator: a day of payments, refunds and disputes that arrived agrees, with its fees", async () => {
  const emulator = await startTableUnderTest();
  try {
    const { world, ports } = open(undefined, emulator.table);
    await paid(world, ports);
    const refunded = await paid(world, ports, 2_000);
    const disputed = await paid(world, ports, 3_000);
    await paid(world, ports, 50_000, "INR");
    await deliver(world, ports);
    world.stripe.refund({ paymentIntent: refunded.intent }, { amountMinor: 500 });
    const failing = world.stripe.refund({ paymentIntent: refunded.intent }, { amountMinor: 700 });
    const dispute = world.stripe.openDispute({ paymentIntent: disputed.intent });
    await deliver(world, ports);
    world.stripe.failRefund(failing.id);
    world.stripe.winDispute(dispute.id);
    await deliver(world, ports);
    const report = await reconciled(ports);
    const fees = [...world.stripe.store.balanceTransactions.values()].filter(({ currency }) => currency === "usd");
    expect(report).toMatchObject({ topUps: 4, transactions: 9, foreign: 0, differenceCount: 0, differences: [] });
    expect(report.currencies.USD).toEqual({
      grossMinor: 6_000,
      refundedMinor: 500,
      disputedMinor: 0,
      feesMinor: fees.reduce((sum, { fee }) => sum + fee, 0),
      foreignMinor: 0,
      creditedMinor: 6_000,
      reinstatedMinor: 3_700,
      clawedBackMinor: 4_200,
      explainedMinor: 0,
      differingMinor: 0,
    });
    expect(report.currencies.INR).toMatchObject({ grossMinor: 50_000, creditedMinor: 50_000, explainedMinor: 0 });
  } finally {
    await emulator.stop();
  }
});

test("a payment whose event never came is not credited yet, and agrees after the sweep", async () => {
  const { world, ports } = open();
  const { topUpId, intent } = await paid(world, ports);
  const report = await reconciled(ports);
  expect(report.differences).toEqual([
    {
      topUpId,
      reason: "not_credited_yet",
      currency: "USD",
      atStripeMinor: 1_000,
      inLedgerMinor: 0,
      paymentIntentIds: [intent],
      quarantineIds: [],
      failedTries: 0,
    },
  ]);
  expect(report.currencies.USD?.differingMinor).toBe(1_000);
  expectBalanced(report);
  world.pass(60_000);
  await sweep(ports);
  expect(await reconciled(ports)).toMatchObject({ differenceCount: 0, currencies: { USD: { creditedMinor: 1_000, differingMinor: 0 } } });
});

test("a refund that the wallet has not followed is not settled yet", async () => {
  const { world, ports } = open();
  const { intent } = await paid(world, ports);
  await deliver(world, ports);
  world.stripe.refund({ paymentIntent: intent }, { amountMinor: 400 });
  const report = await reconciled(ports);
  expect(report.differences).toMatchObject([{ reason: "not_settled_yet", atStripeMinor: 600, inLedgerMinor: 1_000 }]);
  expectBalanced(report);
});

test("a payment that contradicts its top-up is in quarantine, and so is a second payment", async () => {
  const { world, ports } = open();
  const altered = await world.checkout(ports);
  world.stripe.tamper.payAltered(altered.sessionId, { amountMinor: 900 });
  const twice = await paid(world, ports);
  world.stripe.tamper.paySecondSession(twice.sessionId);
  await deliver(world, ports);
  const { differences, ...report } = await reconciled(ports);
  const byId = new Map(differences.map((difference) => [difference.topUpId, difference]));
  expect(byId.get(altered.topUpId)).toMatchObject({ reason: "in_quarantine", atStripeMinor: 900, inLedgerMinor: 0 });
  expect(byId.get(twice.topUpId)).toMatchObject({ reason: "in_quarantine", atStripeMinor: 2_000, inLedgerMinor: 1_000 });
  expect(byId.get(twice.topUpId)?.paymentIntentIds).toHaveLength(2);
  expect(byId.get(twice.topUpId)?.quarantineIds).toHaveLength(1);
  expectBalanced({ ...report, differences });
});

test("an entry without its payment is found, whatever the top-up says", async () => {
  const { world, ports } = open();
  const { topUpId, owner } = await paid(world, ports);
  await deliver(world, ports);
  await forgeCredit(ports, owner, topUpId, 700);
  expect((await reconciled(ports)).differences).toMatchObject([{ reason: "top_up_disagrees", atStripeMinor: 1_000, inLedgerMinor: 1_700 }]);
  await ports.table.write({ update: keys.topUp(topUpId), set: { postedMinor: 1_700 } });
  expect((await reconciled(ports)).differences).toMatchObject([{ reason: "credited_more", atStripeMinor: 1_000, inLedgerMinor: 1_700 }]);
});

test("a credit that went to another wallet than the payer's is found, though the sums of the day are equal", async () => {
  const { world, ports } = open();
  const { topUpId } = await paid(world, ports);
  await forgeCredit(ports, "thief", topUpId, 1_000);
  const report = await reconciled(ports);
  expect(report.differences).toMatchObject([{ topUpId, reason: "top_up_disagrees" }]);
});

test("a payment and an entry that name a top-up which does not exist are told", async () => {
  const { world, ports } = open();
  const { topUpId } = await paid(world, ports);
  await ports.table.write({ delete: keys.topUp(topUpId) });
  await forgeCredit(ports, "nobody", "top_none", 100);
  const { differences } = await reconciled(ports);
  expect(differences.map(({ topUpId: id, reason }) => [id, reason])).toEqual(
    [
      [topUpId, "unknown_top_up"],
      ["top_none", "unknown_top_up"],
    ].sort(([a], [b]) => (a! < b! ? -1 : 1)),
  );
});

async function forgeCredit(ports: PaymentPorts, owner: string, topUpId: string, amountMinor: number): Promise<void> {
  await adjust(ports, { owner, adjustmentId: `${owner}-${topUpId}`, currency: "USD", amountMinor, reason: "forged", actor: "forged" });
  const { items } = await ports.table.query({ pk: keys.wallet(owner).pk, prefix: "ENTRY#", newestFirst: true, limit: 1 });
  const [item] = items;
  await ports.table.write({
    update: { pk: item!.pk as string, sk: item!.sk as string },
    set: { kind: "credit", refType: "top_up", refId: topUpId },
  });
}

test("payments of other apps and stages are summed apart and are no difference", async () => {
  const { world, ports } = open();
  await paid(world, ports);
  await deliver(world, ports);
  const elsewhere: PaymentPorts = { ...world.ports(memoryTable()), stage: "another" };
  const foreign = await paid(world, elsewhere, 5_000);
  world.stripe.refund({ paymentIntent: foreign.intent }, { amountMinor: 1_000 });
  expect(await reconciled(ports)).toMatchObject({
    foreign: 2,
    transactions: 1,
    differenceCount: 0,
    currencies: { USD: { grossMinor: 1_000, foreignMinor: 4_000 } },
  });
});

test("the two sides of midnight explain themselves", async () => {
  const { world, ports } = open(`${DAY}T23:59:59Z`);
  await paid(world, ports);
  world.pass(5_000);
  await deliver(world, ports);
  const [before, after] = [await reconciled(ports), await reconciled(ports, "2026-03-02")];
  expect(before).toMatchObject({ differenceCount: 0, currencies: { USD: { grossMinor: 1_000, creditedMinor: 0, explainedMinor: 1_000 } } });
  expect(after).toMatchObject({ differenceCount: 0, currencies: { USD: { grossMinor: 0, creditedMinor: 1_000, explainedMinor: -1_000 } } });
  for (const report of [before, after]) expectBalanced(report);
});

test("what was put right leaves the report, a day that agrees is not asked for again, and a repeat writes nothing", async () => {
  const { world, ports } = open();
  await paid(world, ports);
  world.pass(26 * HOUR_MS);
  const first = await reconcileDays(ports);
  expect(first).toMatchObject({ complete: true });
  expect(first.reports).toHaveLength(30);
  expect(first.reports.at(-1)).toMatchObject({ day: DAY, differenceCount: 1 });
  const refuse = () => Promise.reject(new Error("a write"));
  expect(await reconcileDays({ ...ports, table: { ...ports.table, write: refuse } })).toEqual(first);
  await sweep(ports);
  expect((await reconcileDays(ports)).reports.at(-1)).toMatchObject({ day: DAY, differenceCount: 0 });
  const unasked = { ...ports.provider, walk: () => Promise.reject(new Error("asked again")) };
  expect((await reconcileDays({ ...ports, provider: unasked })).complete).toBe(true);
  expect(await readReconciliations(ports, DAY, DAY)).toHaveLength(1);
});

test("a run that is stopped keeps the days that it has done, and the next one goes on", async () => {
  const { world, ports } = open();
  await paid(world, ports);
  world.pass(26 * HOUR_MS);
  let steps = 0;
  const days = new Set<Day>();
  const stopped = await reconcileDays(ports, {
    stop: () => ++steps > 40,
    progress: ({ of, from }) => of === "transactions" && days.add(from),
  });
  expect(stopped.complete).toBe(false);
  expect(stopped.reports.length).toBeGreaterThan(0);
  expect(stopped.reports).toHaveLength(days.size - 1);
  expect(await readReconciliations(ports, "2026-01-01", "2026-12-31")).toEqual(stopped.reports);
  expect((await reconcileDays(ports)).reports).toHaveLength(30);
  expect(await Array.fromAsync(reconcile(ports, [DAY], { stop: () => true }))).toEqual([]);
});

test("whatever was paid, refunded and disputed, and whichever events were lost: before the sweep the sums explain themselves, after it nothing differs", async () => {
  for (const seed of [1, 2, 3, 4]) {
    const random = seededRandom(seed);
    const chance = (probability: number) => random() < probability;
    const { world, ports } = open(`${DAY}T10:00:00Z`);
    const owners = ["a", "b", "c"];
    const intents: string[] = [];
    for (let step = 0; step < 30; step++) {
      world.pass(Math.floor(random() * 2 * HOUR_MS));
      const before = world.events.length;
      const intent = intents[Math.floor(random() * intents.length)];
      if (intent === undefined || chance(0.5)) {
        const { sessionId } = await world.checkout(ports, { owner: owners[step % 3]!, amountMinor: 100 + Math.floor(random() * 900) });
        intents.push(world.stripe.pay(sessionId, "card").payment_intent!);
      } else disturb(world, intent, random);
      if (chance(0.6))
        for (const event of world.events.slice(before)) await consumeEvents(ports, [{ id: event.id, body: JSON.stringify(event) }]);
    }
    world.pass(60_000);
    const days = daysBetween(DAY, dayOf(world.clock()));
    const lossy = await Array.fromAsync(reconcile(ports, days));
    for (const report of lossy) expectBalanced(report);
    expect(
      lossy.some(({ differenceCount }) => differenceCount > 0),
      `seed ${seed}: an event was lost`,
    ).toBe(true);
    await sweep(ports);
    const whole = await Array.fromAsync(reconcile(ports, days));
    for (const report of whole) expectBalanced(report);
    expect(
      whole.flatMap(({ differences }) => differences),
      `seed ${seed}`,
    ).toEqual([]);
  }
});

/** A refund, a dispute, or the end of one. What Stripe refuses by its own rules does not happen. */
function disturb({ stripe }: PaymentWorld, paymentIntent: string, random: () => number): void {
  const open = [...stripe.store.disputes.values()].find((one) => one.payment_intent === paymentIntent && one.status === "needs_response");
  try {
    if (open) random() < 0.5 ? stripe.winDispute(open.id) : stripe.loseDispute(open.id);
    else if (random() < 0.5) stripe.refund({ paymentIntent }, { amountMinor: 1 + Math.floor(random() * 300) });
    else stripe.openDispute({ paymentIntent });
  } catch (error) {
    if (!(error instanceof StripeFault)) throw error;
  }
}
