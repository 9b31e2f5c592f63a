import type { ConversationKind } from "@aira/contract";
import { AiraError, iso, readCursor, writeCursor } from "../lib/index.ts";
import type { Table } from "../table/index.ts";
import { loadConversation, queryConversations, queryMessages } from "./conversation.store.ts";
import type { ConversationRecord, MessageRecord } from "./conversation.ts";

interface Ports {
  readonly table: Table;
}

export interface ConversationList {
  readonly conversations: readonly ConversationRecord[];
  /** Hand it back as `cursor`. A page may be shorter than `limit` and not be the last. */
  readonly nextCursor: string | null;
}

/** A filter may match nothing for long stretches: one request reads at most so many conversations. */
const FILTERED_PAGE = 100;
const FILTERED_PAGES = 5;

export interface ListConversations {
  readonly owner: string;
  readonly kind?: ConversationKind | undefined;
  readonly numberId?: string | undefined;
  /** ISO 8601, included. */
  readonly from?: string | undefined;
  /** ISO 8601, excluded. */
  readonly to?: string | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** An owner's calls, texts and chats by the time of their newest message, newest first. Errors: `cursor.invalid`, `service.busy`. */
export async function listConversations({ table }: Ports, asked: ListConversations): Promise<ConversationList> {
  const filtered = asked.kind !== undefined || asked.numberId !== undefined;
  const range = { from: asked.from && iso(Date.parse(asked.from)), to: asked.to && iso(Date.parse(asked.to)) };
  let after = asked.cursor === undefined ? undefined : readCursor(asked.cursor, PLACE);
  // BETWEEN refuses a range whose ends are reversed; such a range holds nothing.
  if (range.from !== undefined && range.to !== undefined && range.from >= range.to) return { conversations: [], nextCursor: null };
  // DynamoDB refuses a place outside of the range: behind the range's end it all lies before us, before its beginning nothing does.
  if (after !== undefined && range.from !== undefined && after < range.from) return { conversations: [], nextCursor: null };
  if (after !== undefined && range.to !== undefined && after >= range.to) after = undefined;

  const found: ConversationRecord[] = [];
  for (let pages = 0; pages < (filtered ? FILTERED_PAGES : 1); pages++) {
    const page = await queryConversations(table, asked.owner, { ...range, after, limit: filtered ? FILTERED_PAGE : asked.limit });
    for (const [at, conversation] of page.conversations.entries()) {
      after = `${conversation.updatedAt}#${conversation.conversationId}`;
      if (matches(conversation, asked)) found.push(conversation);
      const more = page.more || at < page.conversations.length - 1;
      if (found.length === asked.limit) return { conversations: found, nextCursor: more ? writeCursor(after) : null };
    }
    if (!page.more) return { conversations: found, nextCursor: null };
  }
  return { conversations: found, nextCursor: after === undefined ? null : writeCursor(after) };
}

const matches = (conversation: ConversationRecord, { kind, numberId }: ListConversations): boolean =>
  (kind === undefined || conversation.kind === kind) && (numberId === undefined || conversation.numberId === numberId);

export interface ConversationRead {
  readonly conversation: ConversationRecord;
  /** Newest first. */
  readonly messages: readonly MessageRecord[];
  readonly nextCursor: string | null;
}

/** One conversation with what was said. Another owner's is not found, as if it did not exist. Errors: `conversation.not_found`, `cursor.invalid`. */
export async function readConversation(
  { table }: Ports,
  asked: { readonly owner: string; readonly conversationId: string; readonly limit: number; readonly cursor?: string | undefined },
): Promise<ConversationRead> {
  const after = asked.cursor === undefined ? undefined : readCursor(asked.cursor, MESSAGE);
  const [conversation, page] = await Promise.all([
    loadConversation(table, asked.conversationId),
    queryMessages(table, asked.conversationId, asked.limit, after),
  ]);
  if (conversation?.owner !== asked.owner) throw notFound();
  return { conversation, messages: page.messages, nextCursor: page.more && page.lastKey !== undefined ? writeCursor(page.lastKey) : null };
}

export const notFound = () => new AiraError("conversation.not_found", "There is no such conversation.");

const TIME = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`;
const PLACE = new RegExp(`^${TIME}#con_[0-9a-hjkmnp-tv-z]{26}$`);
const MESSAGE = new RegExp(`^${TIME}#[A-Za-z0-9_-]{1,80}$`);
