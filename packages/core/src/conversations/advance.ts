import type { LedgerPorts } from "../ledger/index.ts";
import { AiraError } from "../lib/index.ts";
import { type Key, keys } from "../table/index.ts";
import { insertion, loadConversation, messageWrite, progress } from "./conversation.store.ts";
import { type ConversationRecord, type MessageRecord, withMessages } from "./conversation.ts";

type Ports = Pick<LedgerPorts, "table" | "clock" | "random" | "wait">;

/** One thing that happened to a conversation: what it changes, and what was said. Pure, and made again of each newer state. */
export interface Happening {
  readonly conversation: ConversationRecord;
  readonly messages?: readonly MessageRecord[];
}

const MAX_TRIES = 30;

/**
 * Records one happening, once for ever: `sid` and `what` name it. `begin` makes the conversation when there is none yet, since events come
 * in any order. Conversation, messages and the mark that it was recorded are one transaction. Answers the conversation as it stands
 * now. Errors: `service.busy`, also when it is not known whether it was recorded: record it again.
 */
export async function record(
  ports: Ports,
  happened: {
    readonly sid: string;
    readonly what: string;
    readonly conversationId: string;
    readonly begin: () => ConversationRecord | undefined;
    readonly change: (conversation: ConversationRecord) => Happening;
  },
): Promise<{ readonly conversation: ConversationRecord; readonly repeated: boolean } | undefined> {
  const { conversationId } = happened;
  const mark = keys.recorded(happened.sid, happened.what);
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    if (tries > 0) await ports.wait(ports.random() * Math.min(10 * 2 ** tries, 200));
    const stored = await loadConversation(ports.table, conversationId, { consistent: true });
    const from = stored ?? happened.begin();
    if (!from) return undefined;
    const { conversation, messages = [] } = happened.change(from);
    const to = withMessages(conversation, messages);
    const result = await ports.table.transact([
      stored ? progress(stored, to) : insertion({ ...to, v: 1 }),
      markWrite(mark, to),
      ...messages.map((message) => messageWrite(conversationId, message, to.ttl)),
    ]);
    if (result.outcome === "committed") return { conversation: { ...to, v: (stored?.v ?? 0) + 1 }, repeated: false };
    if (result.outcome === "refused" && result.found.has(1)) return repeated(ports, conversationId, from);
  }
  throw new AiraError("service.busy", "The conversation is busy.", { retryAfterSeconds: 1 });
}

/** A mark lives as long as what it guards. */
const markWrite = (mark: Key, { ttl, conversationId }: ConversationRecord) => ({
  put: { ...mark, conversationId, ttl },
  if: { absent: true } as const,
});

async function repeated(ports: Ports, conversationId: string, from: ConversationRecord) {
  const now = await loadConversation(ports.table, conversationId, { consistent: true });
  return { conversation: now ?? from, repeated: true };
}
