import {
  CALLER,
  callEvents,
  conversationWorld,
  freshSid,
  messageOf,
  textEvent,
  type WorldOptions,
} from "@aira/local/testing/conversation-world";
import { memoryTable } from "@aira/local/testing/memory-table-under-test";
import { describe, expect, test } from "vitest";
import { adjust, changeAlert, freeze, loadWallet } from "../ledger/index.ts";
import { listNotices } from "../notices/index.ts";
import { keys } from "../table/index.ts";
import { recordEvents } from "./consume.ts";
import { loadConversation, queryMessages } from "./conversation.store.ts";
import { callIdOf, threadIdOf } from "./conversation.ts";
import { deleteConversation } from "./delete.ts";
import { listConversations } from "./list.ts";
import { recordEvent } from "./record.ts";
import type { TelephonyEvent } from "./telephony.ts";

const MINUTE = 60_000;
const table = memoryTable();

/** A started minute of a call to a US number is 5 cents, of being connected to a US phone 2.5; a text 1.25 in and 1.85 out; a transcript 7 a minute. */
const world = (options?: WorldOptions) => conversationWorld(table, options);

async function scene(options?: WorldOptions) {
  const at = await world(options);
  const call = callEvents(at);
  const conversationId = callIdOf(call.callSid);
  return {
    at,
    call,
    conversationId,
    deliver: (event: TelephonyEvent) => recordEvent(at.ports, event),
    header: () => loadConversation(table, conversationId, { consistent: true }),
    said: async () => (await queryMessages(table, conversationId, 50)).messages.toReversed(),
  };
}

type Call = ReturnType<typeof callEvents>;

/** The table, and what it is asked, in order. */
function counting() {
  const seen: string[] = [];
  const noted = new Proxy(table, {
    get: (whole, name: keyof typeof table) => {
      const call = whole[name] as (...given: readonly unknown[]) => unknown;
      return (...given: readonly unknown[]) => {
        seen.push(name);
        return call(...given);
      };
    },
  });
  return { seen, counted: noted };
}

describe("a call", () => {
  test("from its start to its end: what was said, its length, its price out of the hold", async () => {
    const { at, call, deliver, header, said } = await scene();
    expect(await deliver(call.started())).toBe("recorded");
    expect(await at.books()).toMatchObject({ availableMinor: 900, heldMinor: 100 });
    at.pass(5_000);
    expect(await deliver(call.turn(1))).toBe("recorded");
    at.pass(56_000);
    expect(await deliver(call.status("completed", 61))).toBe("recorded");
    expect(await header()).toMatchObject({
      owner: at.owner,
      kind: "call",
      status: "completed",
      peer: CALLER,
      numberId: at.context.numberId,
      lengthSeconds: 61,
      costMinor: 10,
      messages: 3,
      startedAt: "2026-03-03T10:00:00.000Z",
      updatedAt: "2026-03-03T10:01:01.000Z",
      preview: "answer 1",
    });
    expect((await said()).map(({ speaker, text }) => [speaker, text])).toEqual([
      ["system", "Hello, this is Asha's shop."],
      ["caller", "question 1"],
      ["assistant", "answer 1"],
    ]);
    expect(await at.books()).toEqual({
      availableMinor: 990,
      heldMinor: 0,
      chargedMinor: 10,
      kinds: ["adjustment", "authorization", "capture"],
      violations: [],
    });
  });

  test("every event of it again changes nothing", async () => {
    const { at, call, deliver, header, said } = await scene();
    const events = [
      call.started(),
      call.turn(1),
      call.status("in-progress"),
      call.forwarded(61),
      call.voicemail(),
      call.transcript(),
      call.status("completed", 61),
    ];
    for (const event of events) expect(await deliver(event)).toBe("recorded");
    const before = [await header(), await said(), await at.books()];
    for (const event of events) expect(await deliver(event)).toBe("repeated");
    expect([await header(), await said(), await at.books()]).toEqual(before);
    expect(await header()).toMatchObject({ costMinor: 10 + 5 + 7 });
    expect(await at.books()).toMatchObject({ chargedMinor: 22, heldMinor: 0 });
  });

  test.each<[string, readonly string[], Parameters<Call["status"]>]>([
    // What it was charged by, and whether that was to be told of.
    ["charged from its hold", ["get", "get", "get", "get", "get"], ["completed", 61]],
    ["charged more than its hold", ["get", "get", "get", "get", "get", "get", "get", "get"], ["completed", 6_100]],
    ["that goes on", ["get", "get"], ["in-progress"]],
  ])("the status again of a call %s is looked at, and writes nothing", async (_, expected, status) => {
    const { at, call, deliver } = await scene({ fundsMinor: 5_000 });
    await deliver(call.started());
    const event = call.status(...status);
    expect(await deliver(event)).toBe("recorded");
    const { seen, counted } = counting();
    expect(await recordEvent(at.portsOver(counted), event)).toBe("repeated");
    expect(seen).toEqual(expected);
  });

  test("the first status of a call is one look and one transaction, and its charge", async () => {
    const { at, call, deliver } = await scene();
    await deliver(call.started());
    const { seen, counted } = counting();
    expect(await recordEvent(at.portsOver(counted), call.status("completed", 61))).toBe("recorded");
    expect(seen).toEqual(["get", "get", "transact", "get", "transact", "get", "get"]);
  });

  test("a turn that was another try at the same words adds only the answer", async () => {
    const { call, deliver, said } = await scene();
    await deliver(call.started());
    await deliver(call.turn(1, { heard: "" }));
    expect((await said()).map(({ speaker }) => speaker)).toEqual(["system", "assistant"]);
  });

  test("that rings another phone at once has no greeting", async () => {
    const { call, deliver, said } = await scene();
    await deliver(call.started({ greeting: "" }));
    expect(await said()).toEqual([]);
  });

  test("a turn before the start makes the conversation, and the start tells who called", async () => {
    const { call, deliver, header } = await scene();
    await deliver(call.turn(1));
    expect(await header()).toMatchObject({ status: "ringing", peer: undefined });
    await deliver(call.started());
    expect(await header()).toMatchObject({ status: "in_progress", peer: CALLER, messages: 3 });
  });

  test("a word of the provider's that nobody knows moves nothing", async () => {
    const { call, deliver, header } = await scene();
    await deliver(call.started());
    const before = await header();
    expect(await deliver(call.status("transferred-to-the-moon"))).toBe("recorded");
    expect(await header()).toEqual(before);
  });

  test("the status of the leg that it was forwarded on is not its own", async () => {
    const { call, deliver, header } = await scene();
    await deliver(call.started());
    await deliver(call.status("completed", 3_000, { parentCallSid: freshSid("CA") }));
    expect(await header()).toMatchObject({ status: "in_progress", costMinor: 0 });
  });
});

describe("the order of statuses", () => {
  const WORDS = ["initiated", "ringing", "in-progress", "completed"] as const;
  const RANK: Readonly<Record<string, number>> = { ringing: 2, queued: 1, in_progress: 3, completed: 4, busy: 4 };

  const permutations = <T>(all: readonly T[]): T[][] =>
    all.length === 0 ? [[]] : all.flatMap((one, n) => permutations(all.toSpliced(n, 1)).map((rest) => [one, ...rest]));

  test("is never backwards, in every order of them and the start, and charges once", async () => {
    const orders = permutations(["started", ...WORDS]);
    expect(orders).toHaveLength(120);
    for (const order of orders) {
      const { at, call, deliver, header } = await scene();
      let rank = 0;
      for (const word of order) {
        at.pass(1_000);
        await deliver(word === "started" ? call.started() : call.status(word, word === "completed" ? 30 : undefined));
        const now = RANK[(await header())?.status ?? ""] ?? 0;
        expect(now, `${order.join()} at ${word}`).toBeGreaterThanOrEqual(rank);
        rank = now;
      }
      expect(await header(), order.join()).toMatchObject({ status: "completed", costMinor: 5, lengthSeconds: 30, peer: CALLER });
      expect(await at.books(), order.join()).toMatchObject({ chargedMinor: 5, heldMinor: 0, violations: [] });
    }
  });

  test.each(["busy", "failed", "no-answer", "canceled"])("an end is final: %s stays, whatever is said later", async (word) => {
    const { at, call, deliver, header } = await scene();
    await deliver(call.started());
    await deliver(call.status(word));
    const ended = (await header())?.status;
    await deliver(call.status("completed", 600));
    await deliver(call.status("ringing"));
    expect(await header()).toMatchObject({ status: ended, costMinor: 0, lengthSeconds: 0 });
    expect(await at.books()).toMatchObject({ chargedMinor: 0, heldMinor: 0 });
  });
});

describe("the money of a call", () => {
  test("less than what is held: the rest comes back", async () => {
    const { at, call, deliver } = await scene();
    await deliver(call.started({ holdMinor: 300 }));
    await deliver(call.status("completed", 1));
    expect(await at.books()).toMatchObject({ availableMinor: 995, heldMinor: 0, kinds: ["adjustment", "authorization", "capture"] });
  });

  test("more than what is held: the rest is charged as usage, also below zero", async () => {
    const { at, call, deliver, header } = await scene({ fundsMinor: 7 });
    await deliver(call.started({ holdMinor: 7 }));
    await deliver(call.status("completed", 121));
    expect(await header()).toMatchObject({ costMinor: 15, chargeBy: "hold" });
    expect(await at.books()).toMatchObject({
      availableMinor: -8,
      heldMinor: 0,
      kinds: ["adjustment", "authorization", "capture", "usage"],
      violations: [],
    });
  });

  test("exactly what is held", async () => {
    const { at, call, deliver } = await scene();
    await deliver(call.started({ holdMinor: 5 }));
    await deliver(call.status("completed", 60));
    expect(await at.books()).toMatchObject({ availableMinor: 995, kinds: ["adjustment", "authorization", "capture"] });
  });

  test("nothing for no second: the hold is given back", async () => {
    const { at, call, deliver } = await scene();
    await deliver(call.started());
    await deliver(call.status("completed", 0));
    expect(await at.books()).toMatchObject({ availableMinor: 1_000, heldMinor: 0, kinds: ["adjustment", "authorization", "release"] });
  });

  test("an end without a length is no second", async () => {
    const { at, call, deliver } = await scene();
    await deliver(call.started());
    await deliver(call.status("completed"));
    expect(await at.books()).toMatchObject({ availableMinor: 1_000, heldMinor: 0 });
  });

  test("a hold that is declined keeps no call from going on: it is charged as usage", async () => {
    const { at, call, deliver, header } = await scene({ fundsMinor: 50 });
    await deliver(call.started({ holdMinor: 51 }));
    expect(await header()).toMatchObject({ status: "in_progress", heldMinor: undefined });
    await deliver(call.status("completed", 30));
    expect(await header()).toMatchObject({ chargeBy: "usage", costMinor: 5 });
    expect(await at.books()).toMatchObject({ availableMinor: 45, kinds: ["adjustment", "usage"] });
  });

  test("a hold that has expired before the end: charged all the same, once", async () => {
    const { at, call, deliver, header } = await scene();
    await deliver(call.started());
    at.pass(900_000 + 60 * MINUTE + 1);
    await at.expireHolds();
    expect(await at.books()).toMatchObject({ availableMinor: 1_000, heldMinor: 0 });
    const ended = call.status("completed", 800);
    await deliver(ended);
    await deliver(ended);
    expect(await header()).toMatchObject({ costMinor: 70 });
    expect(await at.books()).toMatchObject({
      availableMinor: 930,
      heldMinor: 0,
      kinds: ["adjustment", "authorization", "release", "usage"],
    });
  });

  test("an hour behind its cap the hold is still there", async () => {
    const { at, call, deliver } = await scene();
    await deliver(call.started());
    at.pass(900_000 + 59 * MINUTE);
    await at.expireHolds();
    expect(await at.books()).toMatchObject({ heldMinor: 100 });
  });

  test("a start that comes after the end holds nothing and is charged once", async () => {
    const { at, call, deliver, header } = await scene();
    const started = call.started();
    at.pass(90_000);
    await deliver(call.status("completed", 90));
    expect(await at.books()).toMatchObject({ availableMinor: 990, kinds: ["adjustment", "usage"] });
    await deliver(started);
    expect(await header()).toMatchObject({ status: "completed", startedAt: "2026-03-03T10:00:00.000Z", costMinor: 10, peer: CALLER });
    expect(await at.books()).toMatchObject({ availableMinor: 990, heldMinor: 0, kinds: ["adjustment", "usage"] });
  });

  test("a run that died with the money set aside, and the call over before the next: the hold is given back", async () => {
    const { at, call, deliver } = await scene();
    const started = call.started();
    let dies = true;
    const dying = {
      ...table,
      transact: async (writes: Parameters<typeof table.transact>[0]) => {
        if (dies && writes.some((write) => "put" in write && write.put.sk === "RECORDED#held")) throw new Error("dead");
        return table.transact(writes);
      },
    };
    await expect(recordEvent(at.portsOver(dying), started)).rejects.toThrow("dead");
    dies = false;
    expect(await at.books()).toMatchObject({ heldMinor: 100 });
    await deliver(call.status("completed", 30));
    await deliver(started);
    expect(await at.books()).toMatchObject({ availableMinor: 995, heldMinor: 0 });
  });

  test("a frozen wallet sets nothing aside, and pays what was used", async () => {
    const { at, call, deliver } = await scene();
    await freeze(at.ports, { owner: at.owner, adjustmentId: `${at.owner}-freeze`, reason: "test", actor: "test" });
    await deliver(call.started());
    await deliver(call.status("completed", 30));
    expect(await at.books()).toMatchObject({ availableMinor: 995, heldMinor: 0, kinds: ["adjustment", "freeze", "usage"] });
  });

  test("the entries name our number and never the caller", async () => {
    const { at, call, deliver } = await scene();
    for (const event of [
      call.started(),
      call.forwarded(10),
      call.voicemail(),
      call.transcript(),
      call.status("completed", 60),
      textEvent(at),
    ])
      await deliver(event);
    const { items } = await table.query({ pk: keys.wallet(at.owner).pk });
    const descriptions = items.map(({ description }) => description).filter((one) => one !== undefined);
    expect(descriptions).toContain(`Call to ${at.context.phoneNumber}, 1 min`);
    expect(JSON.stringify(items)).not.toContain(CALLER.slice(1));
  });
});

describe("a call of which only the status is told", () => {
  test("is the owner's of the number, by the number", async () => {
    const { at, call, deliver, header } = await scene();
    expect(await deliver(call.status("completed", 61))).toBe("recorded");
    expect(await header()).toMatchObject({
      owner: at.owner,
      numberId: at.context.numberId,
      status: "completed",
      costMinor: 10,
      chargeBy: "usage",
    });
    expect(await at.books()).toMatchObject({ chargedMinor: 10 });
  });

  test("is foreign for a number that nobody ever had", async () => {
    const { call, deliver, header } = await scene();
    expect(await deliver(call.status("completed", 61, { to: "+14155557777" }))).toBe("foreign");
    expect(await header()).toBeUndefined();
  });

  test.each(["released", "pending", "failed", "releasing"])("is foreign for a number that is %s: nobody answered there", async (state) => {
    const { at, call, deliver, header } = await scene({ state });
    expect(await deliver(call.status("completed", 61))).toBe("foreign");
    expect(await header()).toBeUndefined();
    expect(await at.books()).toMatchObject({ chargedMinor: 0 });
  });

  test("costs nothing on a suspended number: it was turned away", async () => {
    const { at, call, deliver, header } = await scene({ state: "suspended" });
    expect(await deliver(call.status("completed", 4))).toBe("recorded");
    expect(await header()).toMatchObject({ costMinor: 0, refused: true });
    expect(await at.books()).toMatchObject({ chargedMinor: 0 });
  });

  test("stays with whom it was charged to when the start names another owner", async () => {
    const { at, call, deliver, header } = await scene();
    const other = await world();
    await deliver(call.status("completed", 30));
    await deliver(call.started({ context: { ...other.context, country: "GB" } }));
    await deliver(call.status("completed", 30));
    expect(await header()).toMatchObject({ owner: at.owner, country: "US" });
    expect(await at.books()).toMatchObject({ chargedMinor: 5 });
    expect(await other.books()).toMatchObject({ chargedMinor: 0, heldMinor: 0 });
  });

  test("moves to the owner whom the start names while it goes on, in the list too", async () => {
    const { at, call, deliver, conversationId } = await scene();
    const other = await world();
    const started = call.started({ context: other.context });
    at.pass(1_000);
    await deliver(call.status("ringing"));
    await deliver(started);
    const listed = async (owner: string) =>
      (await listConversations({ table }, { owner, limit: 10 })).conversations.map((one) => one.conversationId);
    expect(await listed(at.owner)).toEqual([]);
    expect(await listed(other.owner)).toEqual([conversationId]);
  });
});

describe("what is turned away", () => {
  test("a call is recorded and costs nothing", async () => {
    const { at, call, conversationId } = await scene();
    const started = call.started({ refused: true, holdMinor: 0, capSeconds: 0 });
    const results = await recordEvents(at.ports, [messageOf(started, "1"), messageOf(call.status("completed", 5), "2")]);
    expect(results.map(({ outcome }) => outcome)).toEqual(["recorded", "recorded"]);
    expect(await loadConversation(table, conversationId)).toMatchObject({ status: "completed", costMinor: 0, messages: 1 });
    expect(await at.books()).toMatchObject({ chargedMinor: 0, kinds: ["adjustment"] });
  });

  test("a call whose end was recorded first gets its charge back, once", async () => {
    const { at, call, deliver, header } = await scene();
    await deliver(call.status("completed", 5));
    expect(await at.books()).toMatchObject({ chargedMinor: 5 });
    const started = call.started({ refused: true, holdMinor: 0, capSeconds: 0 });
    await deliver(started);
    await deliver(started);
    await deliver(call.status("completed", 5));
    expect(await header()).toMatchObject({ costMinor: 0, status: "completed" });
    expect(await at.books()).toMatchObject({ chargedMinor: 0, kinds: ["adjustment", "usage", "adjustment"] });
  });

  test("a text is kept, and neither it nor its reply costs anything", async () => {
    const { at } = await scene();
    const event = textEvent(at, { refused: true });
    const [result] = await recordEvents(at.ports, [messageOf(event)]);
    expect(result?.outcome).toBe("recorded");
    expect(await loadConversation(table, threadIdOf(at.context.purchaseId, CALLER))).toMatchObject({ costMinor: 0, messages: 2 });
    expect(await at.books()).toMatchObject({ chargedMinor: 0 });
  });
});

describe("a forwarded leg", () => {
  test("is charged by its own SID, beside the call", async () => {
    const { at, call, deliver, header, said } = await scene();
    await deliver(call.started());
    await deliver(call.forwarded(61));
    await deliver(call.status("completed", 80));
    expect(await header()).toMatchObject({ costMinor: 15 });
    expect((await said()).at(-1)).toMatchObject({ speaker: "system", text: "Forwarded for 2 min" });
    expect(await at.books()).toMatchObject({ chargedMinor: 15, heldMinor: 0, kinds: ["adjustment", "authorization", "usage", "capture"] });
  });

  test("that nobody answered costs nothing", async () => {
    const { at, call, deliver, said } = await scene();
    await deliver(call.started());
    at.pass(1_000);
    await deliver(call.forwarded(0, { status: "no-answer" }));
    expect((await said()).at(-1)?.text).toBe("Forwarded, not answered");
    expect(await at.books()).toMatchObject({ chargedMinor: 0 });
  });

  test("to a dear country costs what it costs", async () => {
    const { at, call, deliver } = await scene();
    await deliver(call.forwarded(60, { to: "+18765550111" }));
    expect(await at.books()).toMatchObject({ chargedMinor: 100 });
  });
});

describe("a voicemail", () => {
  test("and its transcript", async () => {
    const { at, call, deliver, header, said } = await scene();
    await deliver(call.started());
    await deliver(call.voicemail(61));
    expect(await header()).toMatchObject({ voicemail: { lengthSeconds: 61, transcript: null }, costMinor: 0 });
    await deliver(call.transcript("call me"));
    expect(await header()).toMatchObject({ voicemail: { lengthSeconds: 61, transcript: "call me" }, costMinor: 14 });
    expect((await said()).map(({ text }) => text)).toEqual(["Hello, this is Asha's shop.", "Voicemail, 61 s", "call me"]);
    expect(await at.books()).toMatchObject({ chargedMinor: 14 });
  });

  test("a transcript that comes before it is delivered again later, and charged by its length", async () => {
    const { at, call, deliver, header } = await scene();
    await deliver(call.started());
    await expect(deliver(call.transcript())).rejects.toMatchObject({ code: "service.busy" });
    await deliver(call.voicemail(61));
    expect(await deliver(call.transcript())).toBe("recorded");
    expect(await header()).toMatchObject({ costMinor: 14 });
    expect(await at.books()).toMatchObject({ chargedMinor: 14 });
  });

  test("a transcript of a call of which nothing is recorded waits too", async () => {
    const { call, deliver } = await scene();
    await expect(deliver(call.transcript())).rejects.toMatchObject({ code: "service.busy", retry: true });
  });

  test("an empty transcript says nothing, and was made all the same", async () => {
    const { at, call, deliver, header } = await scene();
    await deliver(call.voicemail());
    await deliver(call.transcript(""));
    expect(await header()).toMatchObject({ messages: 1, voicemail: { transcript: "" } });
    expect(await at.books()).toMatchObject({ chargedMinor: 7 });
  });
});

describe("a text", () => {
  const threadOf = (at: { context: { purchaseId: string } }, peer = CALLER) => threadIdOf(at.context.purchaseId, peer);

  test("and its reply: two messages, each charged by its segments", async () => {
    const at = await world();
    const event = textEvent(at, { segments: 3, reply: "x".repeat(161) });
    expect(await recordEvent(at.ports, event)).toBe("recorded");
    // 3 x 1.25 and 2 x 1.85, each rounded up.
    expect(await loadConversation(table, threadOf(at))).toMatchObject({
      kind: "sms",
      status: "open",
      costMinor: 8,
      messages: 2,
      peer: CALLER,
    });
    expect(await at.books()).toMatchObject({ chargedMinor: 8, kinds: ["adjustment", "usage", "usage"] });
    expect(await recordEvent(at.ports, event)).toBe("repeated");
    expect(await at.books()).toMatchObject({ chargedMinor: 8 });
    expect(await loadConversation(table, threadOf(at))).toMatchObject({ costMinor: 8, messages: 2 });
  });

  test("a reply of two messages is charged by the segments of each", async () => {
    const at = await world();
    const parts = [`${"a".repeat(1_598)}.`, "b".repeat(10)];
    await recordEvent(at.ports, textEvent(at, { reply: parts.join("\n") }));
    // 1,599 characters are 11 segments and 10 are one; joined they would be 11.
    expect(await at.books()).toMatchObject({ chargedMinor: 2 + Math.ceil(12 * 1.85) });
  });

  test("that is not answered costs what came in", async () => {
    const at = await world();
    await recordEvent(at.ports, textEvent(at, { reply: undefined }));
    expect(await loadConversation(table, threadOf(at))).toMatchObject({ costMinor: 2, messages: 1 });
    expect(await at.books()).toMatchObject({ chargedMinor: 2, kinds: ["adjustment", "usage"] });
  });

  test("opting out and in again stays with the thread", async () => {
    const at = await world();
    const optedOut = async () => (await loadConversation(table, threadOf(at)))?.optedOut;
    await recordEvent(at.ports, textEvent(at));
    expect(await optedOut()).toBe(false);
    await recordEvent(at.ports, textEvent(at, { text: "STOP", opts: "out", reply: undefined }));
    expect(await optedOut()).toBe(true);
    await recordEvent(at.ports, textEvent(at, { reply: undefined }));
    expect(await optedOut()).toBe(true);
    await recordEvent(at.ports, textEvent(at, { text: "START", opts: "in", reply: undefined }));
    expect(await optedOut()).toBe(false);
  });

  test("texts of one pair are one thread; of another sender or purchase another", async () => {
    const at = await world();
    await recordEvent(at.ports, textEvent(at));
    await recordEvent(at.ports, textEvent(at));
    await recordEvent(at.ports, textEvent(at, { from: "VM-BANK" }));
    await recordEvent(at.ports, textEvent(at, { context: { ...at.context, purchaseId: "pur_next" } }));
    const { conversations } = await listConversations({ table }, { owner: at.owner, limit: 10 });
    expect(conversations.map(({ messages, peer }) => [peer, messages]).sort()).toEqual([
      [CALLER, 2],
      [CALLER, 4],
      ["VM-BANK", 2],
    ]);
  });

  test("with pictures lists them", async () => {
    const at = await world();
    const media = [{ contentType: "image/png", url: "https://api.example/Media/ME1" }];
    await recordEvent(at.ports, textEvent(at, { text: "", media, reply: undefined }));
    const { messages } = await queryMessages(table, threadOf(at), 5);
    expect(messages[0]).toMatchObject({ text: "", media });
  });

  test("that is recorded late takes its place, and the newest stays the newest", async () => {
    const at = await world();
    const first = textEvent(at, { text: "first", reply: undefined });
    at.pass(MINUTE);
    await recordEvent(at.ports, textEvent(at, { text: "second", reply: undefined }));
    const ttl = (await loadConversation(table, threadOf(at)))?.ttl;
    await recordEvent(at.ports, first);
    const thread = await loadConversation(table, threadOf(at));
    expect(thread).toMatchObject({ preview: "second", updatedAt: at.now(), ttl });
    expect(thread?.recent.map(({ text }) => text)).toEqual(["first", "second"]);
  });

  test("what became of a text of ours changes nothing", async () => {
    const at = await world();
    expect(
      await recordEvent(at.ports, { type: "sms.status", receivedAt: at.now(), messageSid: freshSid("SM"), status: "undelivered" }),
    ).toBe("recorded");
    expect(await at.books()).toMatchObject({ chargedMinor: 0 });
  });
});

describe("a low balance", () => {
  const noticesOf = async (owner: string) =>
    (await listNotices({ table }, { owner, limit: 50 })).notices.map(({ kind, amountMinor, currency }) => [kind, amountMinor, currency]);

  test("is told of once per crossing, by a text's charge", async () => {
    const at = await world({ fundsMinor: 503 });
    const texts = [1, 2, 3].map(() => textEvent(at, { reply: undefined }));
    for (const text of [...texts, ...texts]) await recordEvent(at.ports, text);
    expect(await noticesOf(at.owner)).toEqual([["wallet.low_balance", 499, "USD"]]);
  });

  test("is told of when a call is charged from its hold, not when the hold is made", async () => {
    const { at, call, deliver } = await scene({ fundsMinor: 505 });
    await deliver(call.started({ holdMinor: 200 }));
    expect(await noticesOf(at.owner)).toEqual([]);
    await deliver(call.status("completed", 61));
    expect(await noticesOf(at.owner)).toEqual([["wallet.low_balance", 495, "USD"]]);
    await deliver(call.status("completed", 61));
    expect(await noticesOf(at.owner)).toHaveLength(1);
  });

  test("is not told of by a hold that comes back", async () => {
    const { at, call, deliver } = await scene({ fundsMinor: 505 });
    await deliver(call.started({ holdMinor: 200 }));
    await deliver(call.status("no-answer"));
    expect(await noticesOf(at.owner)).toEqual([]);
  });

  test("is told of although a run died between the charge and the notice", async () => {
    const at = await world({ fundsMinor: 501 });
    const text = textEvent(at, { reply: undefined });
    const deaf = { ...table, write: async () => Promise.reject(new Error("dead")) };
    await expect(recordEvent(at.portsOver(deaf), text)).rejects.toThrow("dead");
    expect(await at.books()).toMatchObject({ chargedMinor: 2 });
    await recordEvent(at.ports, text);
    expect(await noticesOf(at.owner)).toEqual([["wallet.low_balance", 499, "USD"]]);
    expect(await at.books()).toMatchObject({ chargedMinor: 2 });
  });

  test("is told of again when money came in and went below once more", async () => {
    const at = await world({ fundsMinor: 501 });
    await recordEvent(at.ports, textEvent(at, { reply: undefined }));
    await adjust(at.ports, {
      owner: at.owner,
      adjustmentId: `${at.owner}-2`,
      currency: "USD",
      amountMinor: 2,
      reason: "test",
      actor: "test",
    });
    await recordEvent(at.ports, textEvent(at, { reply: undefined }));
    expect(await noticesOf(at.owner)).toEqual([
      ["wallet.low_balance", 499, "USD"],
      ["wallet.low_balance", 499, "USD"],
    ]);
  });

  test("is measured by the owner's own threshold, until it is the default again", async () => {
    const at = await world({ fundsMinor: 503 });
    const alert = (lowBalanceMinor: number | null) => changeAlert(at.ports, at.owner, { currency: "USD", lowBalanceMinor });
    expect(await alert(100)).toEqual({ USD: 100 });
    await recordEvent(at.ports, textEvent(at, { segments: 8, reply: undefined }));
    expect(await noticesOf(at.owner)).toEqual([]);
    expect(await alert(490)).toEqual({ USD: 490 });
    await recordEvent(at.ports, textEvent(at, { segments: 8, reply: undefined }));
    expect(await noticesOf(at.owner)).toEqual([["wallet.low_balance", 483, "USD"]]);
    expect(await alert(null)).toEqual({});
    expect((await loadWallet(table, at.owner)).alerts).toEqual({});
  });

  test("of rupees is measured in rupees", async () => {
    const at = await world({ fundsMinor: 40_050, currency: "INR" });
    await recordEvent(at.ports, textEvent(at, { reply: undefined }));
    expect(await noticesOf(at.owner)).toEqual([["wallet.low_balance", 39_937, "INR"]]);
  });
});

describe("what is deleted", () => {
  async function finished(options?: WorldOptions) {
    const made = await scene(options);
    const { call, deliver } = made;
    const events = [call.started(), call.turn(1), call.voicemail(), call.status("completed", 30)];
    for (const event of events) await deliver(event);
    const remove = () => deleteConversation({ table }, { owner: made.at.owner, conversationId: made.conversationId });
    return { ...made, events, remove };
  }
  const everything = async (pk: string) => JSON.stringify((await table.query({ pk })).items);

  test("leaves the books and marks, and nothing that was said or by whom", async () => {
    const { at, remove, conversationId, header, said } = await finished();
    await remove();
    expect([await header(), await said()]).toEqual([undefined, []]);
    expect(await everything(keys.conversation(conversationId).pk)).not.toContain(CALLER.slice(1));
    expect(await at.books()).toMatchObject({ chargedMinor: 5, violations: [] });
    expect((await listConversations({ table }, { owner: at.owner, limit: 5 })).conversations).toEqual([]);
    await expect(remove()).rejects.toMatchObject({ code: "conversation.not_found" });
  });

  test("does not come back by its events again", async () => {
    const { at, remove, events, header, said, deliver } = await finished();
    await remove();
    for (const event of events) await deliver(event);
    expect([await header(), await said()]).toEqual([undefined, []]);
    expect(await at.books()).toMatchObject({ chargedMinor: 5, heldMinor: 0 });
  });

  test("does not come back by events that were not recorded before, and a leg of it is charged all the same", async () => {
    const { at, call, remove, header, said, deliver } = await finished();
    await remove();
    expect(await deliver(call.transcript("secret"))).toBe("foreign");
    for (const event of [call.turn(2), call.status("ringing"), call.status("failed", 60), call.forwarded(61)]) await deliver(event);
    await deliver(call.forwarded(61));
    expect([await header(), await said()]).toEqual([undefined, []]);
    expect(await at.books()).toMatchObject({ chargedMinor: 5 + 5, heldMinor: 0 });
  });

  test("does not come back by a start that comes last, and holds nothing", async () => {
    const { at, call, deliver, header, conversationId } = await scene();
    await deliver(call.status("completed", 30));
    await deleteConversation({ table }, { owner: at.owner, conversationId });
    await deliver(call.started());
    expect(await header()).toBeUndefined();
    expect(await at.books()).toMatchObject({ chargedMinor: 5, heldMinor: 0 });
  });

  test("between recording and charging is charged when the event comes again", async () => {
    const { at, call, deliver, conversationId } = await scene();
    await deliver(call.started());
    const ended = call.status("completed", 30);
    let recorded = false;
    const dying = {
      ...table,
      transact: async (writes: Parameters<typeof table.transact>[0]) => {
        if (recorded) throw new Error("dead");
        recorded = true;
        return table.transact(writes);
      },
    };
    await expect(recordEvent(at.portsOver(dying), ended)).rejects.toThrow("dead");
    await deleteConversation({ table }, { owner: at.owner, conversationId });
    expect(await at.books()).toMatchObject({ chargedMinor: 0, heldMinor: 100 });
    expect(await deliver(ended)).toBe("repeated");
    expect(await at.books()).toMatchObject({ chargedMinor: 5, heldMinor: 0 });
  });

  test("after a crash in the middle is deleted by asking again", async () => {
    const { at, remove, conversationId, header, said } = await finished();
    let calls = 0;
    const dying = {
      ...table,
      transact: async (writes: Parameters<typeof table.transact>[0]) => {
        if (++calls === 2) throw new Error("dead");
        return table.transact(writes);
      },
    };
    await expect(deleteConversation({ table: dying }, { owner: at.owner, conversationId })).rejects.toThrow("dead");
    expect(await said()).toEqual([]);
    expect(await header()).toBeDefined();
    await remove();
    expect(await header()).toBeUndefined();
  });

  test("is not a call that goes on, nor another's", async () => {
    const { at, call, deliver, conversationId } = await scene();
    await deliver(call.started());
    const ask = (owner: string) => deleteConversation({ table }, { owner, conversationId });
    await expect(ask(at.owner)).rejects.toMatchObject({ code: "conversation.busy" });
    await expect(ask("somebody")).rejects.toMatchObject({ code: "conversation.not_found" });
  });

  test("is a thread of hundreds, which begins anew with the next text", async () => {
    const at = await world();
    const thread = threadIdOf(at.context.purchaseId, CALLER);
    const texts = Array.from({ length: 100 }, () => {
      at.pass(1_000);
      return textEvent(at);
    });
    for (const text of texts) await recordEvent(at.ports, text);
    await deleteConversation({ table }, { owner: at.owner, conversationId: thread });
    expect((await queryMessages(table, thread, 50)).messages).toEqual([]);
    expect(await recordEvent(at.ports, texts[0] as TelephonyEvent)).toBe("repeated");
    expect(await loadConversation(table, thread)).toBeUndefined();
    await recordEvent(at.ports, textEvent(at));
    expect(await loadConversation(table, thread)).toMatchObject({ messages: 2 });
  });
});

describe("retention", () => {
  const SECONDS = 86_400;
  const received = Date.parse("2026-03-03T10:00:00.000Z") / 1000;

  test("is a time on header and messages, and a later one on marks", async () => {
    const { call, deliver, conversationId } = await scene({ policy: { retentionDays: 7 } });
    await deliver(call.started());
    const { items } = await table.query({ pk: keys.conversation(conversationId).pk });
    expect(items.map(({ ttl }) => ttl)).toEqual([received + 7 * SECONDS, received + 7 * SECONDS]);
    const mark = await table.get(keys.recorded(call.callSid, "started"));
    expect(mark?.ttl).toBe(received + 37 * SECONDS);
  });

  test("of no days keeps everything for ever", async () => {
    const { call, deliver, conversationId } = await scene({ policy: { retentionDays: 0 } });
    await deliver(call.started());
    const { items } = await table.query({ pk: keys.conversation(conversationId).pk });
    expect(items.map(({ ttl }) => ttl)).toEqual([undefined, undefined]);
    expect((await table.get(keys.recorded(call.callSid, "started")))?.ttl).toBeUndefined();
  });

  test("a thread is kept as long as its newest text", async () => {
    const at = await world({ policy: { retentionDays: 7 } });
    await recordEvent(at.ports, textEvent(at));
    at.pass(86_400_000);
    await recordEvent(at.ports, textEvent(at));
    expect((await loadConversation(table, threadIdOf(at.context.purchaseId, CALLER)))?.ttl).toBe(received + 8 * SECONDS);
  });

  test("an end that comes again when the call is forgotten charges nothing twice", async () => {
    const { at, call, deliver, conversationId } = await scene({ policy: { retentionDays: 1 } });
    await deliver(call.started());
    await deliver(call.status("completed", 30));
    // As DynamoDB does when the time has come.
    await table.write({ delete: keys.conversation(conversationId) });
    await deliver(call.status("completed", 30));
    expect(await at.books()).toMatchObject({ chargedMinor: 5, heldMinor: 0 });
  });
});

describe("a batch", () => {
  test("answers for each message, and an unreadable one fails alone", async () => {
    const { at, call } = await scene();
    const results = await recordEvents(at.ports, [
      messageOf(call.started(), "1"),
      { id: "2", body: "{" },
      { id: "3", body: JSON.stringify({ type: "call.exploded" }) },
      { id: "4", body: JSON.stringify({ ...call.status("completed"), lengthSeconds: -1 }) },
      messageOf(call.status("completed", 1), "5"),
    ]);
    expect(results.map(({ id, outcome }) => `${id} ${outcome}`).sort()).toEqual([
      "1 recorded",
      "2 failed",
      "3 failed",
      "4 failed",
      "5 recorded",
    ]);
  });

  test("an event that names nothing is a mistake of ours, not a record", async () => {
    const { at, call } = await scene();
    const [result] = await recordEvents(at.ports, [messageOf({ ...call.forwarded(60), legSid: "" })]);
    expect(result).toMatchObject({ outcome: "failed" });
  });
});
