import { normalise } from "./normalise.ts";

/** A pattern, compiled: what it finds in a normalised text, and how much that says. */
export interface Pattern {
  readonly regex: RegExp;
  /** Number of words that it asks for. */
  readonly words: number;
}

/** So many words may stand where a pattern has `..`. */
const GAP = "(?: [^ ]+){0,4}";

const wordOf = (alternatives: string): string =>
  `(?:${alternatives
    .split("|")
    .map((word) => (word.endsWith("*") ? `${normalise(word.slice(0, -1))}[^ ]*` : normalise(word)))
    .join("|")})`;

/**
 * A line of the tables as a regular expression. Words stand one after the other; `a|b` is one of them, `open*` any word that begins so, and
 * `..` up to four others in between. After `=` the line must be all that was said: what ends a call is not to be found within a sentence.
 */
export function compile(line: string): Pattern {
  const [first, ...others] = line.split(" ");
  const whole = first === "=";
  const parts = whole || first === undefined ? others : [first, ...others];
  const source = parts.map((part) => (part === ".." ? GAP : ` ${wordOf(part)}`)).join("");
  const regex = new RegExp(whole ? `^${source} $` : `${source} `);
  return { regex, words: parts.filter((part) => part !== "..").length };
}
