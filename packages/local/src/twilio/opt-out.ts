import { optOutKey } from "./messages.ts";
import type { Store } from "./store.ts";

const OUT = new Set(["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"]);
const IN = new Set(["START", "YES", "UNSTOP"]);
const HELP = new Set(["HELP", "INFO"]);

/** Twilio's own words, which the app neither writes nor hears of. */
const ANSWERS = {
  out: "You have successfully been unsubscribed. You will not receive any more messages from this number. Reply START to resubscribe.",
  in: "You have successfully been re-subscribed to messages from this number. Reply HELP for help. Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
  help: "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
} as const;

/** Does what a word that is Twilio's own asks for: only alone, in any case. Answers Twilio's reply, if it gives one. */
export function heedOptOut(store: Store, ours: string, theirs: string, body: string): string | undefined {
  const word = body.trim().toUpperCase();
  const key = optOutKey(ours, theirs);
  if (OUT.has(word)) {
    // Who is out already is not written to once more.
    if (store.optOuts.has(key)) return undefined;
    store.optOuts.add(key);
    return ANSWERS.out;
  }
  // YES is an answer like any other, unless somebody comes back by it.
  if (IN.has(word)) return store.optOuts.delete(key) || word !== "YES" ? ANSWERS.in : undefined;
  return HELP.has(word) ? ANSWERS.help : undefined;
}
