import type { Language } from "@aira/contract";

/**
 * The voice that speaks a language to callers, by Twilio's name of it. Kajal speaks Hindi and Indian English, so that an English word in a
 * Hindi sentence sounds right.
 */
export const VOICES = {
  "en-US": "Polly.Joanna-Neural",
  "en-IN": "Polly.Kajal-Neural",
  "hi-IN": "Polly.Kajal-Neural",
} as const satisfies Record<Language, string>;

/** Languages of which Twilio puts recordings into words: it knows English alone, and would charge for nonsense. */
export const TRANSCRIBED: ReadonlySet<Language> = new Set(["en-US", "en-IN"]);
