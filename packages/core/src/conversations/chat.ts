import { randomUUID } from "node:crypto";
import type { Language, Proposal } from "@aira/contract";
import type { LedgerPorts } from "../ledger/index.ts";
import { AiraError, deriveId, iso } from "../lib/index.ts";
import { keys, type Write } from "../table/index.ts";
import { insertion, loadConversation, messageWrite, progress, queryMessages } from "./conversation.store.ts";
import { type ConversationRecord, expiryOf, type MessageRecord, newConversation, said, withMessages } from "./conversation.ts";
import { notFound } from "./list.ts";
import { respondInTime } from "./responder/deadline.ts";
import type { NoReply, Reply, Responder, Tool } from "./responder/responder.ts";

/** What chatting needs from outside. */
export interface ChatPorts extends LedgerPorts {
  readonly responder: Responder;
  /** What the assistant may look up and propose for this owner: bound to them, so that no model can name another. */
  readonly tools: (owner: string) => readonly Tool[];
  readonly retentionDays: number;
}

export interface Chat {
  readonly owner: string;
  readonly conversationId?: string | undefined;
  readonly message: string;
  readonly language?: Language | undefined;
  /** Epoch milliseconds: when the answer must stand. */
  readonly deadlineMs: number;
}

export interface ChatAnswer {
  readonly conversationId: string;
  readonly reply: string;
  readonly proposals: readonly Proposal[];
  readonly at: string;
}

/** How many messages a responder is told of. It cuts them to its budget of tokens itself. */
const HISTORY = 30;

/** Time to store the turn before nobody waits for it any more. */
const STORE_MS = 1_500;

/**
 * One turn with the assistant. The conversation is locked while it is answered, and what was asked and answered is stored together. A turn
 * that could not be answered is not stored: the customer sends it again. Errors: `conversation.not_found`, `conversation.busy` (another
 * turn runs), `responder.unavailable`, `service.busy`.
 */
export async function chat(ports: ChatPorts, request: Chat): Promise<ChatAnswer> {
  const conversation = await begin(ports, request);
  const reply = await answer(ports, request, conversation);
  if ("failed" in reply) {
    await ports.table.write(undone(conversation));
    throw new AiraError("responder.unavailable", SENTENCES[reply.failed], { cause: reply.cause, retryAfterSeconds: 2 });
  }
  return store(ports, request, conversation, reply);
}

const SENTENCES: Record<NoReply["failed"], string> = {
  late: "The assistant took too long. Please send it again.",
  unavailable: "The assistant is not available at this moment. Please try again.",
  refused: "The assistant can't answer that. Please ask in another way.",
};

/** The conversation as it was before this turn: free again, or, if nothing was ever said in it, not there. */
const undone = (conversation: ConversationRecord): Write =>
  conversation.messages === 0
    ? { delete: keys.conversation(conversation.conversationId), if: { equals: { v: conversation.v } } }
    : progress(conversation, { ...conversation, turn: undefined });

/** Takes the conversation for this turn. A turn that crashed gives it back when its time is over. */
async function begin(ports: ChatPorts, request: Chat): Promise<ConversationRecord> {
  const now = ports.clock();
  const turn = { nonce: randomUUID(), untilMs: request.deadlineMs };
  if (request.conversationId === undefined) {
    const conversation = { ...fresh(ports, request, now), turn, v: 1 };
    const made = await ports.table.write(insertion(conversation));
    if (made.outcome !== "committed") throw busy();
    return conversation;
  }
  const stored = await loadConversation(ports.table, request.conversationId, { consistent: true });
  if (stored?.owner !== request.owner || stored.kind !== "chat") throw notFound();
  if (stored.turn && stored.turn.untilMs > now) throw running();
  const taken: ConversationRecord = { ...stored, language: request.language ?? stored.language, turn };
  const result = await ports.table.write(progress(stored, taken));
  if (result.outcome === "refused") throw running();
  if (result.outcome !== "committed") throw busy();
  return { ...taken, v: stored.v + 1 };
}

const fresh = ({ retentionDays }: ChatPorts, { owner, language }: Chat, nowMs: number): ConversationRecord => {
  const about = {
    owner,
    kind: "chat",
    language: language ?? "en-US",
    conversationId: deriveId("conversation", "chat", owner, randomUUID()),
  } as const;
  return newConversation({ ...about, ttl: expiryOf(retentionDays, nowMs) }, iso(nowMs));
};

const busy = () => new AiraError("service.busy", "The service is busy. Please try again in a moment.", { retryAfterSeconds: 1 });
const running = () => new AiraError("conversation.busy", "The assistant is still answering in this conversation.");

async function answer(ports: ChatPorts, request: Chat, conversation: ConversationRecord): Promise<Reply | NoReply> {
  const page = await queryMessages(ports.table, conversation.conversationId, HISTORY);
  return respondInTime(
    ports.responder,
    {
      kind: "chat",
      audience: "customer",
      language: conversation.language,
      businessName: "Aira",
      openingHours: null,
      history: page.messages.map(({ speaker, text }) => ({ speaker, text })).reverse(),
      text: request.message,
      tools: ports.tools(request.owner),
      deadlineMs: request.deadlineMs - STORE_MS,
      signal: new AbortController().signal,
    },
    ports.clock,
  );
}

/** What was asked and what was answered, and the conversation free for the next turn: all or nothing. */
async function store(ports: ChatPorts, request: Chat, conversation: ConversationRecord, reply: Reply): Promise<ChatAnswer> {
  const { conversationId } = conversation;
  const nowMs = ports.clock();
  const ttl = expiryOf(ports.retentionDays, nowMs);
  const turn = conversation.turn?.nonce ?? "";
  const asked = said(`${turn}a`, "customer", request.message, iso(nowMs));
  const answered: MessageRecord = { ...said(`${turn}b`, "assistant", reply.text, iso(nowMs + 1)), proposals: reply.proposals };
  const to = withMessages({ ...conversation, turn: undefined, ttl }, [asked, answered]);
  const result = await ports.table.transact([
    progress(conversation, to),
    messageWrite(conversationId, asked, ttl),
    messageWrite(conversationId, answered, ttl),
  ]);
  // Not known: it may stand there already, so the answer is given; it would only be missing from the history.
  if (result.outcome === "refused" || result.outcome === "contended") throw busy();
  return { conversationId, reply: reply.text, proposals: reply.proposals, at: answered.at };
}
