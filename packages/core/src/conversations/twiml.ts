import MessagingResponse from "twilio/lib/twiml/MessagingResponse.js";
import VoiceResponse from "twilio/lib/twiml/VoiceResponse.js";
import type { Verb } from "./telephony.ts";
import { VOICES } from "./voices.ts";

/** The longest text that Twilio speaks at once. */
const LONGEST_SAY = 4_096;

/** Text that XML can hold. The SDK escapes markup, and throws for these. */
const legal = (text: string): string => text.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, " ");

const spoken = (text: string): string => legal(text.slice(0, LONGEST_SAY));

/** What happens in a call, as Twilio reads it. */
export function voiceTwiml(verbs: readonly Verb[]): string {
  const response = new VoiceResponse();
  for (const verb of verbs) write(response, verb);
  return response.toString();
}

function write(response: VoiceResponse, verb: Verb): void {
  if ("say" in verb) response.say({ voice: VOICES[verb.language], language: verb.language }, spoken(verb.say));
  else if ("pause" in verb) response.pause({ length: verb.pause });
  else if ("gather" in verb) writeGather(response, verb.gather);
  else if ("dial" in verb) writeDial(response, verb.dial);
  else if ("record" in verb) writeRecord(response, verb.record);
  else if ("redirect" in verb) response.redirect({ method: "POST" }, verb.redirect);
  else if ("hangUp" in verb) response.hangup();
  else response.reject();
}

type VerbOf<Name extends string> = Extract<Verb, Readonly<Record<Name, unknown>>>[Name &
  keyof Extract<Verb, Readonly<Record<Name, unknown>>>];

function writeGather(response: VoiceResponse, { say, language, action, timeoutSeconds, maxSpeechSeconds }: VerbOf<"gather">): void {
  const gather = response.gather({
    input: ["speech", "dtmf"],
    action,
    method: "POST",
    language,
    // One key is an answer; without a result the action is asked all the same, so that a silent call does not hang.
    numDigits: 1,
    actionOnEmptyResult: true,
    timeout: timeoutSeconds,
    speechTimeout: "auto",
    maxSpeechTime: maxSpeechSeconds,
  });
  gather.say({ voice: VOICES[language], language }, spoken(say));
}

function writeDial(response: VoiceResponse, { to, callerId, timeLimitSeconds, ringSeconds, action, legAction }: VerbOf<"dial">): void {
  const dial = response.dial({
    action,
    method: "POST",
    callerId,
    timeLimit: timeLimitSeconds,
    timeout: ringSeconds,
    answerOnBridge: true,
  });
  dial.number({ statusCallback: legAction, statusCallbackMethod: "POST", statusCallbackEvent: ["completed"] }, to);
}

function writeRecord(response: VoiceResponse, { maxSeconds, action, transcribeAction }: VerbOf<"record">): void {
  response.record({
    action,
    method: "POST",
    maxLength: maxSeconds,
    timeout: 5,
    finishOnKey: "#",
    playBeep: true,
    trim: "trim-silence",
    ...(transcribeAction === undefined ? {} : { transcribe: true, transcribeCallback: transcribeAction }),
  });
}

/** The messages that answer a text, as Twilio reads them. */
export function messagingTwiml(texts: readonly string[]): string {
  const response = new MessagingResponse();
  for (const text of texts) response.message(legal(text));
  return response.toString();
}
