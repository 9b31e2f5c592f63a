import { iso } from "../lib/index.ts";
import { loadNumber, type NumberRecord } from "../numbers/index.ts";
import type { AnsweringPorts } from "./answering-ports.ts";
import { afterDial, answerTurn, askAgain, type CallScene, type DialledLeg, farewell, type Heard, takeTurn } from "./call-flow.ts";
import type { CallState } from "./call-state.ts";
import { loadConversation } from "./conversation.store.ts";
import { type ConversationRecord, callIdOf } from "./conversation.ts";
import { BUDGET_MS, inTime } from "./in-time.ts";
import { contextOfNumber, recordTurn } from "./record.ts";
import { respond } from "./respond.ts";
import type { CallTurn, TelephonyEvent, Verb } from "./telephony.ts";

/** A call that goes on: what the provider says of it, and what we said of it before. */
export interface RunningCall {
  readonly callSid: string;
  readonly from: string;
  readonly state: CallState;
}

/** More is not listened to in one turn. */
const HEARD_CHARACTERS = 1_000;

/** The answer to what a caller said or pressed. Never throws. */
export const hear = (ports: AnsweringPorts, call: RunningCall, heard: Heard): Promise<readonly Verb[]> =>
  turn(ports, call, (scene) => {
    const speech = heard.speech.toWellFormed().slice(0, HEARD_CHARACTERS);
    return takeTurn(scene, { ...heard, speech }, call.from);
  });

/** Another try to answer what the caller said in the turn before. Never throws. */
export const tryAgain = (ports: AnsweringPorts, call: RunningCall): Promise<readonly Verb[]> =>
  turn(ports, call, (scene, said) => {
    const unanswered = said.findLast(({ speaker }) => speaker === "caller");
    return unanswered ? { ask: unanswered.text, isRetry: true } : { verbs: askAgain(scene, "notHeard") };
  });

type Recent = ConversationRecord["recent"];
type Decide = (scene: CallScene, said: Recent) => { readonly verbs: readonly Verb[] } | { readonly ask: string; readonly isRetry?: true };

async function turn(ports: AnsweringPorts, call: RunningCall, decide: Decide): Promise<readonly Verb[]> {
  const { callSid, from, state } = call;
  const receivedMs = ports.clock();
  try {
    const conversationId = callIdOf(callSid);
    const reading = Promise.all([loadNumber(ports.table, state.our), loadConversation(ports.table, conversationId, { consistent: true })]);
    const [number, conversation] = await inTime(reading, "read");
    if (!number) return farewell(state, "trouble");
    const scene: CallScene = { number, state, publicUrl: ports.publicUrl, nowMs: receivedMs };
    const said = inOrder(conversation?.recent ?? []);
    const decision = decide(scene, said);
    if ("verbs" in decision) return decision.verbs;
    const { ask, isRetry: triedBefore = false } = decision;
    const reply = await respond(ports, number.settings, {
      kind: "call",
      text: ask,
      history: triedBefore ? beforeLastOfCaller(said) : said,
      deadlineMs: receivedMs + BUDGET_MS.voiceReply,
    });
    const answered = answerTurn({ ...scene, nowMs: ports.clock() }, reply, { triedBefore, from });
    const event: CallTurn = {
      type: "call.turn",
      receivedAt: iso(receivedMs),
      callSid,
      turn: state.turn,
      heard: triedBefore ? "" : ask,
      reply: answered.said,
      context: contextOfNumber(number),
    };
    await store(ports, event, conversation);
    return answered.verbs;
  } catch (error) {
    ports.report("read", error);
    return askAgain({ state, publicUrl: ports.publicUrl }, "stumbled");
  }
}

/** As it was said: what is recorded behind the call may be recorded out of order. */
const inOrder = (recent: Recent): Recent => recent.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));

/** What was said before what is to be answered now. */
const beforeLastOfCaller = (said: Recent): Recent =>
  said.slice(
    0,
    said.findLastIndex(({ speaker }) => speaker === "caller"),
  );

/** A turn that is not stored is missing from the history; the caller hears the answer all the same. */
async function store(ports: AnsweringPorts, event: CallTurn, known: ConversationRecord | undefined): Promise<void> {
  try {
    await inTime(recordTurn(ports, event, known), "store");
  } catch (error) {
    ports.report("store", error);
  }
}

export interface DialResult extends DialledLeg {
  /** The other leg's. Undefined when there was none. */
  readonly legSid: string | undefined;
}

/** What a caller hears when the other phone was dialled. Never throws. */
export async function afterForwarding(ports: AnsweringPorts, call: RunningCall, leg: DialResult): Promise<readonly Verb[]> {
  const number = await numberOf(ports, call.state);
  if (!number) return farewell(call.state, "goodbye");
  await tell(ports, forwardedEvent(ports, call.callSid, leg, number));
  return afterDial({ number, state: call.state, publicUrl: ports.publicUrl, nowMs: ports.clock() }, leg);
}

/** The leg to the other phone has ended. Errors: `service.busy`: nobody listens, so it can be told again. */
export async function recordLeg(ports: AnsweringPorts, call: Pick<RunningCall, "callSid" | "state">, leg: DialResult): Promise<void> {
  const number = await inTime(loadNumber(ports.table, call.state.our), "read");
  const event = number && forwardedEvent(ports, call.callSid, leg, number);
  if (event) await inTime(ports.send(event), "send");
}

function forwardedEvent(
  { clock }: AnsweringPorts,
  callSid: string,
  { legSid, to, status, lengthSeconds }: DialResult,
  number: NumberRecord,
): TelephonyEvent | undefined {
  if (legSid === undefined) return undefined;
  const context = contextOfNumber(number);
  return { type: "call.forwarded", receivedAt: iso(clock()), callSid, legSid, to, status, lengthSeconds, context };
}

export interface Voicemail {
  readonly recordingSid: string;
  readonly url: string;
  readonly lengthSeconds: number;
}

/** What a caller hears, if still there, when a message was left. Never throws. */
export async function afterRecording(ports: AnsweringPorts, call: RunningCall, voicemail: Voicemail | undefined): Promise<readonly Verb[]> {
  if (!voicemail || voicemail.lengthSeconds === 0) return farewell(call.state, "goodbye");
  const number = await numberOf(ports, call.state);
  const event = number && {
    type: "call.voicemail" as const,
    receivedAt: iso(ports.clock()),
    callSid: call.callSid,
    ...voicemail,
    context: contextOfNumber(number),
  };
  return (await tell(ports, event)) ? farewell(call.state, "thanksMessage") : farewell(call.state, "trouble");
}

async function numberOf(ports: AnsweringPorts, { our }: CallState): Promise<NumberRecord | undefined> {
  try {
    return await inTime(loadNumber(ports.table, our), "read");
  } catch (error) {
    ports.report("read", error);
    return undefined;
  }
}

async function tell(ports: AnsweringPorts, event: TelephonyEvent | undefined): Promise<boolean> {
  if (!event) return false;
  try {
    await inTime(ports.send(event), "send");
    return true;
  } catch (error) {
    ports.report("send", error);
    return false;
  }
}
