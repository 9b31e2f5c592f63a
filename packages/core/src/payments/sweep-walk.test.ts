import { memoryTable } from "@aira/local/testing/memory-table-under-test";
import { paymentWorld } from "@aira/local/testing/payment-world";
import { describe, expect, test } from "vitest";
import { AiraError, iso } from "../lib/index.ts";
import { keys } from "../table/index.ts";
import { consumeEvents, loadDeferral, type PaymentPorts, readTopUp, sweep } from "./index.ts";
import type { Sighting, SightingPage, Walked } from "./provider.ts";
import { saveDeferral } from "./sweep.store.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const START_MS = Date.parse("2026-01-31T10:00:00.500Z");
const START = Math.floor(START_MS / SECOND);

interface Asked {
  readonly kind: Walked;
  readonly span: { readonly from: number; readonly to: number };
  readonly after: string | undefined;
}

const NOTHING: Sighting = { id: "none", session: undefined, reversal: undefined, paymentIntentId: null, movement: undefined };
const down = () => Promise.reject(new AiraError("payment_provider.unavailable", "not now"));

/** A sweep that is shown these pages, and notes what it asked for. */
function setting() {
  const at = paymentWorld(START_MS);
  const table = memoryTable();
  const real = at.ports(table);
  const asked: Asked[] = [];
  const pages: SightingPage[] = [];
  let settled = 0;
  const ports: PaymentPorts = {
    ...real,
    provider: {
      ...real.provider,
      walk: async (kind, span, after) => {
        asked.push({ kind, span, after });
        return (kind === "sessions" && pages.shift()) || { sightings: [], next: undefined };
      },
      getSession: (id) => {
        settled++;
        return real.provider.getSession(id);
      },
    },
  };
  const over = (provider: Partial<PaymentPorts["provider"]>): PaymentPorts => ({ ...ports, provider: { ...ports.provider, ...provider } });
  /** What a sweep makes of these, and how often it asked Stripe for a session. */
  const show = async (sightings: readonly Partial<Sighting>[], use = ports) => {
    at.pass(SECOND);
    settled = 0;
    pages.push({ sightings: sightings.map((one) => ({ ...NOTHING, ...one })), next: undefined });
    return { report: await sweep(use), settled };
  };
  const paid = async () => {
    const checkout = await at.checkout(real);
    at.stripe.pay(checkout.sessionId, "card");
    const session = await real.provider.getSession(checkout.sessionId);
    return { ...checkout, session, paymentIntentId: session.paymentIntentId! };
  };
  const credited = async () => {
    const one = await paid();
    const [consumed] = await consumeEvents(real, [{ id: "m", body: at.newest("checkout.session.completed") }]);
    expect(consumed?.outcome).toBe("credited");
    return one;
  };
  return { at, table, real, ports, asked, pages, over, show, paid, credited };
}

const of = (asked: readonly Asked[], kind: Walked) => asked.filter((one) => one.kind === kind).map(({ span }) => [span.from, span.to]);
const seconds = (ms: number) => ms / SECOND;

describe("the way of a walk", () => {
  test("first leads back thirty days, a week at a time, each step with its overlap", async () => {
    const { ports, asked } = setting();
    expect(await sweep(ports)).toMatchObject({ complete: true });
    for (const [kind, overlap] of [
      ["sessions", seconds(26 * HOUR)],
      ["refunds", seconds(HOUR)],
      ["disputes", seconds(HOUR)],
      ["balance_transactions", seconds(HOUR)],
    ] as const) {
      const days = (back: number) => START - seconds(back * DAY);
      expect(of(asked, kind)).toEqual([
        [days(30) - overlap, days(23)],
        [days(23) - overlap, days(16)],
        [days(16) - overlap, days(9)],
        [days(9) - overlap, days(2)],
        [days(2) - overlap, START],
      ]);
    }
  });

  test("later starts at the last one's end, and not at all when no time has passed", async () => {
    const { at, ports, asked } = setting();
    await sweep(ports);
    asked.length = 0;
    expect(await sweep(ports)).toMatchObject({ seen: 0, complete: true });
    expect(asked).toEqual([]);
    at.pass(HOUR);
    await sweep(ports);
    expect(of(asked, "sessions")).toEqual([[START - seconds(26 * HOUR), START + seconds(HOUR)]]);
  });

  test("leads through all pages of a span before the next", async () => {
    const { at, ports, asked, pages } = setting();
    await sweep(ports);
    at.pass(8 * DAY);
    asked.length = 0;
    pages.push({ sightings: [NOTHING], next: "one" }, { sightings: [NOTHING, NOTHING], next: "two" });
    expect(await sweep(ports)).toMatchObject({ seen: 3 });
    const first = { from: START - seconds(26 * HOUR), to: START + seconds(7 * DAY) };
    const second = { from: first.to - seconds(26 * HOUR), to: START + seconds(8 * DAY) };
    expect(asked.filter(({ kind }) => kind === "sessions")).toEqual([
      { kind: "sessions", span: first, after: undefined },
      { kind: "sessions", span: first, after: "one" },
      { kind: "sessions", span: first, after: "two" },
      { kind: "sessions", span: second, after: undefined },
    ]);
  });

  test("stops at the deadline, on it and not behind it, and goes on in the same span", async () => {
    const { at, ports, asked, pages } = setting();
    await sweep(ports);
    at.pass(HOUR);
    asked.length = 0;
    expect(await sweep(ports, at.clock())).toMatchObject({ complete: false });
    expect(asked).toEqual([]);
    pages.push({ sightings: [], next: "one" });
    const deadlineMs = at.clock() + 1;
    const slow: PaymentPorts = {
      ...ports,
      provider: {
        ...ports.provider,
        walk: async (...way) => {
          at.pass(MINUTE);
          return ports.provider.walk(...way);
        },
      },
    };
    expect(await sweep(slow, deadlineMs)).toMatchObject({ complete: false });
    const span = { from: START - seconds(26 * HOUR), to: START + seconds(HOUR) };
    expect(asked).toEqual([{ kind: "sessions", span, after: undefined }]);
    await sweep(ports);
    expect(asked[1]).toEqual({ kind: "sessions", span, after: "one" });
    // What was made meanwhile is behind the span's end.
    expect(asked[2]?.span).toEqual({ from: span.to - seconds(26 * HOUR), to: span.to + seconds(MINUTE) });
  });
});

describe("only what is news is settled", () => {
  test("a paid session is, until it is credited", async () => {
    const { show, paid } = setting();
    const { session, paymentIntentId } = await paid();
    expect(await show([{ id: session.id, session, paymentIntentId }])).toMatchObject({
      settled: 1,
      report: { seen: 1, settled: 1, recovered: 1, uncredited: 0, quarantined: 0 },
    });
    expect(await show([{ id: session.id, session, paymentIntentId }])).toMatchObject({ settled: 0, report: { seen: 1, settled: 0 } });
  });

  test("a charge is, until the top-up is credited", async () => {
    const { show, paid } = setting();
    const { paymentIntentId } = await paid();
    expect(await show([{ paymentIntentId }])).toMatchObject({ report: { settled: 1, recovered: 1 } });
    expect(await show([{ paymentIntentId }])).toMatchObject({ settled: 0, report: { settled: 0 } });
  });

  test("a refund is, whenever its status or amount is another than last time", async () => {
    const { at, real, show, credited } = setting();
    const { sessionId, paymentIntentId } = await credited();
    const { id } = at.stripe.refund({ session: sessionId }, { amountMinor: 300, status: "pending" });
    const refund = async () => ({ id, reversal: (await real.provider.listRefunds(paymentIntentId))[0], paymentIntentId });
    const pending = await refund();
    // A clawback is settled, and recovers no credit.
    expect(await show([pending])).toMatchObject({ settled: 1, report: { settled: 1, recovered: 0 } });
    expect(await show([pending])).toMatchObject({ settled: 0 });
    at.stripe.failRefund(id);
    // The reinstatement is no recovered credit either.
    expect(await show([await refund()])).toMatchObject({ settled: 1, report: { settled: 1, recovered: 0 } });
    expect(await show([{ ...pending, reversal: { ...pending.reversal!, amountMinor: 299 } }])).toMatchObject({ settled: 1 });
  });

  test("an open page is not; one that has expired is, once", async () => {
    const { at, real, show } = setting();
    const { owner, topUpId, sessionId } = await at.checkout(real);
    expect(await show([{ session: await real.provider.getSession(sessionId) }])).toMatchObject({ settled: 0 });
    at.stripe.expire(sessionId);
    const session = await real.provider.getSession(sessionId);
    expect(await show([{ session }])).toMatchObject({ settled: 1, report: { settled: 1, recovered: 0 } });
    expect(await readTopUp(real, { owner, topUpId })).toMatchObject({ state: "expired" });
    expect(await show([{ session }])).toMatchObject({ settled: 0 });
  });

  test("another session of a top-up is, whatever it says", async () => {
    const { at, real, show, credited } = setting();
    const { sessionId } = await credited();
    const second = at.stripe.tamper.paySecondSession(sessionId);
    const session = await real.provider.getSession(second.id);
    // Its own session is settled beside it, which brings nothing.
    expect(await show([{ session }])).toMatchObject({ report: { settled: 1, recovered: 0, quarantined: 1 } });
  });

  test("a credited session is not, also when some of it was given back since", async () => {
    const { at, real, show, credited } = setting();
    const { sessionId } = await credited();
    at.stripe.refund({ session: sessionId }, { amountMinor: 300 });
    await consumeEvents(real, [{ id: "m", body: at.newest("refund.created") }]);
    expect(await show([{ session: await real.provider.getSession(sessionId) }])).toMatchObject({
      settled: 0,
      report: { settled: 0, quarantined: 0 },
    });
  });

  test("what is not ours is not, and a fee or a payout is nobody's", async () => {
    const { over, show, paid } = setting();
    const { session, paymentIntentId } = await paid();
    const foreign = { ...session, metadata: { ...session.metadata, stage: "elsewhere" } };
    expect(await show([{ session: foreign }, NOTHING])).toMatchObject({ settled: 0, report: { seen: 2, settled: 0, deferred: 0 } });
    const elsewhere = over({ getPaymentMetadata: async () => ({ app: "other" }) });
    expect(await show([{ paymentIntentId }], elsewhere)).toMatchObject({ settled: 0, report: { settled: 0, deferred: 0 } });
  });
});

describe("what fails is put off", () => {
  test.each<[string, (one: { session: Sighting["session"] }) => Partial<Sighting>, credit: boolean]>([
    ["a paid session", ({ session }) => ({ session }), true],
    ["a session that is not paid", ({ session }) => ({ session: { ...session!, paymentStatus: "unpaid", status: "expired" } }), false],
    ["a charge", () => ({}), true],
    ["a refund", () => ({ reversal: { id: "re_1", status: "succeeded", amountMinor: 5, currency: "USD" } }), false],
  ])("and %s counts as money that waits, or does not", async (_, of, credit) => {
    const { over, table, show, paid } = setting();
    const { session, paymentIntentId, topUpId } = await paid();
    const sighting = { ...of({ session }), paymentIntentId };
    const failing = over({ getSession: down, findSession: down });
    const { report } = await show([sighting], failing);
    expect(report).toMatchObject({ deferred: 1, uncredited: credit ? 1 : 0, settled: 0, complete: true });
    expect(await loadDeferral(table, paymentIntentId)).toEqual({
      paymentIntentId,
      topUpId,
      sessionId: sighting.session?.id,
      credit,
      tries: 1,
    });
  });

  test("also when it could not even be told whose it is", async () => {
    const { over, table, show, paid } = setting();
    const { paymentIntentId } = await paid();
    const { report } = await show([{ paymentIntentId }], over({ getPaymentMetadata: down }));
    expect(report).toMatchObject({ deferred: 1, uncredited: 1 });
    expect(await loadDeferral(table, paymentIntentId)).toEqual({
      paymentIntentId,
      topUpId: undefined,
      sessionId: undefined,
      credit: true,
      tries: 1,
    });
  });

  test("for five minutes, then twice as long each time, up to six hours, until it goes through", async () => {
    const { at, over, table, show, paid, ports } = setting();
    const { session, paymentIntentId } = await paid();
    const failing = over({ getSession: down });
    await show([{ session, paymentIntentId }], failing);
    const dueMs = async () => Date.parse((await table.get(keys.deferral(paymentIntentId)))!.gsi2sk!.toString().slice(0, 24));
    let failedMs = at.clock();
    for (const [tries, minutes] of [5, 10, 20, 40, 80, 160, 320, 360, 360].entries()) {
      expect((await loadDeferral(table, paymentIntentId))?.tries).toBe(tries + 1);
      expect((await dueMs()) - failedMs).toBe(minutes * MINUTE);
      at.pass((await dueMs()) - at.clock() - 1);
      expect(await sweep(failing)).toMatchObject({ deferred: 0 });
      at.pass(1);
      expect(await sweep(failing)).toMatchObject({ deferred: 1, uncredited: 1 });
      failedMs = at.clock();
    }
    at.pass(6 * HOUR);
    expect(await sweep(ports)).toMatchObject({ deferred: 0, settled: 1, recovered: 1 });
    expect(await loadDeferral(table, paymentIntentId)).toBeUndefined();
  });

  test("and walking past it again does not start its waiting over", async () => {
    const { at, over, table, show, paid } = setting();
    const { session, paymentIntentId } = await paid();
    const failing = over({ getSession: down });
    await show([{ session, paymentIntentId }], failing);
    const first = await table.get(keys.deferral(paymentIntentId));
    at.pass(MINUTE);
    expect((await show([{ session, paymentIntentId }], failing)).report).toMatchObject({ deferred: 1 });
    expect(await table.get(keys.deferral(paymentIntentId))).toEqual(first);
  });

  test("and left to the next run when the time is up", async () => {
    const { at, over, show, paid, ports } = setting();
    const { session, paymentIntentId } = await paid();
    await show([{ session, paymentIntentId }], over({ getSession: down }));
    at.pass(HOUR);
    expect(await sweep(ports, at.clock())).toMatchObject({ settled: 0, complete: false });
    expect(await sweep(ports)).toMatchObject({ recovered: 1, complete: true });
  });

  test.each(["contended", "unknown"] as const)("and when that is %s the run ends, so that the walk comes by again", async (outcome) => {
    const { table, over, show, paid } = setting();
    const { session, paymentIntentId } = await paid();
    const write: typeof table.write = async (one) =>
      "put" in one && one.put.sk === "DEFERRAL" ? { outcome, cause: new Error("lost") } : table.write(one);
    const failing = { ...over({ getSession: down }), table: { ...table, write } };
    await expect(show([{ session, paymentIntentId }], failing)).rejects.toMatchObject({
      code: "service.busy",
      retryAfterSeconds: 1,
      cause: expect.any(AiraError),
    });
  });

  test("when the table could not be read, and is then settled by its payment", async () => {
    const { at, table, ports, show, paid } = setting();
    const { session, paymentIntentId, topUpId } = await paid();
    const lost = new AiraError("service.busy", "lost");
    const get: typeof table.get = (key, options) => (key.pk === keys.topUp(topUpId).pk ? Promise.reject(lost) : table.get(key, options));
    const { report } = await show([{ session, paymentIntentId }], { ...ports, table: { ...table, get } });
    expect(report).toMatchObject({ deferred: 1, uncredited: 1 });
    at.pass(HOUR);
    expect(await sweep(ports)).toMatchObject({ recovered: 1, deferred: 0 });
  });

  test("whose it is too, and it is not tried a second time in the same run", async () => {
    const { at, real, ports, over, show, paid } = setting();
    const { paymentIntentId } = await paid();
    let asked = 0;
    const getPaymentMetadata = (id: string) => (asked++ === 0 ? down() : real.provider.getPaymentMetadata(id));
    const { report } = await show([{ paymentIntentId }], over({ getPaymentMetadata }));
    expect([report.deferred, report.recovered, asked]).toEqual([1, 0, 1]);
    at.pass(HOUR);
    // By the payment alone: nothing else is known of it.
    expect(await sweep(ports)).toMatchObject({ recovered: 1, deferred: 0 });
    expect(await loadDeferral(ports.table, paymentIntentId)).toBeUndefined();
  });

  test("and found again however short the pages of the list are; one that is gone meanwhile is passed by", async () => {
    const { at, table, ports, over, show, paid } = setting();
    const all = [await paid(), await paid(), await paid()];
    await show(
      all.map(({ session, paymentIntentId }) => ({ session, paymentIntentId })),
      over({ getSession: down }),
    );
    at.pass(HOUR);
    await table.write({ update: keys.deferral(all[0]!.paymentIntentId), set: { gsi2sk: iso(0) } });
    const { items } = await table.query({ pk: (await table.get(keys.deferral(all[0]!.paymentIntentId)))!.gsi2pk as string, index: "gsi2" });
    await table.write({ delete: keys.deferral(all[0]!.paymentIntentId) });
    // The index lags behind: it still lists what is gone.
    const lagging: typeof table.query = async (query) =>
      query.index === "gsi2" && query.after === undefined
        ? { items: items.slice(0, 1), lastKey: items[0] }
        : table.query({ ...query, limit: 1 });
    expect(await sweep({ ...ports, table: { ...table, query: lagging } })).toMatchObject({ recovered: 2, deferred: 0 });
  });

  test("and both the way and what was put off are read as they are: consistently", async () => {
    const { at, table, ports, over, show, paid } = setting();
    const { session, paymentIntentId } = await paid();
    await show([{ session, paymentIntentId }], over({ getSession: down }));
    at.pass(HOUR);
    const asked: (boolean | undefined)[] = [];
    const get: typeof table.get = (key, options) => {
      if (key.sk === "DEFERRAL" || key.pk.startsWith("CURSOR#")) asked.push(options?.consistent);
      return table.get(key, options);
    };
    const noting = { ...table, get };
    await loadDeferral(noting, paymentIntentId);
    await sweep({ ...ports, table: noting });
    expect(asked).toEqual(Array(2 + 4).fill(true));
  });

  test("by its top-up alone, when nothing else is known of it", async () => {
    const { at, table, ports, real, paid } = setting();
    const { owner, topUpId } = await paid();
    const deferral = { paymentIntentId: undefined, sessionId: undefined, topUpId, credit: true, tries: 2 };
    await saveDeferral(table, deferral, at.clock());
    expect(await table.get(keys.deferral(topUpId))).toMatchObject({ gsi2sk: `${iso(at.clock())}#${topUpId}` });
    expect(await sweep(ports)).toMatchObject({ recovered: 1, deferred: 0 });
    expect(await readTopUp(real, { owner, topUpId })).toMatchObject({ state: "credited" });
    expect(await loadDeferral(table, topUpId)).toBeUndefined();
  });
});
