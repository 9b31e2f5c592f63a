import { API_VERSION, type Call, type Message } from "./objects.ts";
import { whereaboutsOf } from "./places.ts";

/** The fields of a webhook, in Twilio's names. */
export type Parameters = Readonly<Record<string, string>>;

function partyOf(prefix: string, phoneNumber: string): Parameters {
  const { city, state, zip, country } = whereaboutsOf(phoneNumber);
  return {
    [prefix]: phoneNumber,
    [`${prefix}City`]: city,
    [`${prefix}State`]: state,
    [`${prefix}Zip`]: zip,
    [`${prefix}Country`]: country,
  };
}

/** What every request about a call carries. */
export const callParameters = (call: Call): Parameters => ({
  AccountSid: call.account_sid,
  ApiVersion: API_VERSION,
  CallSid: call.sid,
  CallStatus: call.status,
  Direction: call.direction,
  ...partyOf("Called", call.to),
  ...partyOf("Caller", call.from),
  ...partyOf("From", call.from),
  ...partyOf("To", call.to),
  ...(call.parent_call_sid !== null && { ParentCallSid: call.parent_call_sid }),
});

/** What only the first request of a call carries. */
export const firstCallParameters = (call: Call): Parameters => ({
  ...callParameters(call),
  CallToken: JSON.stringify({ parentCallInfoToken: call.sid, identityHeaderTokens: [] }),
  ...(call.from.startsWith("+1") && { StirVerstat: "TN-Validation-Passed-A" }),
});

/** What a call's status callback carries beyond that. `sequence` counts the callbacks of a call from 0. */
export const callStatusParameters = (call: Call, timestamp: string, sequence: number): Parameters => ({
  ...callParameters(call),
  CallbackSource: "call-progress-events",
  SequenceNumber: String(sequence),
  Timestamp: timestamp,
  ...(call.duration !== null && {
    CallDuration: call.duration,
    Duration: String(Math.ceil(Number(call.duration) / 60)),
  }),
});

/** One attachment of a text. */
export interface Media {
  readonly url: string;
  readonly contentType: string;
}

/** What a text that came in carries. */
export function textParameters(message: Message, media: readonly Media[]): Parameters {
  const attachments = media.flatMap(({ url, contentType }, index) => [
    [`MediaUrl${index}`, url] as const,
    [`MediaContentType${index}`, contentType] as const,
  ]);
  return {
    AccountSid: message.account_sid,
    ApiVersion: API_VERSION,
    MessageSid: message.sid,
    SmsMessageSid: message.sid,
    SmsSid: message.sid,
    SmsStatus: message.status,
    Body: message.body,
    NumSegments: message.num_segments,
    NumMedia: message.num_media,
    ...partyOf("From", message.from),
    ...partyOf("To", message.to),
    ...Object.fromEntries(attachments),
  };
}

/** What a status callback of a text carries. */
export const textStatusParameters = (message: Message): Parameters => ({
  AccountSid: message.account_sid,
  ApiVersion: API_VERSION,
  MessageSid: message.sid,
  SmsSid: message.sid,
  MessageStatus: message.status,
  SmsStatus: message.status,
  From: message.from,
  To: message.to,
  ...(message.error_code !== null && { ErrorCode: String(message.error_code) }),
});
