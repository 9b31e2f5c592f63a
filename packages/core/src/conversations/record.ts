import type { ConversationStatus, Currency } from "@aira/contract";
import { AiraError } from "../lib/index.ts";
import { loadNumber, type NumberRecord } from "../numbers/index.ts";
import { priceCall, priceMessage, segmentsOf } from "../pricing/index.ts";
import { keys } from "../table/index.ts";
import { record } from "./advance.ts";
import { chargeHeld, chargeOnce, giveHoldBack, holdForCall, inWords } from "./charge.ts";
import { loadConversation } from "./conversation.store.ts";
import { type ConversationRecord, callIdOf, isOver, later, type MessageRecord, newConversation, threadIdOf } from "./conversation.ts";
import type { ConversationPorts } from "./ports.ts";
import type {
  CallForwarded,
  CallStarted,
  CallStatusChanged,
  CallTurn,
  Context,
  TelephonyEvent,
  TextReceived,
  VoicemailLeft,
  VoicemailTranscribed,
} from "./telephony.ts";

/** What became of one event. `foreign`: of a number that nobody has here. */
export type Recorded = "recorded" | "repeated" | "foreign";

/**
 * Records one event of the telephony provider and charges what it says was used. Both once for ever, by the provider's ids, however often
 * and in whichever order events come; a crash anywhere leaves the event to be recorded again. Errors: `service.busy`, `wallet.busy`,
 * `outcome.unknown`: deliver it again.
 */
export function recordEvent(ports: ConversationPorts, event: TelephonyEvent): Promise<Recorded> {
  switch (event.type) {
    case "call.started":
      return recordStart(ports, event);
    case "call.turn":
      return recordTurn(ports, event);
    case "call.status":
      return recordCallStatus(ports, event);
    case "call.forwarded":
      return recordForwarded(ports, event);
    case "call.voicemail":
      return recordVoicemail(ports, event);
    case "call.transcript":
      return recordTranscript(ports, event);
    case "sms.received":
      return recordText(ports, event);
    case "sms.status":
      // A text is charged when it is sent. What becomes of it changes nothing here.
      return Promise.resolve("recorded");
    default:
      return event satisfies never;
  }
}

const expiryOf = ({ policy }: ConversationPorts, at: string): number | undefined =>
  policy.retentionDays === 0 ? undefined : Math.floor(Date.parse(at) / 1000) + policy.retentionDays * 86_400;

const about = ({ owner, numberId, phoneNumber, country, numberType, currency, language }: Context) => ({
  owner,
  numberId,
  phoneNumber,
  country,
  numberType,
  currency,
  language,
});

const said = (messageId: string, speaker: MessageRecord["speaker"], text: string, at: string): MessageRecord => ({
  messageId,
  speaker,
  text,
  proposals: [],
  media: [],
  at,
});

function callOf(ports: ConversationPorts, callSid: string, peer: string, context: Context, at: string): ConversationRecord {
  const conversationId = callIdOf(callSid);
  return newConversation({ ...about(context), conversationId, kind: "call", peer: peer || undefined, ttl: expiryOf(ports, at) }, at);
}

async function recordStart(ports: ConversationPorts, event: CallStarted): Promise<Recorded> {
  const { callSid, from, context, receivedAt, greeting } = event;
  const recorded = await record(ports, {
    sid: callSid,
    what: "started",
    conversationId: callIdOf(callSid),
    begin: () => callOf(ports, callSid, from, context, receivedAt),
    change: (call) => ({
      conversation: { ...call, ...about(context), peer: from || undefined, status: later(call.status, "in_progress") },
      messages: [said(`${callSid}-0`, "system", greeting, receivedAt)],
    }),
  });
  await holdCall(ports, event);
  return recorded?.repeated ? "repeated" : "recorded";
}

/** Sets money aside for a call that is still going on, and remembers it, or gives it back when the call is over by then. */
async function holdCall(ports: ConversationPorts, { callSid, context, capSeconds, holdMinor, receivedAt }: CallStarted): Promise<void> {
  const { owner, currency } = context;
  const before = await loadConversation(ports.table, callIdOf(callSid), { consistent: true });
  if (!before || before.heldMinor !== undefined || isOver(before.status)) return;
  const endsAtMs = Date.parse(receivedAt) + capSeconds * 1000;
  if (!(await holdForCall(ports, { owner, callSid, currency, holdMinor, endsAtMs }))) return;
  const after = await record(ports, {
    sid: callSid,
    what: "held",
    conversationId: callIdOf(callSid),
    begin: () => undefined,
    change: (call) => ({ conversation: isOver(call.status) ? call : { ...call, heldMinor: call.heldMinor ?? holdMinor } }),
  });
  if (after?.conversation.chargeBy !== "hold" && after?.conversation.heldMinor === undefined)
    await giveHoldBack(ports, owner, callSid, currency, holdMinor);
}

/** What was said in one turn of a call. Written before the caller hears the answer, so that the next turn knows of it. */
export async function recordTurn(ports: ConversationPorts, event: CallTurn): Promise<Recorded> {
  const { callSid, turn, heard, reply, context, receivedAt } = event;
  const recorded = await record(ports, {
    sid: callSid,
    what: `turn:${turn}`,
    conversationId: callIdOf(callSid),
    begin: () => callOf(ports, callSid, "", context, receivedAt),
    change: (call) => ({
      conversation: call,
      messages: [
        ...(heard === "" ? [] : [said(`${callSid}-${turn}a`, "caller", heard, receivedAt)]),
        said(`${callSid}-${turn}b`, "assistant", reply, receivedAt),
      ],
    }),
  });
  return recorded?.repeated ? "repeated" : "recorded";
}

/** The provider's words; anything else is news from a later version of its API, and moves nothing. */
const STATUSES: Readonly<Record<string, ConversationStatus>> = {
  queued: "queued",
  initiated: "queued",
  ringing: "ringing",
  "in-progress": "in_progress",
  answered: "in_progress",
  completed: "completed",
  busy: "busy",
  failed: "failed",
  "no-answer": "no_answer",
  canceled: "canceled",
};

async function recordCallStatus(ports: ConversationPorts, event: CallStatusChanged): Promise<Recorded> {
  const status = STATUSES[event.status];
  // The leg that it was forwarded on is told of by its own event.
  if (status === undefined || event.parentCallSid !== undefined) return "recorded";
  const { callSid, from, lengthSeconds, receivedAt } = event;
  const context = await contextOf(ports, event);
  const recorded = await record(ports, {
    sid: callSid,
    what: `status:${status}`,
    conversationId: callIdOf(callSid),
    begin: () => context && callOf(ports, callSid, from, context, receivedAt),
    change: (call) => {
      if (isOver(call.status)) return { conversation: call };
      const moved = { ...call, status: later(call.status, status), updatedAt: receivedAt > call.updatedAt ? receivedAt : call.updatedAt };
      if (!isOver(status)) return { conversation: moved };
      // Decided here and once: whoever repeats this charges the same way.
      const over = { ...moved, lengthSeconds: lengthSeconds ?? 0, chargeBy: call.heldMinor === undefined ? "usage" : "hold" } as const;
      return { conversation: { ...over, costMinor: call.costMinor + priceOf(over).amountMinor } };
    },
  });
  if (!recorded) return "foreign";
  if (isOver(recorded.conversation.status)) await chargeCall(ports, callSid, recorded.conversation);
  return recorded.repeated ? "repeated" : "recorded";
}

function priceOf({ country, numberType, currency, lengthSeconds }: ConversationRecord) {
  return priceCall({
    country: country ?? "",
    type: numberType,
    direction: "inbound",
    seconds: lengthSeconds ?? 0,
    currency: currency ?? "USD",
  });
}

async function chargeCall(ports: ConversationPorts, callSid: string, call: ConversationRecord): Promise<void> {
  if (call.chargeBy === undefined || call.currency === undefined) return;
  const { amountMinor } = priceOf(call);
  const minutes = Math.ceil((call.lengthSeconds ?? 0) / 60);
  const description = `Call to ${call.phoneNumber}, ${minutes} min`;
  const usage = { owner: call.owner, sid: callSid, currency: call.currency, amountMinor, description };
  if (call.chargeBy === "hold" && call.heldMinor !== undefined) await chargeHeld(ports, usage, call.heldMinor);
  else await chargeOnce(ports, usage);
}

/** Whose call it is, when its start is not recorded yet: the number's owner now. */
async function contextOf(ports: ConversationPorts, { callSid, to }: CallStatusChanged): Promise<Context | undefined> {
  if (await loadConversation(ports.table, callIdOf(callSid))) return undefined;
  const number = await loadNumber(ports.table, to);
  return number && contextOfNumber(number);
}

/** What an event carries of the number that it came in on. */
export const contextOfNumber = (number: NumberRecord): Context => ({
  owner: number.owner,
  numberId: number.numberId,
  purchaseId: number.purchaseId,
  phoneNumber: number.phoneNumber,
  country: number.country,
  numberType: number.type,
  currency: number.currency,
  language: number.settings.language,
});

async function recordForwarded(ports: ConversationPorts, event: CallForwarded): Promise<Recorded> {
  const { callSid, legSid, to, lengthSeconds, context, receivedAt } = event;
  const { country, numberType: type, currency, owner, phoneNumber } = context;
  const { amountMinor } = priceCall({ country, type, to, direction: "forwarded", seconds: lengthSeconds, currency });
  const minutes = Math.ceil(lengthSeconds / 60);
  const recorded = await record(ports, {
    sid: legSid,
    what: "forwarded",
    conversationId: callIdOf(callSid),
    begin: () => callOf(ports, callSid, "", context, receivedAt),
    change: (call) => ({
      conversation: { ...call, costMinor: call.costMinor + amountMinor },
      messages: [said(legSid, "system", lengthSeconds > 0 ? `Forwarded for ${minutes} min` : "Forwarded, not answered", receivedAt)],
    }),
  });
  await chargeOnce(ports, { owner, sid: legSid, currency, amountMinor, description: `Call to ${phoneNumber}, forwarded, ${minutes} min` });
  return recorded?.repeated ? "repeated" : "recorded";
}

async function recordVoicemail(ports: ConversationPorts, event: VoicemailLeft): Promise<Recorded> {
  const { callSid, recordingSid, url, lengthSeconds, context, receivedAt } = event;
  const recorded = await record(ports, {
    sid: recordingSid,
    what: "voicemail",
    conversationId: callIdOf(callSid),
    begin: () => callOf(ports, callSid, "", context, receivedAt),
    change: (call) => ({
      conversation: { ...call, voicemail: { url, lengthSeconds, transcript: call.voicemail?.transcript ?? null } },
      messages: [said(recordingSid, "system", `Voicemail, ${lengthSeconds} s`, receivedAt)],
    }),
  });
  return recorded?.repeated ? "repeated" : "recorded";
}

async function recordTranscript(ports: ConversationPorts, event: VoicemailTranscribed): Promise<Recorded> {
  const { callSid, recordingSid, transcript, receivedAt } = event;
  const known = await loadConversation(ports.table, callIdOf(callSid), { consistent: true });
  if (!known) {
    // Recorded once and deleted since: what was said is not to come back.
    if (await ports.table.get(keys.recorded(recordingSid, "voicemail"), { consistent: true })) return "foreign";
    throw new AiraError("service.busy", "The voicemail of this transcript is not recorded yet.", { retryAfterSeconds: 30 });
  }
  const charged = transcriptionOf(known);
  const recorded = await record(ports, {
    sid: recordingSid,
    what: "transcript",
    conversationId: callIdOf(callSid),
    begin: () => undefined,
    change: (call) => ({
      conversation: {
        ...call,
        voicemail: call.voicemail ? { ...call.voicemail, transcript } : { url: "", lengthSeconds: 0, transcript },
        costMinor: call.costMinor + charged,
      },
      messages: transcript === "" ? [] : [said(`${recordingSid}-text`, "caller", transcript, receivedAt)],
    }),
  });
  if (known.currency !== undefined)
    await chargeOnce(ports, {
      owner: known.owner,
      sid: `${recordingSid}-transcript`,
      currency: known.currency,
      amountMinor: charged,
      description: `Transcript of a voicemail to ${known.phoneNumber}`,
    });
  return recorded?.repeated ? "repeated" : "recorded";
}

function transcriptionOf({ country, currency, voicemail }: ConversationRecord): number {
  if (currency === undefined) return 0;
  const transcribedSeconds = voicemail?.lengthSeconds ?? 0;
  return priceCall({ country: country ?? "", direction: "inbound", seconds: 0, transcribedSeconds, currency }).amountMinor;
}

async function recordText(ports: ConversationPorts, event: TextReceived): Promise<Recorded> {
  const { messageSid, from, text, segments, media, context, reply, opts, receivedAt } = event;
  const { country, numberType: type, currency, owner, phoneNumber, purchaseId } = context;
  const inbound = priceMessage({ country, type, direction: "inbound", segments, currency }).amountMinor;
  const outSegments = reply === undefined ? 0 : segmentsOf(reply);
  const outbound = priceMessage({ country, type, direction: "outbound", to: from, segments: outSegments, currency }).amountMinor;
  const conversationId = threadIdOf(purchaseId, from);
  const recorded = await record(ports, {
    sid: messageSid,
    what: "received",
    conversationId,
    begin: () =>
      newConversation({ ...about(context), conversationId, kind: "sms", peer: from, ttl: expiryOf(ports, receivedAt) }, receivedAt),
    change: (thread) => ({
      conversation: {
        ...thread,
        optedOut: opts === undefined ? thread.optedOut : opts === "out",
        costMinor: thread.costMinor + inbound + outbound,
        ttl: expiryOf(ports, receivedAt),
      },
      messages: [
        { ...said(messageSid, "caller", text, receivedAt), media },
        ...(reply === undefined ? [] : [said(`${messageSid}-reply`, "assistant", reply, receivedAt)]),
      ],
    }),
  });
  const description = (what: string, amountMinor: number) => `${what} ${phoneNumber}, ${inWords(amountMinor, currency as Currency)}`;
  await chargeOnce(ports, { owner, sid: messageSid, currency, amountMinor: inbound, description: description("Text to", inbound) });
  await chargeOnce(ports, {
    owner,
    sid: `${messageSid}-reply`,
    currency,
    amountMinor: outbound,
    description: description("Text from", outbound),
  });
  return recorded?.repeated ? "repeated" : "recorded";
}
