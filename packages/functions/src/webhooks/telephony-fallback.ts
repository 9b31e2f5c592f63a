import type { telephonyFallback } from "@aira/contract";
import { messagingTwiml, TROUBLE, voiceTwiml } from "@aira/core/conversations";
import * as z from "zod/mini";
import { Text } from "../edge/twilio-fields.ts";
import { twilioWebhook } from "../edge/twilio-webhook.ts";

const fields = z.object({ CallSid: z.optional(Text), ErrorCode: z.optional(Text) });

/** Twilio asks here when it got no answer from the others: so this needs nothing that they need. A text is better not answered than wrongly. */
export const handler = twilioWebhook<typeof telephonyFallback, typeof fields>(
  { route: "POST /api/voice-agent/fallback", fields },
  async ({ fields: { CallSid: callSid, ErrorCode: reason }, log }) => {
    log.error("fallback", { reason: /^\d{1,6}$/.test(reason ?? "") ? reason : undefined });
    return callSid === undefined ? messagingTwiml([]) : voiceTwiml(TROUBLE);
  },
);
