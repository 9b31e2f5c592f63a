import type { handleSms } from "@aira/contract";
import { answerText, type IncomingText, messagingTwiml } from "@aira/core/conversations";
import * as z from "zod/mini";
import { answeringPorts } from "../edge/conversations.ts";
import { Address, Count, MessageSid, Party, Text, Words } from "../edge/twilio-fields.ts";
import { twilioWebhook } from "../edge/twilio-webhook.ts";

/** As many pictures and files as a message can have. */
const MOST_MEDIA = 10;

const fields = z.looseObject({
  MessageSid,
  From: Party,
  To: Text,
  Body: z._default(Words, ""),
  NumSegments: z.optional(Count),
  OptOutType: z.optional(Text),
});

/** What Twilio itself understood, where it was told to manage who wants to be written to. */
const OPTS = { STOP: "out", START: "in", HELP: "help" } as const;

/** A text: answered by the assistant or a sentence, or not at all. */
export const handler = twilioWebhook<typeof handleSms, typeof fields>(
  { route: "POST /api/voice-agent/handle-sms", fields, apology: () => messagingTwiml([]) },
  async ({ fields: read, log }) => {
    const messages = await answerText(answeringPorts(log), {
      messageSid: read.MessageSid,
      from: read.From,
      to: read.To,
      text: read.Body,
      segments: read.NumSegments,
      media: mediaIn(read),
      opts: OPTS[read.OptOutType as keyof typeof OPTS],
    });
    return messagingTwiml(messages);
  },
);

/** `MediaUrl0`, `MediaContentType0` and so on. */
function mediaIn(form: Readonly<Record<string, unknown>>): IncomingText["media"] {
  const read = (name: string, shape: typeof Address | typeof Text) => z.safeParse(shape, form[name]).data;
  return Array.from({ length: MOST_MEDIA }).flatMap((_, at) => {
    const url = read(`MediaUrl${at}`, Address);
    return url === undefined ? [] : [{ url, contentType: read(`MediaContentType${at}`, Text) ?? "" }];
  });
}
