import type { Next, Reply, Turn } from "../responder.ts";
import type { CallerIntent } from "./caller-patterns.ts";
import { callerIntent } from "./intent.ts";
import { type SentenceKey, say } from "./sentences.ts";

/** So many times in a row not understood, and the next time a caller is sent to voicemail. */
const PATIENCE = 2;

interface Line {
  readonly key: SentenceKey;
  readonly next?: Next;
}

/** In writing there is nothing to hang up and no tone to wait for. */
interface Lines {
  readonly call: Line;
  readonly text: Line;
}

const both = (key: SentenceKey): Lines => ({ call: { key }, text: { key } });

/** What is said for each intent. None of it knows anything about the wallet. */
const LINES: Readonly<Record<Exclude<CallerIntent, "hours" | "repeat"> | "unknown" | "unknown_again", Lines>> = {
  greeting: both("caller.greeting"),
  who: both("caller.who"),
  account: both("caller.account"),
  unknown: both("caller.unknown"),
  leave_message: { call: { key: "caller.message_call", next: "voicemail" }, text: { key: "caller.message_text" } },
  human: { call: { key: "caller.human_call", next: "human" }, text: { key: "caller.human_text", next: "human" } },
  goodbye: { call: { key: "caller.goodbye_call", next: "hang_up" }, text: { key: "caller.goodbye_text" } },
  unknown_again: { call: { key: "caller.unknown_again_call", next: "voicemail" }, text: { key: "caller.unknown_again_text" } },
};

const lost = ({ history }: Turn): boolean => {
  const said = history.filter(({ speaker }) => speaker === "caller").slice(-PATIENCE);
  return said.length === PATIENCE && said.every(({ text }) => callerIntent(text) === undefined);
};

function hours({ language, openingHours }: Turn): string {
  return openingHours === null ? say(language, "caller.hours_always") : say(language, "caller.hours", { hours: openingHours });
}

const lastSaid = ({ history }: Turn): string | undefined =>
  history.findLast(({ speaker }) => speaker === "assistant" || speaker === "system")?.text;

/** What anybody who calls or writes is answered: about the business, never about its wallet, whatever they ask and whichever tools there are. */
export function answerCaller(turn: Turn): Reply {
  const intent = callerIntent(turn.text) ?? (lost(turn) ? "unknown_again" : "unknown");
  if (intent === "hours") return { text: hours(turn), proposals: [], next: "continue" };
  const repeated = intent === "repeat" ? lastSaid(turn) : undefined;
  if (repeated !== undefined) return { text: repeated, proposals: [], next: "continue" };
  const { key, next = "continue" } = LINES[intent === "repeat" ? "greeting" : intent][turn.kind === "call" ? "call" : "text"];
  return { text: say(turn.language, key, { business: turn.businessName }), proposals: [], next };
}
