import type { receiveTelephonyStatus } from "@aira/contract";
import type { TelephonyEvent } from "@aira/core/conversations";
import { AiraError, iso, systemClock } from "@aira/core/lib";
import * as z from "zod/mini";
import { sendTelephonyEvent } from "../edge/telephony.ts";
import { CallSid, Count, MessageSid, Party, Text } from "../edge/twilio-fields.ts";
import { twilioWebhook } from "../edge/twilio-webhook.ts";

const fields = z.object({
  CallSid: z.optional(CallSid),
  CallStatus: z.optional(Text),
  CallDuration: z.optional(Count),
  ParentCallSid: z.optional(CallSid),
  From: Party,
  To: Party,
  MessageSid: z.optional(MessageSid),
  MessageStatus: z.optional(Text),
});

/** Where a call or text stands, as Twilio says: queued, and only then answered. Errors: `service.busy`. */
export const handler = twilioWebhook<typeof receiveTelephonyStatus, typeof fields>(
  { route: "POST /api/voice-agent/status", fields },
  async ({ fields: read }) => {
    const event = eventOf(read, iso(systemClock()));
    if (!event) throw new AiraError("request.invalid", "CallSid with CallStatus is required, or MessageSid with MessageStatus.");
    await sendTelephonyEvent(event);
    return undefined;
  },
);

function eventOf(read: z.output<typeof fields>, receivedAt: string): TelephonyEvent | undefined {
  const { CallSid: callSid, CallStatus: callStatus, MessageSid: messageSid, MessageStatus: messageStatus } = read;
  if (callSid !== undefined && callStatus !== undefined)
    return {
      type: "call.status",
      receivedAt,
      callSid,
      parentCallSid: read.ParentCallSid,
      from: read.From,
      to: read.To,
      status: callStatus,
      lengthSeconds: read.CallDuration,
    };
  if (messageSid === undefined || messageStatus === undefined) return undefined;
  return { type: "sms.status", receivedAt, messageSid, status: messageStatus };
}
