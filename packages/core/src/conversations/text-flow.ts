import { LANGUAGES } from "@aira/contract";
import type { ConversationRecord } from "./conversation.ts";
import type { OptWord } from "./opt-words.ts";
import { isPhoneNumber } from "./phone-number.ts";
import { type SentenceKey, sentence } from "./sentences.ts";

/** Everything that decides whether a text is answered. */
export interface TextScene {
  readonly text: string;
  readonly opts: OptWord | undefined;
  /** E.164, a short code, or a name. */
  readonly from: string;
  readonly to: string;
  /** The sender is a number of ours too. */
  readonly fromIsOurs: boolean;
  readonly suspended: boolean;
  readonly affordable: boolean;
  readonly thread: Pick<ConversationRecord, "optedOut" | "messages" | "recent"> | undefined;
  readonly nowMs: number;
}

/** Why a text is not answered. */
type Silence = "opt_word" | "opted_out" | "own_number" | "not_a_phone" | "loop" | "told_already";

export type TextDecision =
  | { readonly silent: Silence; readonly refused?: true }
  | { readonly say: SentenceKey; readonly refused?: true }
  /** To be asked of the assistant. */
  | { readonly ask: string };

const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** So many answers within so short a time are no conversation between people. */
const FAST = { answers: 4, withinMs: 30 * SECOND_MS } as const;
/** Machines say the same again; so often within an hour, and we stop. */
const SAME = { times: 3, withinMs: HOUR_MS } as const;

/** What becomes of a text. Who must not be written to comes first: nothing, not even money, makes us answer them. */
export function decideText(scene: TextScene): TextDecision {
  const { text, suspended, affordable } = scene;
  const refused = suspended || !affordable;
  const silent = silenceFor(scene);
  if (silent) return refused ? { silent, refused } : { silent };
  if (refused) return toldToday(scene) ? { silent: "told_already", refused } : { say: "textNotReachable", refused };
  // A picture alone, or nothing: there is no question in it.
  return text.trim() === "" ? { say: "textReceived" } : { ask: text };
}

function silenceFor({ opts, from, to, fromIsOurs, thread, ...scene }: TextScene): Silence | undefined {
  if (opts !== undefined) return "opt_word";
  if (from === to || fromIsOurs) return "own_number";
  if (!isPhoneNumber(from)) return "not_a_phone";
  if (thread?.optedOut) return "opted_out";
  return thread && isLoop(thread.recent, scene) ? "loop" : undefined;
}

type Recent = ConversationRecord["recent"];

function isLoop(recent: Recent, { text, nowMs }: Pick<TextScene, "text" | "nowMs">): boolean {
  const within = (ms: number) => recent.filter(({ at }) => Date.parse(at) > nowMs - ms);
  const answers = within(FAST.withinMs).filter(({ speaker }) => speaker === "assistant");
  const same = within(SAME.withinMs).filter((said) => said.speaker === "caller" && isSame(said.text, text));
  return answers.length >= FAST.answers || same.length >= SAME.times;
}

/** Of a long message only its beginning is remembered, with an ellipsis behind it. */
const isSame = (remembered: string, text: string): boolean =>
  text === remembered || (remembered.endsWith("…") && text.startsWith(remembered.slice(0, -1)));

/** Was the sender told so within a day? Where the newest things said don't reach back that far, it may be: then we say nothing. */
function toldToday({ thread, nowMs }: TextScene): boolean {
  if (!thread) return false;
  const { recent, messages } = thread;
  const today = recent.filter(({ at }) => Date.parse(at) > nowMs - DAY_MS);
  const told = LANGUAGES.map((language) => sentence(language, "textNotReachable"));
  if (today.some(({ speaker, text }) => speaker !== "caller" && told.includes(text))) return true;
  return today.length === recent.length && messages > recent.length;
}
