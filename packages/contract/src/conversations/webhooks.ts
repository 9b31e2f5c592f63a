import * as z from "zod/mini";
import type { Operation } from "../operation.ts";

/** Twilio's own language for what happens in a call or answers a text. */
const Twiml = z.string();

const signed = {
  method: "POST",
  auth: "signature",
  signedBy: "twilio",
  errors: ["request.invalid", "webhook.forbidden"],
} as const;

export const handleCall = {
  ...signed,
  path: "/api/voice-agent/handle-call",
  summary: "A call, and each step of it",
  description:
    "Verified by Twilio's signature over the configured address and the form. Answers TwiML, whatever else fails; a step that nobody listens to is answered 204.",
  output: Twiml,
  type: "text/xml",
  status: 200,
} as const satisfies Operation;

export const handleSms = {
  ...signed,
  path: "/api/voice-agent/handle-sms",
  summary: "A text",
  description: "Verified as a call is. Answers TwiML with the messages to send back: none to whoever asked us to stop.",
  output: Twiml,
  type: "text/xml",
  status: 200,
} as const satisfies Operation;

export const receiveTelephonyStatus = {
  ...signed,
  path: "/api/voice-agent/status",
  summary: "Where a call or text stands",
  description: "Queued, and only then answered. Repeats and disorder are normal.",
  output: z.null(),
  status: 204,
} as const satisfies Operation;

export const telephonyFallback = {
  ...signed,
  path: "/api/voice-agent/fallback",
  summary: "A call or text that could not be answered",
  description: "Touches no database. Answers TwiML: a sentence to a caller, nothing to a text.",
  output: Twiml,
  type: "text/xml",
  status: 200,
} as const satisfies Operation;

export const telephonyOperations = { handleCall, handleSms, receiveTelephonyStatus, telephonyFallback };
