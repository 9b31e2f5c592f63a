import { randomUUID } from "node:crypto";
import {
  type AnsweringPorts,
  answerCall,
  answerText,
  chat,
  contextOfNumber,
  createCallerResponder,
  customerToolPorts,
  hear,
  readCallState,
  recordEvents,
  type TelephonyEvent,
  type Verb,
} from "@aira/core/conversations";
import { createEmbeddedResponder, customerTools } from "@aira/core/conversations/responder";
import { iso } from "@aira/core/lib";
import { callEvents, freshSid, messageOf, textEvent } from "@aira/local/testing/conversation-world";
import type { OperationRow, Stage } from "./operation.ts";

export const FIRST_ANSWER = "first answer of a call";
export const TURN = "a turn of a call, answered and stored";
export const CALL_START = "start of a call, recorded and its money held";
export const CALL_END = "end of a call, recorded and charged";
export const TEXT = "a text, answered";
export const TEXT_RECORDED = "a text and its answer, recorded and charged";

const CALLER = "+14155550199";
const policy = { overdraftMinor: { USD: 100, INR: 9_000 }, lowBalanceMinor: { USD: 500, INR: 40_000 }, retentionDays: 365 } as const;

const answering = ({ ports, send }: Stage): AnsweringPorts => ({
  ...ports,
  policy,
  responder: createCallerResponder,
  send,
  report: (trouble, cause) => {
    throw new Error(trouble, { cause });
  },
});

/** A number whose owner has money, and what the doors write of a call to it. */
async function scene(stage: Stage) {
  const { number } = await stage.numbers.bought(stage.ports.table, { restMinor: 10_000 });
  const context = contextOfNumber(number);
  const about = { context, now: () => iso(stage.ports.clock()) };
  const record = (...events: readonly TelephonyEvent[]) =>
    recordEvents(
      { ...stage.ports, policy },
      events.map((event) => messageOf(event, randomUUID())),
    ).then((done) => {
      const failed = done.find(({ outcome }) => outcome === "failed");
      if (failed) throw failed.error;
    });
  return { number, about, record, events: callEvents(about) };
}

/** What the caller is asked next, as Twilio would send it back. */
function stateAfter(verbs: readonly Verb[]) {
  const gather = verbs.find((verb) => "gather" in verb);
  const read = gather && readCallState(new URL(gather.gather.action).searchParams);
  if (!read) throw new Error("the call does not go on");
  return read.state;
}

/** Calls and texts, at the door and behind the queue, and the chat. */
export const conversationOperations: readonly OperationRow[] = [
  {
    name: FIRST_ANSWER,
    floor: "read",
    prepare: async (stage) => {
      const { number } = await scene(stage);
      return () => answerCall(answering(stage), { callSid: freshSid("CA"), from: CALLER, to: number.phoneNumber });
    },
  },
  {
    name: TURN,
    floor: "two items",
    prepare: async (stage) => {
      const { number, events, record } = await scene(stage);
      const { callSid } = events;
      const verbs = await answerCall(answering(stage), { callSid, from: CALLER, to: number.phoneNumber });
      await record(events.started());
      const state = stateAfter(verbs);
      return () => hear(answering(stage), { callSid, from: CALLER, state }, { speech: "When are you open?", digits: "" });
    },
  },
  {
    name: TEXT,
    floor: "read",
    prepare: async (stage) => {
      const { number } = await scene(stage);
      const text = { from: CALLER, to: number.phoneNumber, text: "When are you open?", segments: 1, media: [], opts: undefined };
      return () => answerText(answering(stage), { ...text, messageSid: freshSid("SM") });
    },
  },
  { name: "status of a call, taken", floor: "none", prepare: async (stage) => stage.send },
  {
    name: CALL_START,
    floor: "wallet + entry",
    prepare: async (stage) => {
      const { events, record } = await scene(stage);
      return () => record(events.started());
    },
  },
  {
    name: CALL_END,
    floor: "wallet + entry",
    prepare: async (stage) => {
      const { events, record } = await scene(stage);
      await record(events.started());
      return () => record(events.status("completed", 61));
    },
  },
  {
    name: "the end of a call once more",
    floor: "none",
    prepare: async (stage) => {
      const { events, record } = await scene(stage);
      await record(events.started(), events.status("completed", 61));
      return () => record(events.status("completed", 61));
    },
  },
  {
    name: TEXT_RECORDED,
    floor: "wallet + entry",
    prepare: async (stage) => {
      const { about, record } = await scene(stage);
      return () => record(textEvent(about));
    },
  },
  {
    name: "a turn of the chat: balance",
    floor: "two items",
    prepare: async (stage) => {
      const { number, about } = await scene(stage);
      const { owner } = about.context;
      const market = async () => stage.numbers.ports(stage.ports.table);
      const ports = {
        ...stage.ports,
        responder: createEmbeddedResponder(),
        tools: () => customerTools(customerToolPorts({ ...stage.ports, market }, number.owner)),
        retentionDays: policy.retentionDays,
      };
      const turn = (conversationId?: string) =>
        chat(ports, { owner, conversationId, message: "What is my balance?", deadlineMs: Date.now() + 10_000 });
      const { conversationId } = await turn();
      return () => turn(conversationId);
    },
  },
];
