import type { Said } from "./responder.ts";

/** One side's words, as a model is told them. */
export interface Exchange {
  readonly role: "user" | "assistant";
  readonly text: string;
}

/** The longest that one text counts, in characters: what a customer may write. */
const LONGEST_SAID = 2_000;
/** Role and frame of one message. */
const FRAME_TOKENS = 4;
/** A conversation that we began: a model wants the other side to begin. */
const OPENING = "(The conversation begins.)";
const SILENCE = "(Nothing was said.)";

/**
 * About how many tokens a model makes of a text, rather too many than too few: four ASCII characters to one, and of any other script, which
 * models split finely, each character one.
 */
export function estimateTokens(text: string): number {
  const others = [...text].filter((character) => character > "\u007f").length;
  return Math.ceil((text.length - others) / 4) + others;
}

/** The newest things said that fit into the budget together, oldest first. None is cut in half: an older one that doesn't fit ends the list. */
export function boundHistory(history: readonly Said[], budgetTokens: number): readonly Said[] {
  let left = budgetTokens;
  let from = history.length;
  while (from > 0) {
    left -= estimateTokens((history[from - 1]?.text ?? "").slice(0, LONGEST_SAID)) + FRAME_TOKENS;
    if (left < 0) break;
    from--;
  }
  return history.slice(from);
}

const roleOf = ({ speaker }: Said): Exchange["role"] => (speaker === "caller" || speaker === "customer" ? "user" : "assistant");

/**
 * What was said and what is said now, in turns that alternate, begin with the other side and end with its newest words, as models want
 * them. What Aira itself said (a greeting, a notice) counts as the assistant's.
 */
export function alternate(history: readonly Said[], text: string): readonly Exchange[] {
  const turns: Exchange[] = [];
  const add = (role: Exchange["role"], said: string) => {
    const last = turns.at(-1);
    if (last?.role === role) turns[turns.length - 1] = { role, text: `${last.text}\n${said}` };
    else turns.push({ role, text: said });
  };
  for (const said of history) {
    const words = said.text.slice(0, LONGEST_SAID).trim();
    if (words === "") continue;
    if (turns.length === 0 && roleOf(said) === "assistant") add("user", OPENING);
    add(roleOf(said), words);
  }
  add("user", text.slice(0, LONGEST_SAID).trim() || SILENCE);
  return turns;
}
