import type { handleCall } from "@aira/contract";
import {
  afterForwarding,
  afterRecording,
  answerCall,
  type CallStep,
  type DialResult,
  hear,
  type RunningCall,
  readCallState,
  recordLeg,
  TROUBLE,
  tryAgain,
  type Verb,
  voiceTwiml,
} from "@aira/core/conversations";
import { AiraError, iso } from "@aira/core/lib";
import * as z from "zod/mini";
import { answeringPorts } from "../edge/conversations.ts";
import { sendTelephonyEvent } from "../edge/telephony.ts";
import { Address, CallSid, Count, Party, RecordingSid, Text, Words } from "../edge/twilio-fields.ts";
import { twilioWebhook } from "../edge/twilio-webhook.ts";

const fields = z.object({
  CallSid,
  From: Party,
  To: Party,
  SpeechResult: z._default(Words, ""),
  Digits: z._default(Text, ""),
  DialCallSid: z.optional(CallSid),
  DialCallStatus: z._default(Text, ""),
  DialCallDuration: z._default(Count, 0),
  ParentCallSid: z.optional(CallSid),
  CallStatus: z._default(Text, ""),
  CallDuration: z._default(Count, 0),
  RecordingSid: z.optional(RecordingSid),
  RecordingUrl: z.optional(Address),
  RecordingDuration: z._default(Count, 0),
  TranscriptionText: z._default(Words, ""),
  TranscriptionStatus: z._default(Text, ""),
});
type Fields = z.output<typeof fields>;
type Ports = ReturnType<typeof answeringPorts>;
type Step = (ports: Ports, call: RunningCall, fields: Fields, to: string) => Promise<readonly Verb[] | undefined>;

/** What each step of a call is answered with. Undefined: nobody listens. */
const STEPS: Readonly<Record<CallStep, Step>> = {
  turn: (ports, call, { SpeechResult: speech, Digits: digits }) => hear(ports, call, { speech, digits }),
  again: (ports, call) => tryAgain(ports, call),
  dialed: (ports, call, read, to) => {
    const leg: DialResult = { legSid: read.DialCallSid, to, status: read.DialCallStatus, lengthSeconds: read.DialCallDuration };
    return afterForwarding(ports, call, leg);
  },
  leg: async (ports, { state }, read, to) => {
    const leg: DialResult = { legSid: read.CallSid, to, status: read.CallStatus, lengthSeconds: read.CallDuration };
    if (read.ParentCallSid !== undefined) await recordLeg(ports, { callSid: read.ParentCallSid, state }, leg);
    return undefined;
  },
  recorded: (ports, call, { RecordingSid: recordingSid, RecordingUrl: url, RecordingDuration: lengthSeconds }) =>
    afterRecording(ports, call, recordingSid && url ? { recordingSid, url, lengthSeconds } : undefined),
  transcript: async (
    { clock },
    { callSid },
    { RecordingSid: recordingSid, TranscriptionText: transcript, TranscriptionStatus: status },
  ) => {
    if (recordingSid === undefined || status !== "completed") return undefined;
    await sendTelephonyEvent({ type: "call.transcript", receivedAt: iso(clock()), callSid, recordingSid, transcript });
    return undefined;
  },
};

/** Steps that nobody listens to: one that fails is an error, so that it is not taken for done. */
const UNHEARD: ReadonlySet<unknown> = new Set<CallStep>(["leg", "transcript"]);
const apology = (query: URLSearchParams) => (UNHEARD.has(query.get("step")) ? undefined : voiceTwiml(TROUBLE));

/** A call, and each step of it. The first request has no query; the addresses of the others are ours, and signed like everything. */
export const handler = twilioWebhook<typeof handleCall, typeof fields>(
  { route: "POST /api/voice-agent/handle-call", fields, apology },
  async ({ fields: read, query, log }) => {
    const { CallSid: callSid, From: from, To: to } = read;
    const ports = answeringPorts(log);
    if (!query.has("step")) return voiceTwiml(await answerCall(ports, { callSid, from, to }));
    const at = readCallState(query);
    if (!at) throw new AiraError("internal.failure", "The address of this step of a call is none of ours.");
    const verbs = await STEPS[at.step](ports, { callSid, from, state: at.state }, read, at.to ?? "");
    return verbs && voiceTwiml(verbs);
  },
);
