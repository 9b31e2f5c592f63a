import type { LedgerPorts } from "../ledger/index.ts";
import { AiraError } from "../lib/index.ts";
import { keys, type Write } from "../table/index.ts";
import { outliving } from "./advance.ts";
import { loadConversation, queryMessages } from "./conversation.store.ts";
import { type ConversationRecord, isOver } from "./conversation.ts";
import { notFound } from "./list.ts";

/** A transaction has at most 100 items. */
const AT_ONCE = 90;

/**
 * Deletes what was said in a conversation, and by whom. The statement's entries stay, since the books need them: they name our number and an
 * amount. So do the marks by which an event that comes again is known: a number of the provider's, and nothing else. Errors:
 * `conversation.not_found`, `conversation.busy` (a call that still goes on), `service.busy` (some of it may be deleted: ask again).
 */
export async function deleteConversation(
  { table }: Pick<LedgerPorts, "table">,
  { owner, conversationId }: { readonly owner: string; readonly conversationId: string },
): Promise<{ readonly conversationId: string; readonly remains: readonly string[] }> {
  const conversation = await loadConversation(table, conversationId, { consistent: true });
  if (conversation?.owner !== owner) throw notFound();
  // Its end is still to be recorded and charged, by what its header says.
  if (conversation.kind === "call" && !isOver(conversation.status))
    throw new AiraError("conversation.busy", "This call still goes on. It can be deleted when it is over.");
  for (;;) {
    // Consistent: what a lagging read hides would stay behind, with no header to find it by.
    const page = await queryMessages(table, conversationId, AT_ONCE, undefined, { consistent: true });
    await remove(
      table,
      page.messages.map(({ at, messageId }) => ({ delete: keys.message(conversationId, at, messageId) })),
    );
    if (!page.more) break;
  }
  // The header last: a repeat after a crash must still find whose it is.
  await remove(table, [forgotten(conversation)]);
  return { conversationId, remains: ["Entries of the statement, with our number and the amounts."] };
}

/** Of a call it stays known that it was deleted: what is told of it later must not bring it back. A thread or a chat may begin anew. */
function forgotten({ kind, conversationId, v, ttl }: ConversationRecord): Write {
  const key = keys.conversation(conversationId);
  const unchanged = { equals: { v } };
  return kind === "call"
    ? { put: { ...key, deleted: true, v: v + 1, ttl: outliving(ttl) }, if: unchanged }
    : { delete: key, if: unchanged };
}

async function remove(table: LedgerPorts["table"], writes: readonly Write[]): Promise<void> {
  if (writes.length === 0) return;
  const result = await table.transact(writes);
  if (result.outcome !== "committed")
    throw new AiraError("service.busy", "Not everything is deleted yet. Please try again.", { retryAfterSeconds: 1 });
}
