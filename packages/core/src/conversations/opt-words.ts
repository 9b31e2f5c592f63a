/**
 * Words that end or begin texting, each as a whole message, without spaces and punctuation. The English ones are those that Twilio answers
 * itself, so we never do; the Hindi ones we only follow.
 */
const OPT_WORDS = {
  out: ["STOP", "STOPALL", "UNSUBSCRIBE", "END", "QUIT", "REVOKE", "OPTOUT", "CANCEL", "स्टॉप", "रोको", "रोकें", "बंदकरो", "बंदकरें"],
  in: ["START", "YES", "UNSTOP", "स्टार्ट", "शुरूकरो", "शुरूकरें"],
  help: ["HELP", "INFO"],
} as const;

export type OptWord = keyof typeof OPT_WORDS;

const MEANING: ReadonlyMap<string, OptWord> = new Map(
  Object.entries(OPT_WORDS).flatMap(([meaning, words]) => words.map((word) => [word.normalize("NFKC"), meaning as OptWord])),
);

/** What a whole message asks for, however it is written: ` stop. `, `ＳＴＯＰ`, `Opt-out!`. Undefined: it is a message like any other. */
export function optWordOf(text: string): OptWord | undefined {
  // Longer than any of the words with what may stand around them: not worth folding.
  if (text.length > 64) return undefined;
  const letters = text
    .normalize("NFKC")
    .toUpperCase()
    .replace(/[^\p{L}\p{M}\p{N}]/gu, "");
  return MEANING.get(letters);
}
