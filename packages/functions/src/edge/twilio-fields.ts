import * as z from "zod/mini";

const sid = (prefix: string) => z.string().check(z.regex(new RegExp(`^${prefix}[0-9a-f]{32}$`)));

export const CallSid = sid("CA");
export const MessageSid = sid("(?:SM|MM)");
export const RecordingSid = sid("RE");

/** A text of Twilio's: once in the form, and short. */
export const Text = z.string().check(z.maxLength(256));
/** What a person said or wrote. */
export const Words = z.string().check(z.maxLength(20_000));
/** The other side: E.164, a short code, a name, nothing. */
export const Party = z._default(Text, "");
/** A number in digits: seconds, segments, a count. */
export const Count = z.pipe(
  z.string().check(z.regex(/^\d{1,6}$/)),
  z.transform((digits: string) => Number(digits)),
);
export const Address = z.string().check(z.maxLength(2_000), z.regex(/^https?:\/\/\S+$/));
