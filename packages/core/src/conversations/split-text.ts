/** The longest text that the provider takes as one message. */
const LONGEST_TEXT = 1_600;
/** No answer is worth more messages than these. */
const MOST_PARTS = 3;

/** Ends of a part, the best first: a paragraph, a sentence, a word. */
const BREAKS = [/\n\s*\n/g, /[.!?।…]["'”’)]*(?=\s)/g, /\s(?=\S)/g] as const;

/** An answer as messages that the provider takes: cut behind a sentence if there is one late enough, else behind a word, never in a character. */
export function splitText(text: string, longest = LONGEST_TEXT): readonly string[] {
  const parts: string[] = [];
  let rest = text.trim();
  while (rest !== "" && parts.length < MOST_PARTS) {
    const end = rest.length <= longest ? rest.length : endOfPart(rest, longest);
    parts.push(rest.slice(0, end).trim());
    rest = rest.slice(end).trim();
  }
  return parts;
}

function endOfPart(text: string, longest: number): number {
  const head = text.slice(0, longest + 1);
  for (const pattern of BREAKS) {
    const ends = [...head.matchAll(pattern)].map(({ 0: found, index }) => index + found.length);
    const end = ends.findLast((one) => one <= longest && one > longest / 2);
    if (end !== undefined) return end;
  }
  return longest - trailing(text, longest);
}

/** How many units back a character begins that would be cut in half: a surrogate, a mark, a joiner. */
function trailing(text: string, at: number): number {
  const segments = new Intl.Segmenter("und", { granularity: "grapheme" }).segment(text);
  const whole = segments.containing(at);
  const back = whole === undefined ? 0 : at - whole.index;
  return back < at ? back : 0;
}
