import { type ConversationWorld, callEvents, conversationWorld, freshSid, textEvent } from "@aira/local/testing/conversation-world";
import { memoryTable } from "@aira/local/testing/memory-table-under-test";
import { expect, test } from "vitest";
import { parseExchangeRates } from "../pricing/index.ts";
import { keys, type Table } from "../table/index.ts";
import { callIdOf } from "./conversation.ts";
import { deleteConversation } from "./delete.ts";
import { readMargins } from "./margin.store.ts";
import { type MarginPorts, measureMargins } from "./margin.ts";
import { recordEvent } from "./record.ts";
import type { TelephonyEvent } from "./telephony.ts";
import type { ProvidedUsage } from "./usage-provider.ts";

const DAY = "2026-03-03";
const NEXT_NIGHT = Date.parse("2026-03-04T02:00:00.000Z");

/** A day on which calls and texts happen, and the provider's list of it, two a page. */
async function scene(options: { currency?: "USD" | "INR" } = {}) {
  const table = memoryTable();
  const at = await conversationWorld(table, options.currency === "INR" ? { currency: "INR", fundsMinor: 100_000 } : {});
  const listed: ProvidedUsage[] = [];
  const asked: string[] = [];
  let nowMs = NEXT_NIGHT;
  const ports: MarginPorts = {
    table,
    clock: () => nowMs,
    rates: parseExchangeRates("INR=90.00"),
    usage: {
      async listUsage(day, after) {
        asked.push(`${day} ${after ?? ""}`.trim());
        const from = Number(after ?? 0);
        const usage = day === DAY ? listed.slice(from, from + 2) : [];
        return { usage, next: day === DAY && from + 2 < listed.length ? String(from + 2) : undefined };
      },
    },
  };
  const list = (usage: Partial<ProvidedUsage> & { sid: string }): void => {
    listed.push({
      parentSid: undefined,
      kind: "call",
      direction: "inbound",
      isReply: false,
      from: "+14155550999",
      to: at.context.phoneNumber,
      quantity: 60,
      price: "-0.0085",
      priceUnit: "USD",
      ...usage,
    });
  };
  const deliver = async (...events: TelephonyEvent[]) => {
    for (const event of events) await recordEvent(at.ports, event);
  };
  const report = async () => {
    const { reports, complete } = await measureMargins(ports);
    expect(complete).toBe(true);
    const found = reports.find(({ day }) => day === DAY);
    if (!found) throw new Error("no report of the day");
    return found;
  };
  return {
    table,
    at,
    ports,
    listed,
    asked,
    list,
    deliver,
    report,
    tomorrow: () => {
      nowMs += 86_400_000;
    },
  };
}

type Scene = Awaited<ReturnType<typeof scene>>;

/** A call that was charged from its hold, with a leg, and a text with its reply: 10 + 5 + 4 cents. */
async function ordinary({ at, deliver, list }: Pick<Scene, "at" | "deliver" | "list">, world: ConversationWorld = at) {
  const call = callEvents(world);
  const text = textEvent(world);
  await deliver(call.started(), call.forwarded(61), call.status("completed", 61), text);
  const our = world.context.phoneNumber;
  list({ sid: call.callSid, to: our, price: "-0.0170", quantity: 61 });
  list({ sid: call.legSid, parentSid: call.callSid, direction: "outbound", from: "+14155550999", to: "+14155550111", price: "-0.0280" });
  list({ sid: text.messageSid, kind: "sms", to: our, price: "-0.0079" });
  list({ sid: freshSid("SM"), kind: "sms", direction: "outbound", isReply: true, from: our, to: "+14155550999", price: "-0.0083" });
  return { call, text };
}

test("a day's margin: what we charged, from holds too, less what the provider asks, exactly", async () => {
  const day = await scene();
  await ordinary(day);
  expect(await day.report()).toEqual({
    day: DAY,
    at: "2026-03-04T02:00:00.000Z",
    calls: 2,
    texts: 2,
    foreign: 0,
    free: 0,
    unpriced: 0,
    unchargedCount: 0,
    uncharged: [],
    // 0.0170 + 0.0280 + 0.0079 + 0.0083 dollars are 6.12 cents.
    currencies: [{ currency: "USD", chargedMinor: 19, askedMinor: 7, marginMinor: 12, marginPercent: "63.2" }],
  });
});

test("in another currency than the provider's, by the exchange rate", async () => {
  const day = await scene({ currency: "INR" });
  await ordinary(day);
  // Calls 2 x 4.50 and 2 x 2.25, texts 1.13 and 1.67 rupees; 0.0612 dollars are 5.508 rupees.
  expect((await day.report()).currencies).toEqual([
    { currency: "INR", chargedMinor: 900 + 450 + 113 + 167, askedMinor: 551, marginMinor: 1_079, marginPercent: "66.2" },
  ]);
});

test("many small prices are added up exactly and rounded once", async () => {
  const day = await scene();
  for (let n = 0; n < 30; n++) {
    const text = textEvent(day.at, { reply: undefined });
    await day.deliver(text);
    day.list({ sid: text.messageSid, kind: "sms", price: "-0.0001" });
  }
  expect((await day.report()).currencies).toMatchObject([{ chargedMinor: 60, askedMinor: 1 }]);
});

test("what the provider charged and nobody was charged for is named; a call that was never recorded, one that was not charged", async () => {
  const day = await scene();
  await ordinary(day);
  const [lost, lostText] = [freshSid("CA"), freshSid("SM")];
  day.list({ sid: lost });
  day.list({ sid: lostText, kind: "sms", price: "-0.0079" });
  // Its start is recorded and its end was lost.
  const open = callEvents(day.at);
  await day.deliver(open.started());
  day.list({ sid: open.callSid });
  // Recorded, and the charge is gone from the ledger.
  const erased = textEvent(day.at, { reply: undefined });
  await day.deliver(erased);
  await day.table.write({ delete: keys.usage(erased.messageSid) });
  day.list({ sid: erased.messageSid, kind: "sms", price: "-0.0079" });
  const report = await day.report();
  expect(report.unchargedCount).toBe(4);
  expect(report.uncharged.map(({ sid }) => sid)).toEqual([lost, lostText, open.callSid, erased.messageSid]);
  expect(report.uncharged[0]).toEqual({ sid: lost, kind: "call", price: "-0.0085", priceUnit: "USD" });
});

test("a text that we sent and that answers nothing was sent by somebody else: it is named", async () => {
  const day = await scene();
  const sid = freshSid("SM");
  day.list({ sid, kind: "sms", direction: "outbound", from: day.at.context.phoneNumber, to: "+14155550999" });
  expect((await day.report()).uncharged).toMatchObject([{ sid }]);
});

test("at most a hundred are named, and all are counted", async () => {
  const day = await scene();
  for (let n = 0; n < 130; n++) day.list({ sid: freshSid("CA") });
  const { unchargedCount, uncharged } = await day.report();
  expect([unchargedCount, uncharged.length]).toEqual([130, 100]);
});

test("what was turned away costs us and nobody else: it is counted, and not missing", async () => {
  const day = await scene();
  const call = callEvents(day.at);
  const text = textEvent(day.at, { refused: true });
  await day.deliver(call.started({ refused: true, holdMinor: 0 }), call.status("completed", 4), text);
  // Its end came first: charged, and given back.
  const late = callEvents(day.at);
  await day.deliver(late.status("completed", 4), late.started({ refused: true, holdMinor: 0 }));
  for (const { callSid } of [call, late]) day.list({ sid: callSid });
  day.list({ sid: text.messageSid, kind: "sms" });
  expect(await day.report()).toMatchObject({
    free: 3,
    unchargedCount: 0,
    currencies: [{ chargedMinor: 0, askedMinor: 3, marginPercent: null }],
  });
});

test("what costs the provider nothing is nobody's debt", async () => {
  const day = await scene();
  day.list({ sid: freshSid("CA"), price: "0", quantity: 0 });
  day.list({ sid: freshSid("CA"), price: "0.0100" });
  expect(await day.report()).toMatchObject({ unchargedCount: 0, currencies: [{ askedMinor: -1 }] });
});

test("other applications of the account are left out", async () => {
  const day = await scene();
  day.list({ sid: freshSid("CA"), to: "+14155558888" });
  day.list({ sid: freshSid("SM"), kind: "sms", direction: "outbound", from: "+14155558888" });
  expect(await day.report()).toMatchObject({ foreign: 2, calls: 0, texts: 0, unchargedCount: 0, currencies: [] });
});

test("what the customer deleted still counts as charged", async () => {
  const day = await scene();
  const { call } = await ordinary(day);
  await deleteConversation({ table: day.table }, { owner: day.at.owner, conversationId: callIdOf(call.callSid) });
  expect(await day.report()).toMatchObject({ unchargedCount: 0, currencies: [{ chargedMinor: 19 }] });
});

test("a day with calls that have no price yet is looked at again, and then no more", async () => {
  const day = await scene();
  const { call } = await ordinary(day);
  const position = day.listed.findIndex(({ sid }) => sid === call.callSid);
  const priced = day.listed[position] as ProvidedUsage;
  day.listed[position] = { ...priced, price: null };
  expect(await day.report()).toMatchObject({ unpriced: 1, currencies: [{ chargedMinor: 19, askedMinor: 5 }] });
  day.listed[position] = priced;
  day.tomorrow();
  expect(await day.report()).toMatchObject({ unpriced: 0, currencies: [{ chargedMinor: 19, askedMinor: 7 }] });
  day.asked.length = 0;
  await day.report();
  expect(day.asked).toEqual([]);
});

test("a day on which somebody was not charged is looked at again: a late charge leaves the report", async () => {
  const day = await scene();
  const call = callEvents(day.at);
  day.list({ sid: call.callSid });
  expect((await day.report()).unchargedCount).toBe(1);
  await day.deliver(call.status("completed", 60));
  expect(await day.report()).toMatchObject({ unchargedCount: 0, uncharged: [] });
});

test("a run that is stopped goes on where it was, and counts nothing twice", async () => {
  const whole = await scene();
  for (let n = 0; n < 3; n++) await ordinary(whole);
  const expected = await whole.report();
  await whole.table.write({ delete: keys.margin(DAY) });
  whole.asked.length = 0;
  const onTheDay = () => whole.asked.filter((one) => one.startsWith(DAY));
  for (let runs = 1; ; runs++) {
    const before = onTheDay().length;
    const { complete, reports } = await measureMargins(whole.ports, () => onTheDay().length > before);
    if (complete) {
      expect(reports.find(({ day }) => day === DAY)).toEqual(expected);
      break;
    }
    expect(reports.find(({ day }) => day === DAY)).toBeUndefined();
    expect(runs).toBeLessThan(20);
  }
  // 12 items on 6 pages, each asked for once.
  expect(onTheDay()).toEqual([DAY, ...[2, 4, 6, 8, 10].map((from) => `${DAY} ${from}`)]);
});

test("a run that dies anywhere is repeated, and says the same", async () => {
  const whole = await scene();
  await ordinary(whole);
  const expected = await whole.report();
  for (let dies = 0; dies < 40; dies++) {
    await whole.table.write({ delete: keys.margin(DAY) });
    let calls = 0;
    const dying =
      <A extends unknown[], R>(call: (...given: A) => Promise<R>) =>
      (...given: A): Promise<R> =>
        calls++ === dies ? Promise.reject(new Error("dead")) : call(...given);
    const { get, getMany, query, write } = whole.table;
    const table: Table = { ...whole.table, get: dying(get), getMany: dying(getMany), query: dying(query), write: dying(write) };
    await measureMargins({ ...whole.ports, table }).catch((error: Error) => expect(error.message).toBe("dead"));
    expect(await whole.report(), `died at call ${dies}`).toEqual(expected);
  }
});

test("a currency without a rate fails aloud", async () => {
  const day = await scene();
  await ordinary(day);
  day.list({ sid: freshSid("CA"), priceUnit: "GBP" });
  await expect(measureMargins(day.ports)).rejects.toThrow("EXCHANGE_RATES has no rate for GBP");
});

test("reports are read by their days", async () => {
  const day = await scene();
  await ordinary(day);
  await day.report();
  expect((await readMargins(day.ports, "2026-03-01", "2026-03-31")).map((report) => report.day)).toEqual(
    ["2026-03-01", "2026-03-02", DAY].filter((one) => one >= "2026-02-25"),
  );
  expect(await readMargins(day.ports, "2025-12-01", "2026-01-31")).toEqual([]);
});
