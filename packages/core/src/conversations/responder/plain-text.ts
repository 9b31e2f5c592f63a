/** The longest answer: what one text message may be long. */
export const LONGEST_REPLY = 1_600;

const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'", nbsp: " ", "#39": "'", "#x27": "'" };

/** What goes, in this order, and what stands in its place. */
const STRIPPED: readonly (readonly [RegExp, string])[] = [
  [/\r\n?|[\u2028\u2029]/g, "\n"],
  // A model's thoughts are not for whoever is spoken to, not even when they were cut off.
  [/<(think|thinking|reasoning|scratchpad|script|style)\b[^<>]*>[\s\S]*?(?:<\/\1\s*>|$)/gi, " "],
  [/```[\s\S]*?(?:```|$)/g, " "],
  [/<!--[\s\S]*?(?:-->|$)/g, " "],
  [/<[^<>]*>/g, " "],
  [/[<>]/g, " "],
  [/!?\[([^[\]\n]*)\]\([^()\n]*\)/g, "$1"],
  [/\b(?:[a-z][a-z0-9+.-]*:\/\/|www\.|javascript:)\S*?(?=[.,;:!?।)\]]*(?:\s|$))/gi, ""],
  [/^[ \t|:-]*-{3,}[ \t|:-]*$/gm, ""],
  [/^[ \t]*(?:#{1,6}|[-+*•>]|[-*_=]{3,})(?=[ \t]|$)/gm, ""],
  [/\|/g, " "],
  [/[*`]|~~/g, ""],
  [/(?<![\p{L}\p{N}])_+|_+(?![\p{L}\p{N}])/gu, ""],
  [/[^\P{Cc}\n\t]|[\p{Cs}\p{Co}\p{Cn}]/gu, " "],
  // Joiners stay, since Hindi is written with them; what turns or hides text goes.
  [/(?![\u200c\u200d])\p{Cf}/gu, ""],
  [/\(\s*\)|\[\s*\]/g, " "],
];

/** A tool call or a document that was written as the answer is none. */
function isJson(text: string): boolean {
  if (!/^[{[]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

function strip(text: string): string {
  const decoded = text.replace(/&(lt|gt|amp|quot|apos|nbsp|#39|#x27);/gi, (all, name: string) => ENTITIES[name.toLowerCase()] ?? all);
  return STRIPPED.reduce((rest, [pattern, by]) => rest.replace(pattern, by), decoded);
}

const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim();

const lines = (text: string): string =>
  text
    .replace(/[^\S\n]+/g, " ")
    .replace(/ ?\n ?/g, "\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();

const stripped = (text: string, tidy: (text: string) => string): string => tidy(strip(text)).replace(/ ([.,!?।])/g, "$1");

/**
 * Any text as plain words: no tags, no SSML, no Markdown, no addresses of pages, no control characters, at most 1,600 characters, cut
 * after a sentence. Spoken text is one line. Empty when nothing is left to say.
 */
export function plainText(text: string, { spoken }: { readonly spoken: boolean }): string {
  const tidy = spoken ? oneLine : lines;
  let rest = text.slice(0, 4 * LONGEST_REPLY);
  // What is stripped may leave behind what was hidden around it: `<<b>i>`.
  for (let pass = 0; pass < 4; pass++) rest = stripped(rest, tidy);
  rest = rest.replaceAll("://", " ");
  return isJson(rest) ? "" : cutAtSentence(tidy(rest), LONGEST_REPLY);
}

const SENTENCE_END = /[.!?।…]["'”’)]?(?=\s|$)/g;

const endOfLastSentence = (text: string): number =>
  [...text.matchAll(SENTENCE_END)].reduce((_, { 0: end, index }) => index + end.length, 0);

/** At most so many characters: up to the end of a sentence if there is one, else of a word, and never half a character. */
export function cutAtSentence(text: string, most: number): string {
  if (text.length <= most) return text;
  const head = text.slice(0, most).replace(/[\ud800-\udbff]$/, "");
  const sentence = endOfLastSentence(head);
  if (sentence > 0) return head.slice(0, sentence);
  const word = head.search(/\s\S*$/);
  return word > 0 ? head.slice(0, word) : head;
}

/** Without the sentence that a model didn't finish. All of it if there is no other. */
export function withoutUnfinished(text: string): string {
  const end = endOfLastSentence(text);
  return end > 0 ? text.slice(0, end) : text;
}
