import type { ConversationStatus } from "@aira/contract";
import { AiraError } from "../lib/index.ts";
import { isInUse, loadNumber, type NumberRecord } from "../numbers/index.ts";
import { priceCall, priceMessage, segmentsOf } from "../pricing/index.ts";
import { keys } from "../table/index.ts";
import { look, type Recording, record } from "./advance.ts";
import { type Due, giveHoldBack, holdForCall, inWords, settle } from "./charge.ts";
import { loadConversation } from "./conversation.store.ts";
import { type ConversationRecord, callIdOf, expiryOf, isOver, later, newConversation, said, threadIdOf } from "./conversation.ts";
import type { ConversationPorts } from "./ports.ts";
import { splitText } from "./split-text.ts";
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

/** Charges what an event brought. */
async function settled(ports: ConversationPorts, recording: Recording | undefined): Promise<Recorded> {
  if (!recording) return "foreign";
  await settle(ports, recording.due, recording.repeated);
  return recording.repeated ? "repeated" : "recorded";
}

const ttlOf = ({ policy }: ConversationPorts, at: string): number | undefined => expiryOf(policy.retentionDays, Date.parse(at));

const about = ({ owner, numberId, phoneNumber, country, numberType, currency, language }: Context) => ({
  owner,
  numberId,
  phoneNumber,
  country,
  numberType,
  currency,
  language,
});

function callOf(ports: ConversationPorts, callSid: string, peer: string, context: Context, at: string): ConversationRecord {
  const conversationId = callIdOf(callSid);
  return newConversation({ ...about(context), conversationId, kind: "call", peer: peer || undefined, ttl: ttlOf(ports, at) }, at);
}

async function recordStart(ports: ConversationPorts, event: CallStarted): Promise<Recorded> {
  const { callSid, from, context, receivedAt, greeting, refused } = event;
  const recorded = await record(ports, {
    sid: callSid,
    what: "started",
    conversationId: callIdOf(callSid),
    begin: () => callOf(ports, callSid, from, context, receivedAt),
    change: (call) => {
      const due = refused ? givenBack(callSid, call) : [];
      return {
        conversation: {
          ...call,
          // Whoever was charged for its end stays the one.
          ...(isOver(call.status) ? {} : about(context)),
          peer: from || undefined,
          status: later(call.status, "in_progress"),
          startedAt: receivedAt < call.startedAt ? receivedAt : call.startedAt,
          costMinor: call.costMinor - due.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
          refused,
        },
        messages: greeting === "" ? [] : [said(`${callSid}-0`, "system", greeting, receivedAt)],
        due,
      };
    },
  });
  const outcome = await settled(ports, recorded);
  await holdCall(ports, event, recorded?.repeated ?? false);
  return outcome;
}

/** What was charged for a call whose end was told before it was known that it had been turned away. */
function givenBack(callSid: string, call: ConversationRecord): readonly Due[] {
  return costOf(callSid, call)
    .filter(({ amountMinor }) => amountMinor > 0)
    .map((due) => ({ ...due, back: true, description: `${due.description}, given back: it was turned away` }));
}

/** Sets money aside for a call that is still going on, and remembers it, or gives it back when the call is over by then. */
async function holdCall(
  ports: ConversationPorts,
  { callSid, context, capSeconds, holdMinor, receivedAt }: CallStarted,
  again: boolean,
): Promise<void> {
  if (holdMinor < 1) return;
  const { owner, currency } = context;
  const before = await loadConversation(ports.table, callIdOf(callSid), { consistent: true });
  if (!before || before.heldMinor !== undefined) return;
  if (isOver(before.status)) {
    // The run before this one may have set money aside and come no further.
    if (again) await giveHoldBack(ports, owner, callSid, currency, holdMinor);
    return;
  }
  const endsAtMs = Date.parse(receivedAt) + capSeconds * 1000;
  if (!(await holdForCall(ports, { owner, callSid, currency, holdMinor, endsAtMs }))) return;
  const after = await record(ports, {
    sid: callSid,
    what: "held",
    conversationId: callIdOf(callSid),
    begin: () => undefined,
    change: (call) => ({ conversation: isOver(call.status) ? call : { ...call, heldMinor: call.heldMinor ?? holdMinor } }),
  });
  // Of a conversation that was deleted it isn't known; then the hold gives itself back in time.
  if (after?.conversation && after.conversation.heldMinor === undefined) await giveHoldBack(ports, owner, callSid, currency, holdMinor);
}

/** What was said in one turn of a call. Written before the caller hears the answer, so that the next turn knows of it. */
export async function recordTurn(ports: ConversationPorts, event: CallTurn, known?: ConversationRecord): Promise<Recorded> {
  const { callSid, turn, heard, reply, context, receivedAt } = event;
  const recorded = await record(ports, {
    sid: callSid,
    what: `turn:${turn}`,
    conversationId: callIdOf(callSid),
    known,
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
  const { callSid, lengthSeconds, receivedAt } = event;
  const named = { sid: callSid, what: `status:${status}`, conversationId: callIdOf(callSid) };
  const looked = await look(ports, named);
  const fresh = looked.mark || looked.header ? undefined : await unannounced(ports, event);
  const recorded = await record(ports, {
    ...named,
    looked,
    begin: () => fresh,
    change: (call) => {
      if (isOver(call.status)) return { conversation: call };
      const moved = { ...call, status: later(call.status, status), updatedAt: receivedAt > call.updatedAt ? receivedAt : call.updatedAt };
      if (!isOver(status)) return { conversation: moved };
      // Decided here and once: whoever repeats this charges the same way.
      const over = { ...moved, lengthSeconds: lengthSeconds ?? 0, chargeBy: call.heldMinor === undefined ? "usage" : "hold" } as const;
      const due = costOf(callSid, over);
      return { conversation: { ...over, costMinor: due.reduce((sum, { amountMinor }) => sum + amountMinor, call.costMinor) }, due };
    },
  });
  return settled(ports, recorded);
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

/** What a finished call costs. With a hold there is something to settle also when that is nothing. */
function costOf(callSid: string, call: ConversationRecord): readonly Due[] {
  const { owner, currency, phoneNumber, heldMinor } = call;
  if (call.chargeBy === undefined || currency === undefined) return [];
  const amountMinor = call.refused ? 0 : priceOf(call).amountMinor;
  if (amountMinor === 0 && heldMinor === undefined) return [];
  const description = `Call to ${phoneNumber}, ${Math.ceil((call.lengthSeconds ?? 0) / 60)} min`;
  return [{ owner, sid: callSid, currency, amountMinor, description, heldMinor }];
}

/**
 * A call of which nothing is recorded yet, by the number that it came in on: its owner's now. A number that is not in use answers nobody, so
 * its calls are nobody's; a suspended one turns them away.
 */
async function unannounced(ports: ConversationPorts, event: CallStatusChanged): Promise<ConversationRecord | undefined> {
  const { callSid, from, to, receivedAt } = event;
  const number = await loadNumber(ports.table, to, { consistent: true });
  if (!number || !isInUse(number.state)) return undefined;
  const call = callOf(ports, callSid, from, contextOfNumber(number), receivedAt);
  return number.state === "suspended" ? { ...call, refused: true } : call;
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
      due: [{ owner, sid: legSid, currency, amountMinor, description: `Call to ${phoneNumber}, forwarded, ${minutes} min` }],
    }),
  });
  return settled(ports, recorded);
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
  // The voicemail's length is the price, so it must be there first.
  if (!(await ports.table.get(keys.recorded(recordingSid, "voicemail"), { consistent: true })))
    throw new AiraError("service.busy", "The voicemail of this transcript is not recorded yet.", { retryAfterSeconds: 30 });
  const recorded = await record(ports, {
    sid: recordingSid,
    what: "transcript",
    conversationId: callIdOf(callSid),
    // Recorded and deleted since: what was said is not to come back.
    begin: () => undefined,
    change: (call) => {
      const due = transcriptionOf(recordingSid, call);
      return {
        conversation: {
          ...call,
          voicemail: call.voicemail && { ...call.voicemail, transcript },
          costMinor: due.reduce((sum, { amountMinor }) => sum + amountMinor, call.costMinor),
        },
        messages: transcript === "" ? [] : [said(`${recordingSid}-text`, "caller", transcript, receivedAt)],
        due,
      };
    },
  });
  return settled(ports, recorded);
}

function transcriptionOf(recordingSid: string, { owner, country, currency, voicemail, phoneNumber }: ConversationRecord): readonly Due[] {
  if (currency === undefined) return [];
  const transcribedSeconds = voicemail?.lengthSeconds ?? 0;
  const { amountMinor } = priceCall({ country: country ?? "", direction: "inbound", seconds: 0, transcribedSeconds, currency });
  return [{ owner, sid: `${recordingSid}-transcript`, currency, amountMinor, description: `Transcript of a voicemail to ${phoneNumber}` }];
}

async function recordText(ports: ConversationPorts, event: TextReceived): Promise<Recorded> {
  const { messageSid, from, text, media, context, reply, opts, receivedAt } = event;
  const due = event.refused ? [] : costOfText(event);
  const conversationId = threadIdOf(context.purchaseId, from);
  const recorded = await record(ports, {
    sid: messageSid,
    what: "received",
    conversationId,
    begin: () => newConversation({ ...about(context), conversationId, kind: "sms", peer: from, ttl: ttlOf(ports, receivedAt) }, receivedAt),
    change: (thread) => ({
      conversation: {
        ...thread,
        optedOut: opts === undefined ? thread.optedOut : opts === "out",
        costMinor: due.reduce((sum, { amountMinor }) => sum + amountMinor, thread.costMinor),
        ttl: laterExpiry(thread.ttl, ttlOf(ports, receivedAt)),
      },
      messages: [
        { ...said(messageSid, "caller", text, receivedAt), media },
        ...(reply === undefined ? [] : [said(`${messageSid}-reply`, "assistant", reply, receivedAt)]),
      ],
      due,
    }),
  });
  return settled(ports, recorded);
}

/** A thread is kept as long as the newest thing in it, whichever is recorded last. */
const laterExpiry = (one: number | undefined, other: number | undefined): number | undefined =>
  one === undefined || other === undefined ? other : Math.max(one, other);

/** What came in, and each message that it was answered with. */
function costOfText({ messageSid, from, segments, context, reply = "" }: TextReceived): readonly Due[] {
  const { country, numberType: type, currency, owner, phoneNumber } = context;
  const sent = splitText(reply).reduce((sum, part) => sum + segmentsOf(part), 0);
  const inbound = priceMessage({ country, type, direction: "inbound", segments, currency }).amountMinor;
  const outbound = priceMessage({ country, type, direction: "outbound", to: from, segments: sent, currency }).amountMinor;
  const due = (sid: string, what: string, amountMinor: number): Due => {
    return { owner, sid, currency, amountMinor, description: `${what} ${phoneNumber}, ${inWords(amountMinor, currency)}` };
  };
  return [due(messageSid, "Text to", inbound), due(`${messageSid}-reply`, "Text from", outbound)].filter(
    ({ amountMinor }) => amountMinor > 0,
  );
}
