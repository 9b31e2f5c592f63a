import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Item } from "../table/index.ts";
import { answerText, type IncomingText } from "./answer-text.ts";
import { insertion } from "./conversation.store.ts";
import { newConversation, threadIdOf } from "./conversation.ts";
import { answeringPorts, CALLER, numberItem, numberOf, OUR_NUMBER, walletItem } from "./fixtures/answering.ts";
import { twimlFaults } from "./fixtures/twiml-schema.ts";
import type { Responder } from "./responder/responder.ts";
import { sentence } from "./sentences.ts";
import { messagingTwiml } from "./twiml.ts";

const NOW = Date.parse("2026-11-23T05:00:00.000Z");
beforeEach(() => void vi.useFakeTimers({ now: NOW }));
afterEach(() => void vi.useRealTimers());

const incoming = (change: Partial<IncomingText> = {}): IncomingText => ({
  messageSid: `SM${"1".repeat(32)}`,
  from: CALLER,
  to: OUR_NUMBER,
  text: "When are you open?",
  segments: 1,
  media: [],
  opts: undefined,
  ...change,
});

async function timed<T>(work: Promise<T>): Promise<{ readonly result: T; readonly tookMs: number }> {
  const from = Date.now();
  let at = Number.NaN;
  const done = work.finally(() => {
    at = Date.now();
  });
  await vi.advanceTimersByTimeAsync(20_000);
  return { result: await done, tookMs: at - from };
}

const hang = () => new Promise<never>(() => {});
const fail = async (): Promise<never> => {
  throw new Error("injected");
};
const thread = (change: Item) => {
  const conversationId = threadIdOf("pur_1", CALLER);
  return insertion({
    ...newConversation(
      { conversationId, owner: "asha", kind: "sms", language: "en-US", peer: CALLER },
      new Date(NOW - 60_000).toISOString(),
    ),
    ...change,
  });
};

test("a text is three calls: the number, everything else, the queue; and it is recorded with its answer", async () => {
  const { ports, put, calls, events } = answeringPorts();
  await put(numberItem(numberOf()), walletItem(1_000));
  expect(await answerText(ports, incoming({ media: [{ contentType: "image/png", url: "https://api.twilio.example/m" }] }))).toEqual([
    "We are open until six.",
  ]);
  expect(calls).toEqual({ table: 2, send: 1 });
  expect(events).toMatchObject([
    {
      type: "sms.received",
      receivedAt: new Date(NOW).toISOString(),
      from: CALLER,
      text: "When are you open?",
      segments: 1,
      media: [{ contentType: "image/png", url: "https://api.twilio.example/m" }],
      reply: "We are open until six.",
      opts: undefined,
      context: { owner: "asha", purchaseId: "pur_1" },
    },
  ]);
  expect(events[0]).not.toHaveProperty("refused");
});

describe("who is not answered is recorded all the same", () => {
  test.each<[string, Partial<IncomingText>, Item]>([
    ["STOP", { text: " Stop. " }, { opts: "out" }],
    ["START", { text: "start" }, { opts: "in" }],
    ["HELP", { text: "HELP" }, { opts: undefined }],
    ["what Twilio took for a STOP", { text: "arrêt", opts: "out" }, { opts: "out" }],
    ["a short code", { from: "24273" }, { opts: undefined }],
    ["a name", { from: "HDFCBK" }, { opts: undefined }],
    ["ourselves", { from: OUR_NUMBER }, { opts: undefined }],
  ])("%s", async (_, change, expected) => {
    const asked = vi.fn();
    const { ports, put, events } = answeringPorts({ responder: { respond: asked } });
    await put(numberItem(numberOf()), walletItem(1_000));
    expect(await answerText(ports, incoming(change))).toEqual([]);
    expect(events).toMatchObject([{ type: "sms.received", reply: undefined, ...expected }]);
    expect(asked).not.toHaveBeenCalled();
  });

  test("who opted out before, until they come back", async () => {
    const { ports, put, table } = answeringPorts();
    await put(numberItem(numberOf()), walletItem(1_000));
    await table.write(thread({ optedOut: true }));
    expect(await answerText(ports, incoming())).toEqual([]);
  });

  test("another number of ours", async () => {
    const { ports, put } = answeringPorts();
    await put(numberItem(numberOf()), numberItem(numberOf({ phoneNumber: CALLER, owner: "ravi" })), walletItem(1_000));
    expect(await answerText(ports, incoming())).toEqual([]);
  });

  test("a number that was once ours is anybody's", async () => {
    const { ports, put } = answeringPorts();
    await put(numberItem(numberOf()), numberItem(numberOf({ phoneNumber: CALLER, state: "released" })), walletItem(1_000));
    expect(await answerText(ports, incoming())).toHaveLength(1);
  });
});

test.each(["released", "failed", "pending", "releasing", undefined] as const)(
  "a text to a number that is %s is neither answered nor recorded",
  async (state) => {
    const { ports, put, events } = answeringPorts();
    if (state) await put(numberItem(numberOf({ state })), walletItem(1_000));
    expect(await answerText(ports, incoming())).toEqual([]);
    expect(events).toEqual([]);
  },
);

test.each<[string, Parameters<typeof numberOf>[0], Item]>([
  ["a suspended number", { state: "suspended" }, {}],
  ["an empty wallet", {}, { balances: { USD: { availableMinor: -99, heldMinor: 0 } } }],
  ["a frozen wallet", {}, { frozen: true }],
])("%s says in its language that it can't take messages, and costs nobody", async (_, change, wallet) => {
  const { ports, put, events } = answeringPorts();
  await put(numberItem(numberOf(change, { language: "hi-IN" })), walletItem(1_000, wallet));
  expect(await answerText(ports, incoming())).toEqual([sentence("hi-IN", "textNotReachable")]);
  expect(events).toMatchObject([{ refused: true, reply: sentence("hi-IN", "textNotReachable") }]);
});

describe("the assistant", () => {
  const answers = (text: string): Responder => ({ respond: async () => ({ text, proposals: [], next: "continue" }) });
  const thanks = sentence("en-US", "textReceived");
  test.each<[string, Responder, string[]]>([
    ["is late", { respond: hang }, [thanks]],
    ["throws", { respond: fail }, [thanks]],
    ["refuses", { respond: async () => ({ failed: "refused" }) }, [thanks]],
    ["answers nothing", answers(" "), [thanks]],
    ["answers a tool call", answers('{"tool":"refund"}'), [thanks]],
    ["answers markup", answers("</Message><Message to='+1900'>We are <b>open</b></Message>"), ["We are open"]],
    ["answers at length", answers("Sentence one here. ".repeat(200)), [expect.stringMatching(/here\.$/)]],
  ])("%s: a sensible message in time", async (_, responder, expected) => {
    const { ports, put, events } = answeringPorts({ responder });
    await put(numberItem(numberOf()), walletItem(1_000));
    const { result, tookMs } = await timed(answerText(ports, incoming()));
    expect(result).toEqual(expected);
    expect(twimlFaults(messagingTwiml(result), "messaging")).toEqual([]);
    expect(tookMs).toBeLessThan(10_000);
    expect(events).toHaveLength(1);
  });

  test("is told what was written before", async () => {
    const seen: string[][] = [];
    const responder: Responder = {
      respond: async ({ history }) => {
        seen.push(history.map(({ speaker, text }) => `${speaker}: ${text}`));
        return { text: "Yes.", proposals: [], next: "continue" };
      },
    };
    const { ports, put, table } = answeringPorts({ responder });
    await put(numberItem(numberOf()), walletItem(1_000));
    const at = new Date(NOW - 60_000).toISOString();
    await table.write(thread({ recent: [{ speaker: "caller", text: "Hi", at }], messages: 1 }));
    await answerText(ports, incoming());
    expect(seen).toEqual([["caller: Hi"]]);
  });
});

describe("what can't be recorded is told as not received, to whoever may be written to", () => {
  const notTaken = sentence("en-US", "textNotTaken");
  test.each<[string, Parameters<typeof answeringPorts>[0], Partial<IncomingText>, string[]]>([
    ["the table is down", { table: { get: fail } }, {}, [notTaken]],
    ["the table does not answer", { table: { getMany: hang } }, {}, [notTaken]],
    ["the table is down, and it is a STOP", { table: { get: fail } }, { text: "STOP" }, []],
    ["the table is down, and it is a short code", { table: { get: fail } }, { from: "24273" }, []],
    ["the queue is down", { send: fail }, {}, [notTaken]],
    ["the queue does not answer", { send: hang }, {}, [notTaken]],
    ["the queue is down, and it is a STOP", { send: fail }, { text: "STOP" }, []],
  ])("%s", async (_, change, text, expected) => {
    const { ports, put, troubles } = answeringPorts(change);
    await put(numberItem(numberOf()), walletItem(1_000));
    const { result, tookMs } = await timed(answerText(ports, incoming(text)));
    expect(result).toEqual(expected);
    expect(tookMs).toBeLessThan(10_000);
    expect(troubles).toHaveLength(1);
  });
});
