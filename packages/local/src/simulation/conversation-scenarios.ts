import type { ChatPorts, ConversationPorts, MarginPorts, TelephonyEvent } from "@aira/core/conversations";
import { listNotices } from "@aira/core/notices";
import { parseExchangeRates } from "@aira/core/pricing";
import { keys, type Table } from "@aira/core/table";
import { CALLER, callEvents, conversationWorld, messageOf, textEvent, type WorldOptions } from "../testing/conversation-world.ts";
import { memoryTable } from "../testing/memory-table-under-test.ts";
import { ledgerPorts } from "../testing/table-under-test.ts";
import type { CoreUnderTest } from "./core-under-test.ts";
import { promise } from "./invariants.ts";
import type { Scenario } from "./scenario.ts";

const MINUTE = 60_000;

async function stage({ conversations }: CoreUnderTest, options?: WorldOptions) {
  const table = memoryTable();
  const at = await conversationWorld(table, options);
  const call = callEvents(at);
  const conversationId = conversations.callIdOf(call.callSid);
  const deliverTo = async (ports: ConversationPorts, ...events: readonly TelephonyEvent[]): Promise<boolean> => {
    let done = true;
    for (const event of events)
      for (const { outcome } of await conversations.recordEvents(ports, [messageOf(event)])) done &&= outcome !== "failed";
    return done;
  };
  const header = () => conversations.loadConversation(table, conversationId);
  return {
    table,
    at,
    call,
    conversationId,
    header,
    thread: () => conversations.loadConversation(table, conversations.threadIdOf(at.context.purchaseId, CALLER)),
    /** Whether all of them were done. */
    deliver: (...events: TelephonyEvent[]) => deliverTo(at.ports, ...events),
    deliverOver: (over: Table, ...events: TelephonyEvent[]) => deliverTo(at.portsOver(over), ...events),
    remove: () => conversations.deleteConversation({ table }, { owner: at.owner, conversationId }),
    async expect(chargedMinor: number, heldMinor = 0) {
      const books = await at.books();
      promise(books.violations.length === 0, `the books have no violations`);
      promise(books.chargedMinor === chargedMinor, `${chargedMinor} is charged, and not ${books.chargedMinor}`);
      promise(books.heldMinor === heldMinor, `${heldMinor} is held, and not ${books.heldMinor}`);
    },
    async expectCost(costMinor: number) {
      const found = (await header())?.costMinor;
      promise(found === costMinor, `the call's cost is ${costMinor}, and not ${found}`);
    },
    notices: async () => (await listNotices({ table }, { owner: at.owner, limit: 50 })).notices.length,
  };
}

/** A table that fails once at the write that touches such an item. */
function failingAt(table: Table, sk: RegExp): Table {
  let failed = false;
  return {
    ...table,
    transact: async (writes) => {
      if (failed || !writes.some((write) => sk.test("put" in write ? write.put.sk : "update" in write ? write.update.sk : "")))
        return table.transact(writes);
      failed = true;
      throw new Error("dead");
    },
  };
}

export const conversationScenarios: readonly Scenario[] = [
  {
    promise: "a call with all that belongs to it, each event twice, is recorded and charged once",
    async play(core) {
      const one = await stage(core);
      const { call } = one;
      for (const event of [
        call.started(),
        call.turn(1),
        call.status("in-progress"),
        call.forwarded(61),
        call.voicemail(),
        call.transcript(),
        call.status("completed", 61),
      ])
        promise(await one.deliver(event, event), `${event.type} is done`);
      await one.expect(22);
      await one.expectCost(22);
      promise((await one.header())?.messages === 6, "six things were said");
    },
  },
  {
    promise: "a status never goes back, and an end is final",
    async play(core) {
      const one = await stage(core);
      const { call } = one;
      await one.deliver(call.started(), call.status("ringing"));
      promise((await one.header())?.status === "in_progress", "ringing is over");
      await one.deliver(call.status("completed", 1_000, { parentCallSid: call.callSid }));
      promise((await one.header())?.status === "in_progress", "a leg's end is not the call's");
      await one.deliver(call.status("busy"), call.status("completed", 600), call.status("ringing"));
      promise((await one.header())?.status === "busy", "busy is final");
      await one.expect(0);
      await one.expectCost(0);
    },
  },
  {
    promise: "the hold pays what it can, and the rest is usage",
    async play(core) {
      const less = await stage(core);
      await less.deliver(less.call.started({ holdMinor: 300 }), less.call.status("completed", 61));
      await less.expect(10);
      const more = await stage(core);
      await more.deliver(more.call.started({ holdMinor: 4 }), more.call.status("completed", 61));
      await more.expect(10);
      const nothing = await stage(core);
      await nothing.deliver(nothing.call.started(), nothing.call.status("no-answer"));
      await nothing.expect(0);
    },
  },
  {
    promise: "a hold outlives the call by an hour, and a call that outlives its hold is charged",
    async play(core) {
      const one = await stage(core);
      await one.deliver(one.call.started());
      one.at.pass(900_000 + 59 * MINUTE);
      await one.at.expireHolds();
      await one.expect(0, 100);
      one.at.pass(2 * MINUTE);
      await one.at.expireHolds();
      await one.expect(0, 0);
      await one.deliver(one.call.status("completed", 61));
      await one.expect(10);
    },
  },
  {
    promise: "a start behind the end changes neither owner nor charge",
    async play(core) {
      const one = await stage(core);
      const other = await conversationWorld(one.table);
      const ended = one.call.status("completed", 61);
      await one.deliver(ended, one.call.started({ context: { ...other.context, country: "GB", numberType: "toll_free" } }), ended);
      promise((await one.header())?.owner === one.at.owner, "the owner stays");
      await one.expect(10);
    },
  },
  {
    promise: "money set aside by a run that died is given back when the call is over",
    async play(core) {
      const one = await stage(core);
      const started = one.call.started();
      promise(!(await one.deliverOver(failingAt(one.table, /^RECORDED#held/), started)), "the run dies");
      await one.expect(0, 100);
      await one.deliver(one.call.status("completed", 61), started);
      await one.expect(10);
    },
  },
  {
    promise: "an end that was recorded and not charged is charged when it comes again, also of a deleted call",
    async play(core) {
      const one = await stage(core);
      const ended = one.call.status("completed", 61);
      await one.deliver(one.call.started());
      promise(!(await one.deliverOver(failingAt(one.table, /^HOLD#/), ended)), "the run dies");
      await one.remove();
      promise(await one.deliver(ended), "it is done");
      await one.expect(10);
    },
  },
  {
    promise: "a deleted call does not come back, and its late leg is charged",
    async play(core) {
      const one = await stage(core);
      const { call } = one;
      await one.deliver(call.started());
      promise(
        await one.remove().then(
          () => false,
          () => true,
        ),
        "a call that goes on is not deleted",
      );
      await one.deliver(call.status("completed", 61));
      await one.remove();
      promise(await one.deliver(call.turn(5), call.status("failed", 61), call.forwarded(61)), "late events are done");
      promise((await one.header()) === undefined, "it stays deleted");
      await one.expect(15);
    },
  },
  {
    promise: "an end that comes again when its call is forgotten is known",
    async play(core) {
      const one = await stage(core, { policy: { retentionDays: 1 } });
      const ended = one.call.status("completed", 61);
      await one.deliver(one.call.started(), ended);
      const forgotten = (Date.parse(one.at.now()) + 2 * 86_400_000) / 1_000;
      const { items } = await one.table.query({ pk: keys.recorded(one.call.callSid, "").pk });
      for (const { pk, sk, ttl } of items)
        if (typeof ttl === "number" && ttl < forgotten) await one.table.write({ delete: { pk: pk as string, sk: sk as string } });
      await one.table.write({ delete: keys.conversation(one.conversationId) });
      await one.deliver(ended);
      await one.expect(10);
    },
  },
  {
    promise: "what is turned away costs nothing, whichever of its events comes first",
    async play(core) {
      const refusal = { refused: true, holdMinor: 0, capSeconds: 0 } as const;
      const one = await stage(core);
      await one.deliver(one.call.started(refusal), one.call.status("completed", 5));
      await one.expect(0);
      const late = await stage(core);
      await late.deliver(late.call.status("completed", 5), late.call.started(refusal), late.call.started(refusal));
      await late.expect(0);
      await late.expectCost(0);
      await late.deliver(textEvent(late.at, { refused: true }));
      await late.expect(0);
      const suspended = await stage(core, { state: "suspended" });
      await suspended.deliver(suspended.call.status("completed", 5));
      await suspended.expect(0);
    },
  },
  {
    promise: "a call to a number that nobody has is nobody's",
    async play(core) {
      const one = await stage(core, { state: "released" });
      await one.deliver(one.call.status("completed", 61));
      promise((await one.header()) === undefined, "nothing is recorded");
      await one.expect(0);
    },
  },
  {
    promise: "a transcript waits for its voicemail, whose length is its price",
    async play(core) {
      const one = await stage(core);
      await one.deliver(one.call.started({ holdMinor: 0 }));
      promise(!(await one.deliver(one.call.transcript())), "it waits");
      promise(await one.deliver(one.call.voicemail(61), one.call.transcript()), "it is done");
      await one.expect(14);
      await one.expectCost(14);
    },
  },
  {
    promise: "texts: each message by its segments, opting out until opting in, kept as long as the newest",
    async play(core) {
      const one = await stage(core);
      const first = textEvent(one.at, { reply: undefined });
      one.at.pass(86_400_000);
      await one.deliver(textEvent(one.at, { reply: `${"a".repeat(1_598)}.\n${"b".repeat(10)}` }));
      await one.expect(2 + 23);
      const ttl = (await one.thread())?.ttl;
      await one.deliver(first);
      promise((await one.thread())?.ttl === ttl, "an older text does not shorten it");
      await one.deliver(textEvent(one.at, { opts: "out", reply: undefined }), textEvent(one.at, { reply: undefined }));
      promise((await one.thread())?.optedOut === true, "opted out until opted in");
    },
  },
  {
    promise: "a low balance is told of once per crossing, by what is spent and not by what is set aside",
    async play(core) {
      const one = await stage(core, { fundsMinor: 505 });
      await one.deliver(one.call.started({ holdMinor: 4 }), textEvent(one.at, { reply: undefined }));
      promise((await one.notices()) === 0, "nothing is told of while 503 are there");
      await one.deliver(one.call.status("completed", 61), one.call.status("completed", 61));
      promise((await one.notices()) === 1, "the call's charge is told of");
      await one.deliver(textEvent(one.at), textEvent(one.at));
      promise((await one.notices()) === 1, "once");
    },
  },
  {
    promise: "a chat has one turn at a time, of its owner",
    async play(core) {
      const one = await stage(core);
      const gate = Promise.withResolvers<void>();
      let slow = false;
      const ports: ChatPorts = {
        ...ledgerPorts(one.table),
        clock: () => Date.parse(one.at.now()),
        tools: () => [],
        retentionDays: 30,
        responder: {
          async respond({ text }) {
            if (slow) await gate.promise;
            return { text, proposals: [], next: "continue" };
          },
        },
      };
      const ask = (owner: string, conversationId?: string) =>
        core.conversations.chat(ports, { owner, conversationId, message: "hello", deadlineMs: ports.clock() + 20_000 });
      const { conversationId } = await ask(one.at.owner);
      const refused = async (asked: Promise<unknown>) =>
        asked.then(
          () => "answered",
          (error: { code?: string }) => error.code,
        );
      promise((await refused(ask("somebody", conversationId))) === "conversation.not_found", "another owner's is not found");
      slow = true;
      const running = ask(one.at.owner, conversationId);
      // Up to where the responder is asked.
      for (let turns = 0; turns < 20; turns++) await null;
      slow = false;
      promise((await refused(ask(one.at.owner, conversationId))) === "conversation.busy", "another turn is told so");
      gate.resolve();
      await running;
    },
  },
  {
    promise: "the margin counts charges from holds, and names what nobody was charged for",
    async play(core) {
      const one = await stage(core);
      await one.deliver(one.call.started(), one.call.status("completed", 61));
      const listed = {
        parentSid: undefined,
        direction: "inbound",
        isReply: false,
        from: CALLER,
        to: one.at.context.phoneNumber,
        quantity: 61,
      } as const;
      const priced = { ...listed, price: "-0.0170", priceUnit: "USD" };
      const usage = [
        { ...priced, kind: "call", sid: one.call.callSid },
        { ...priced, kind: "call", sid: "CAlost" },
        { ...priced, kind: "sms", sid: "SMreply", direction: "outbound", isReply: true, from: one.at.context.phoneNumber, to: CALLER },
        { ...priced, kind: "call", sid: "CAforeign", to: "+14155559999" },
      ] as const;
      const ports: MarginPorts = {
        table: one.table,
        clock: () => Date.parse("2026-03-04T02:00:00.000Z"),
        rates: parseExchangeRates(""),
        usage: { listUsage: async (day) => ({ usage: day === "2026-03-03" ? usage : [], next: undefined }) },
      };
      const { reports } = await core.conversations.measureMargins(ports);
      const report = reports.find(({ day }) => day === "2026-03-03");
      promise(report?.uncharged.map(({ sid }) => sid).join() === "CAlost", "exactly one is named");
      promise(report?.foreign === 1, "another application's is left out");
      promise(report?.currencies[0]?.chargedMinor === 10, "the captured hold counts");
      promise(report?.currencies[0]?.askedMinor === 6, "5.1 cents are asked");
    },
  },
];
