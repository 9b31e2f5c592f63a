import type { ConversationKind } from "@aira/contract";
import { type SentenceKey, say } from "../embedded/sentences.ts";
import type { Next, Turn } from "../responder.ts";

interface NextTool {
  readonly description: string;
  readonly next: Next;
  /** In which kinds of conversation it makes sense. */
  readonly kinds: readonly ConversationKind[];
  /** What is said when the model says nothing itself. */
  readonly sentence: SentenceKey;
}

/** What a model can ask to happen after its answer to a caller. None takes an input, and none needs an answer. */
const NEXT_TOOLS: Readonly<Record<string, NextTool>> = {
  leave_message: {
    description: "The caller wants to leave a message: records one after your sentence, which asks them to speak after the tone.",
    next: "voicemail",
    kinds: ["call"],
    sentence: "caller.message_call",
  },
  speak_to_human: {
    description: "They want to speak to a person: connects them, or tells somebody, after your sentence.",
    next: "human",
    kinds: ["call", "sms"],
    sentence: "caller.human_call",
  },
  hang_up: {
    description: "The caller has said goodbye: ends the call after your sentence.",
    next: "hang_up",
    kinds: ["call"],
    sentence: "caller.goodbye_call",
  },
};

/** The tools of this table that a turn may use. */
export const nextToolsFor = ({ audience, kind }: Turn): readonly { readonly name: string; readonly description: string }[] =>
  audience !== "caller"
    ? []
    : Object.entries(NEXT_TOOLS).flatMap(([name, { description, kinds }]) => (kinds.includes(kind) ? [{ name, description }] : []));

/** What happens next if one of them was used, and what is said when nothing was. */
export function nextOf(turn: Turn, used: readonly string[]): { readonly next: Next; readonly sentence: string } | undefined {
  const name = nextToolsFor(turn).find((tool) => used.includes(tool.name))?.name;
  const tool = name === undefined ? undefined : NEXT_TOOLS[name];
  if (!tool) return undefined;
  const key = turn.kind === "sms" && tool.next === "human" ? "caller.human_text" : tool.sentence;
  return { next: tool.next, sentence: say(turn.language, key, { business: turn.businessName }) };
}
