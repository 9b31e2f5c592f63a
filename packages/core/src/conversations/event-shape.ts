import { Currency, Language, NumberType } from "@aira/contract";
import * as z from "zod/mini";
import { AiraError } from "../lib/index.ts";
import type { TelephonyEvent } from "./telephony.ts";

const context = z.object({
  owner: z.string(),
  numberId: z.string(),
  purchaseId: z.string(),
  phoneNumber: z.string(),
  country: z.string(),
  numberType: NumberType,
  currency: Currency,
  language: Language,
});
const whole = z.int().check(z.gte(0));
/** What things are known by for ever: an empty one would stand for all of them. */
const sid = z.string().check(z.minLength(1));
const receivedAt = z.iso.datetime();
const media = z.array(z.object({ contentType: z.string(), url: z.string() }));

/** The queue's messages as our own doors write them. Anything else is a mistake of ours, kept for an operator by the dead-letter queue. */
const Shape = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("call.started"),
    receivedAt,
    callSid: sid,
    from: z.string(),
    context,
    capSeconds: whole,
    holdMinor: whole,
    greeting: z.string(),
    refused: z.optional(z.literal(true)),
  }),
  z.object({ type: z.literal("call.turn"), receivedAt, callSid: sid, turn: whole, heard: z.string(), reply: z.string(), context }),
  z.object({
    type: z.literal("call.status"),
    receivedAt,
    callSid: sid,
    parentCallSid: z.optional(z.string()),
    from: z.string(),
    to: z.string(),
    status: z.string(),
    lengthSeconds: z.optional(whole),
  }),
  z.object({
    type: z.literal("call.forwarded"),
    receivedAt,
    callSid: sid,
    legSid: sid,
    to: z.string(),
    status: z.string(),
    lengthSeconds: whole,
    context,
  }),
  z.object({
    type: z.literal("call.voicemail"),
    receivedAt,
    callSid: sid,
    recordingSid: sid,
    url: z.string(),
    lengthSeconds: whole,
    context,
  }),
  z.object({ type: z.literal("call.transcript"), receivedAt, callSid: sid, recordingSid: sid, transcript: z.string() }),
  z.object({
    type: z.literal("sms.received"),
    receivedAt,
    messageSid: sid,
    from: z.string(),
    text: z.string(),
    segments: whole,
    media,
    context,
    reply: z.optional(z.string()),
    opts: z.optional(z.enum(["out", "in"])),
    refused: z.optional(z.literal(true)),
  }),
  z.object({ type: z.literal("sms.status"), receivedAt, messageSid: sid, status: z.string() }),
]);

/** One message of the telephony queue. Throws for what no door of ours has written. */
export function readTelephonyEvent(body: string): TelephonyEvent {
  const read = z.safeParse(Shape, JSON.parse(body));
  if (!read.success) throw new AiraError("internal.failure", "A message of the telephony queue can't be read.", { cause: read.error });
  return read.data as TelephonyEvent;
}
