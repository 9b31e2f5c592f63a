import type { ConversationKind, ConversationStatus, Currency, Language, Proposal, Speaker } from "@aira/contract";
import { type Item, keys, owned, type Table, type Write } from "../table/index.ts";
import type { ConversationRecord, MessageRecord } from "./conversation.ts";

export async function loadConversation(
  table: Table,
  conversationId: string,
  options?: { readonly consistent?: boolean },
): Promise<ConversationRecord | undefined> {
  const item = await table.get(keys.conversation(conversationId), options);
  return item && !isDeleted(item) ? parseConversation(item) : undefined;
}

/** The header as it is now, also one that only says that the conversation was deleted. */
export const loadHeader = (table: Table, conversationId: string): Promise<Item | undefined> =>
  table.get(keys.conversation(conversationId), { consistent: true });

export const isDeleted = (header: Item | undefined): boolean => header?.deleted === true;

export function parseConversation(item: Item): ConversationRecord {
  return {
    conversationId: (item.pk as string).slice(keys.conversation("").pk.length),
    v: item.v as number,
    owner: item.owner as string,
    kind: item.kind as ConversationKind,
    direction: item.direction as ConversationRecord["direction"],
    status: item.status as ConversationStatus,
    numberId: item.numberId as string | undefined,
    phoneNumber: item.phoneNumber as string | undefined,
    country: item.country as string | undefined,
    numberType: item.numberType as ConversationRecord["numberType"],
    peer: item.peer as string | undefined,
    language: item.language as Language,
    optedOut: item.optedOut as boolean,
    currency: item.currency as Currency | undefined,
    costMinor: item.costMinor as number,
    lengthSeconds: item.lengthSeconds as number | undefined,
    heldMinor: item.heldMinor as number | undefined,
    chargeBy: item.chargeBy as ConversationRecord["chargeBy"],
    voicemail: item.voicemail as ConversationRecord["voicemail"],
    preview: item.preview as string,
    messages: item.messages as number,
    recent: item.recent as ConversationRecord["recent"],
    refused: item.refused as true | undefined,
    turn: item.turn as ConversationRecord["turn"],
    startedAt: item.startedAt as string,
    updatedAt: item.updatedAt as string,
    ttl: item.ttl as number | undefined,
  };
}

/** The place in its owner's timeline. */
const placeOf = ({ owner, updatedAt, conversationId }: ConversationRecord) => ({
  gsi1pk: owned.conversations(owner),
  gsi1sk: `${updatedAt}#${conversationId}`,
});

/** A conversation that begins, unless it has begun. */
export function insertion(conversation: ConversationRecord): Write {
  const { conversationId, ...fields } = conversation;
  return { put: { ...keys.conversation(conversationId), ...fields, ...placeOf(conversation) }, if: { absent: true } };
}

/** A conversation that goes on, if it still is as it was read. */
export function progress(from: ConversationRecord, to: ConversationRecord): Write {
  const { conversationId, ...fields } = { ...to, v: from.v + 1 };
  const place = to.updatedAt === from.updatedAt && to.owner === from.owner ? {} : placeOf(to);
  const gone = Object.entries(fields).filter(([, value]) => value === undefined);
  return {
    update: keys.conversation(conversationId),
    set: { ...fields, ...place },
    remove: gone.map(([name]) => name),
    if: { equals: { v: from.v } },
  };
}

export function messageWrite(conversationId: string, message: MessageRecord, ttl: number | undefined): Write {
  const { messageId, at, ...fields } = message;
  return { put: { ...keys.message(conversationId, at, messageId), ...fields, ttl } };
}

function parseMessage(item: Item): MessageRecord {
  const [at = "", messageId = ""] = (item.sk as string).slice(keys.messagePrefix.length).split("#");
  return {
    messageId,
    at,
    speaker: item.speaker as Speaker,
    text: item.text as string,
    proposals: (item.proposals as Proposal[] | undefined) ?? [],
    media: (item.media as MessageRecord["media"] | undefined) ?? [],
  };
}

export interface MessagesPage {
  readonly messages: readonly MessageRecord[];
  readonly more: boolean;
  /** Of the last one: the next page begins behind it. */
  readonly lastKey: string | undefined;
}

/** What was said, newest first. `after` is the key of the last one before the page. */
export async function queryMessages(
  table: Table,
  conversationId: string,
  limit: number,
  after?: string,
  options?: { readonly consistent?: boolean },
): Promise<MessagesPage> {
  const { pk } = keys.conversation(conversationId);
  const position = after === undefined ? undefined : { pk, sk: `${keys.messagePrefix}${after}` };
  const page = await table.query({ pk, prefix: keys.messagePrefix, newestFirst: true, limit, after: position, ...options });
  const last = page.items.at(-1);
  return {
    messages: page.items.map(parseMessage),
    more: page.lastKey !== undefined,
    lastKey: last && (last.sk as string).slice(keys.messagePrefix.length),
  };
}

export interface ConversationsPage {
  readonly conversations: readonly ConversationRecord[];
  readonly more: boolean;
  readonly lastKey: string | undefined;
}

/** An owner's conversations by the time of their newest message, newest first: one call that costs the page. */
export async function queryConversations(
  table: Table,
  owner: string,
  range: {
    readonly from?: string | undefined;
    readonly to?: string | undefined;
    readonly after?: string | undefined;
    readonly limit: number;
  },
): Promise<ConversationsPage> {
  const pk = owned.conversations(owner);
  // A key at the very bound is longer than it, so `to` is excluded and `from` included.
  const page = await table.query({
    pk,
    index: "gsi1",
    newestFirst: true,
    limit: range.limit,
    between: [range.from ?? "0", range.to ?? "~"],
    after: range.after === undefined ? undefined : position(pk, range.after),
  });
  const last = page.items.at(-1);
  return {
    conversations: page.items.map(parseConversation),
    more: page.lastKey !== undefined,
    lastKey: last?.gsi1sk as string | undefined,
  };
}

/** Where the index has a conversation. It need not be there any more. */
const position = (gsi1pk: string, gsi1sk: string): Item => ({ ...keys.conversation(gsi1sk.split("#")[1] ?? ""), gsi1pk, gsi1sk });
