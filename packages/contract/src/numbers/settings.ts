import * as z from "zod/mini";
import { PhoneNumber } from "./phone-number.ts";

/** Languages that callers are spoken to in, as BCP 47 tags. */
export const LANGUAGES = ["en-US", "en-IN", "hi-IN"] as const;
export const Language = z.enum(LANGUAGES);
export type Language = (typeof LANGUAGES)[number];

/** Who takes a call: the assistant, another phone, or a voicemail box. */
export const ANSWERING_MODES = ["assistant", "forward", "voicemail"] as const;
export const AnsweringMode = z.enum(ANSWERING_MODES);
export type AnsweringMode = (typeof ANSWERING_MODES)[number];

export const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Weekday = (typeof WEEKDAYS)[number];

const Time = z.string().check(z.regex(/^([01]\d|2[0-3]):[0-5]\d$/));

/** Hours of one day, local time, from included, to excluded. `24:00` is not a time: a day that never closes is 00:00 to 00:00. */
const Hours = z.strictObject({ from: Time, to: Time });

const Day = z.optional(z.array(Hours).check(z.minLength(1), z.maxLength(4)));

const TimeZone = z.string().check(z.maxLength(64), (c) => {
  if (!isTimeZone(c.value))
    c.issues.push({ code: "custom", input: c.value, message: "must be a time zone of the IANA database, like Asia/Kolkata" });
});

/** When somebody is there. Outside of it callers hear so and can leave a message. A day that is absent is closed. */
export const BusinessHours = z.strictObject({
  timeZone: TimeZone,
  // Named one by one: a record would pass over a key like __proto__ in silence.
  days: z.strictObject({ mon: Day, tue: Day, wed: Day, thu: Day, fri: Day, sat: Day, sun: Day } satisfies Record<Weekday, unknown>),
});

// One line of text without control characters: it is spoken, and stands in tables.
const Line = (most: number) => z.string().check(z.minLength(1), z.maxLength(most), z.regex(/^[^\p{Cc}]*\S[^\p{Cc}]*$/u));

export const FriendlyName = Line(64);

export const NumberSettings = z.object({
  friendlyName: z.string(),
  /** Spoken first. Null: the standard sentence of the language. */
  greeting: z.nullable(z.string()),
  language: Language,
  answeringMode: AnsweringMode,
  /** E.164. Set when the mode is `forward`. */
  forwardTo: z.nullable(z.string()),
  /** Null: always. */
  businessHours: z.nullable(BusinessHours),
});

/** Changes of a number's settings: what is absent stays, null resets. */
export const NumberSettingsPatch = z.strictObject({
  friendlyName: z.optional(FriendlyName),
  greeting: z.optional(z.nullable(Line(500))),
  language: z.optional(Language),
  answeringMode: z.optional(AnsweringMode),
  forwardTo: z.optional(z.nullable(PhoneNumber)),
  businessHours: z.optional(z.nullable(BusinessHours)),
});

function isTimeZone(name: string): boolean {
  // The runtime would also take an offset like +05:30, which knows no summer time.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
