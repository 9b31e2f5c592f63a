import { memoryTable } from "@aira/local/testing/memory-table-under-test";
import { type PaymentWorld, paymentWorld } from "@aira/local/testing/payment-world";
import { expect, test } from "vitest";
import { loadWallet } from "../ledger/index.ts";
import { consumeEvents, createCheckoutSession, type PaymentPorts, readTopUp, sweep } from "./index.ts";

const MINUTE = 60_000;
const DAY = 86_400_000;

function setting() {
  const at = paymentWorld();
  const table = memoryTable();
  const ports = at.ports(table);
  const balance = async (owner: string) => (await loadWallet(table, owner)).balances.USD?.availableMinor ?? 0;
  /** Paid, and nobody has said so. */
  const lost = async () => {
    const checkout = await at.checkout(ports);
    at.stripe.pay(checkout.sessionId, "card");
    return checkout;
  };
  return { at, table, ports, balance, lost };
}

test("a payment whose event never came is credited, and the next run changes nothing", async () => {
  const { at, ports, balance, lost } = setting();
  const { owner, topUpId } = await lost();
  at.pass(MINUTE);
  expect(await sweep(ports)).toMatchObject({ settled: 1, recovered: 1, deferred: 0, complete: true });
  expect(await balance(owner)).toBe(1_000);
  for (const pause of [MINUTE, 10 * MINUTE, DAY]) {
    at.pass(pause);
    expect(await sweep(ports)).toMatchObject({ settled: 0, recovered: 0, uncredited: 0, deferred: 0, quarantined: 0, complete: true });
  }
  expect(await balance(owner)).toBe(1_000);
  expect(await readTopUp(ports, { owner, topUpId })).toMatchObject({ state: "credited" });
});

test("the late event of what a sweep has credited is a repeat", async () => {
  const { at, ports, balance, lost } = setting();
  const { owner } = await lost();
  at.pass(MINUTE);
  await sweep(ports);
  const body = at.newest("checkout.session.completed");
  expect(await consumeEvents(ports, [{ id: "m1", body }])).toMatchObject([{ outcome: "already", deltaMinor: 0 }]);
  expect(await balance(owner)).toBe(1_000);
});

test("refunds and disputes that nobody announced are found, however old the payment is", async () => {
  const { at, ports, balance, lost } = setting();
  const [refunded, disputed] = [await lost(), await lost()];
  at.pass(MINUTE);
  await sweep(ports);
  at.pass(20 * DAY);
  await sweep(ports);
  at.stripe.refund({ session: refunded.sessionId }, { amountMinor: 300 });
  const { id } = at.stripe.openDispute({ session: disputed.sessionId });
  at.pass(MINUTE);
  expect(await sweep(ports)).toMatchObject({ settled: 2, uncredited: 0 });
  expect([await balance(refunded.owner), await balance(disputed.owner)]).toEqual([700, 0]);
  at.pass(10 * DAY);
  await sweep(ports);
  at.stripe.winDispute(id);
  at.pass(MINUTE);
  await sweep(ports);
  expect(await balance(disputed.owner)).toBe(1_000);
});

test("a bank debit that comes through days later is found by its balance transaction", async () => {
  const { at, ports, balance } = setting();
  const { owner, sessionId } = await at.checkout(ports);
  at.stripe.pay(sessionId, "async");
  at.pass(MINUTE);
  await sweep(ports);
  at.pass(4 * DAY);
  await sweep(ports);
  at.stripe.settleAsync(sessionId, "succeed");
  at.pass(MINUTE);
  expect(await sweep(ports)).toMatchObject({ recovered: 1 });
  expect(await balance(owner)).toBe(1_000);
});

/** Sweeps once more, then lets so much time pass that no overlap reaches back to what was there before. */
async function later(at: PaymentWorld, ports: PaymentPorts): Promise<void> {
  at.pass(3 * DAY);
  await sweep(ports);
  at.pass(3 * DAY);
}

test("one that fails is put off and does not stop the walk; it is tried again later, though the walk is long past it", async () => {
  const { at, table, ports, balance, lost } = setting();
  const [failing, other] = [await lost(), await lost()];
  let down = true;
  const flaky = at.ports(table, async (input, init) => {
    const { url } = new Request(input, init);
    if (down && url.includes(`/sessions/${failing.sessionId}`)) return Response.json({ error: { type: "api_error" } }, { status: 500 });
    return at.fetch(input, init);
  });
  at.pass(MINUTE);
  const first = await sweep(flaky);
  expect(first).toMatchObject({ recovered: 1, complete: true });
  expect(first.deferred).toBeGreaterThan(0);
  expect([await balance(failing.owner), await balance(other.owner)]).toEqual([0, 1_000]);
  // Three days on, the walk no longer comes by: only what was put off is left.
  await later(at, flaky);
  expect((await sweep(flaky)).deferred).toBe(1);
  down = false;
  at.pass(DAY);
  expect(await sweep(ports)).toMatchObject({ deferred: 0, recovered: 1 });
  expect(await balance(failing.owner)).toBe(1_000);
  at.pass(DAY);
  expect(await sweep(ports)).toMatchObject({ settled: 0, deferred: 0 });
});

/** Notes what is asked for, and whether it starts behind something. */
const noting =
  (inner: typeof fetch, asked: string[]): typeof fetch =>
  (input, init) => {
    const { pathname, searchParams } = new URL(new Request(input, init).url);
    asked.push(searchParams.has("starting_after") ? `${pathname} behind` : pathname);
    return inner(input, init);
  };

test("a run that is out of time goes on where it stopped", async () => {
  const { at, table, balance, lost, ports } = setting();
  const { owner } = await lost();
  at.pass(1_000);
  // Newer sessions of somebody else: the lost one is on the second page.
  for (let n = 0; n < 120; n++)
    at.stripe.createSession({
      mode: "payment",
      line_items: [{ quantity: 1, price_data: { currency: "usd", unit_amount: 500, product_data: { name: "Book" } } }],
      metadata: {},
      success_url: "https://books.example/",
    });
  at.pass(MINUTE);
  const deadlineMs = at.clock() + 1_000;
  const slow = at.ports(table, async (input, init) => {
    const answer = await at.fetch(input, init);
    const { has_more: hasMore } = (await answer.clone().json()) as { has_more?: boolean };
    if (hasMore) at.pass(2_000);
    return answer;
  });
  expect(await sweep(slow, deadlineMs)).toMatchObject({ seen: 100, complete: false });
  expect(await balance(owner)).toBe(0);
  const asked: string[] = [];
  expect(await sweep(at.ports(table, noting(at.fetch, asked)))).toMatchObject({ recovered: 1, complete: true });
  expect(asked[0]).toBe("/v1/checkout/sessions behind");
  expect(await balance(owner)).toBe(1_000);
  expect(await sweep(ports, at.clock())).toMatchObject({ seen: 0 });
});

test("a paid session that names a top-up of ours which does not exist is put off, again and again, never dropped", async () => {
  const { at, ports } = setting();
  const metadata = { app: "aira", stage: "test", top_up_id: "top_none", owner: "asha" };
  const { id } = at.stripe.createSession({
    mode: "payment",
    client_reference_id: "top_none",
    line_items: [{ quantity: 1, price_data: { currency: "usd", unit_amount: 500, product_data: { name: "Top-up" } } }],
    metadata,
    payment_intent_data: { metadata },
    success_url: "https://aira.example/",
  });
  at.stripe.pay(id, "card");
  at.pass(MINUTE);
  expect((await sweep(ports)).deferred).toBeGreaterThan(0);
  await later(at, ports);
  expect((await sweep(ports)).deferred).toBe(1);
  // Its money goes back: now there is nothing to look after.
  at.stripe.refund({ session: id });
  at.pass(2 * DAY);
  expect(await sweep(ports)).toMatchObject({ deferred: 0 });
});

test("an expired page is noted, and other apps' payments are passed by", async () => {
  const { at, ports } = setting();
  const { topUpId } = await createCheckoutSession(ports, { owner: "asha", idempotencyKey: "k", currency: "USD", amountMinor: 500 });
  at.pass(3 * 60 * MINUTE);
  await sweep(ports);
  expect(await readTopUp(ports, { owner: "asha", topUpId })).toMatchObject({ state: "expired" });
});
