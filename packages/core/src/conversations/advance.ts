import type { LedgerPorts } from "../ledger/index.ts";
import { AiraError } from "../lib/index.ts";
import { type Item, type Key, keys, type Write } from "../table/index.ts";
import type { Due } from "./charge.ts";
import { insertion, isDeleted, loadHeader, messageWrite, parseConversation, progress } from "./conversation.store.ts";
import { type ConversationRecord, type MessageRecord, withMessages } from "./conversation.ts";

type Ports = Pick<LedgerPorts, "table" | "clock" | "random" | "wait">;

/** One thing that happened to a conversation: what it changes, and what was said. Pure, and made again of each newer state. */
export interface Happening {
  readonly conversation: ConversationRecord;
  readonly messages?: readonly MessageRecord[];
  /** What is to be charged for it. */
  readonly due?: readonly Due[];
}

export interface Recording {
  /** As it stands now; undefined: it was deleted meanwhile, or forgotten. */
  readonly conversation: ConversationRecord | undefined;
  readonly repeated: boolean;
  /** As it was decided when this was first recorded, whatever has become of rates and conversation since. */
  readonly due: readonly Due[];
}

/** One thing that happens to a conversation, by its names. */
interface Named {
  readonly sid: string;
  readonly what: string;
  readonly conversationId: string;
}

/** What the table knew of a happening just before it was recorded. */
export interface Looked {
  /** That it is recorded. */
  readonly mark: Item | undefined;
  readonly header: Item | undefined;
}

/** Looks whether it is recorded, and of what. Saves `record` its own read, and a repeat the transaction that would be refused. */
export async function look({ table }: Ports, { sid, what, conversationId }: Named): Promise<Looked> {
  const marked = table.get(keys.recorded(sid, what), { consistent: true });
  const [mark, header] = await Promise.all([marked, loadHeader(table, conversationId)]);
  return { mark, header };
}

const MAX_TRIES = 30;

/** Longer than any queue and its dead letters keep an event: one that comes again after its conversation is forgotten is still known. */
const MARK_OUTLIVES_SECONDS = 30 * 86_400;

/**
 * Records one happening, once for ever: `sid` and `what` name it. `begin` makes the conversation when there is none yet, since events come
 * in any order. Conversation, messages and the mark that it was recorded are one transaction; the mark remembers what is due, so that
 * every repeat charges the same. Of a conversation that was deleted only the mark is written. Undefined: there is none, and none begins.
 * Errors: `service.busy`, also when it is not known whether it was recorded: record it again.
 */
export async function record(
  ports: Ports,
  happened: Named & {
    /** What `look` found. */
    readonly looked?: Looked | undefined;
    /** The conversation as it was just read: saves the first read, since the transaction is conditional on it. */
    readonly known?: ConversationRecord | undefined;
    readonly begin: () => ConversationRecord | undefined;
    readonly change: (conversation: ConversationRecord) => Happening;
  },
): Promise<Recording | undefined> {
  const { conversationId, looked } = happened;
  if (looked?.mark) return repeatOf(looked.header, looked.mark);
  const mark = keys.recorded(happened.sid, happened.what);
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    if (tries > 0) await ports.wait(ports.random() * Math.min(10 * 2 ** tries, 200));
    const known = tries === 0 ? happened.known : undefined;
    const seen = tries === 0 && looked;
    const header = known ? undefined : seen ? seen.header : await loadHeader(ports.table, conversationId);
    const deleted = isDeleted(header);
    const stored = known ?? (header && !deleted ? parseConversation(header) : undefined);
    const from = stored ?? happened.begin();
    if (!from) return recordedBefore(ports, mark);
    const { conversation, messages = [], due = [] } = happened.change(from);
    const to = withMessages(conversation, messages);
    const kept: Write[] = deleted
      ? []
      : [
          stored ? progress(stored, to) : insertion({ ...to, v: 1 }),
          ...messages.map((message) => messageWrite(conversationId, message, to.ttl)),
        ];
    const result = await ports.table.transact([markWrite(mark, to, due), ...kept]);
    if (result.outcome === "committed")
      return { conversation: deleted ? undefined : { ...to, v: (stored?.v ?? 0) + 1 }, repeated: false, due };
    if (result.outcome === "refused" && result.found.has(0))
      return repeatOf(await loadHeader(ports.table, conversationId), result.found.get(0));
  }
  throw new AiraError("service.busy", "The conversation is busy.", { retryAfterSeconds: 1 });
}

const markWrite = (mark: Key, { ttl, conversationId }: ConversationRecord, due: readonly Due[]): Write => ({
  put: { ...mark, conversationId, due, ttl: outliving(ttl) },
  if: { absent: true },
});

/** Of a conversation that is gone: what was due for this, if it was recorded while there was one. */
async function recordedBefore({ table }: Ports, mark: Key): Promise<Recording | undefined> {
  const found = await table.get(mark, { consistent: true });
  return found && { conversation: undefined, repeated: true, due: dueIn(found) };
}

const dueIn = (mark: Item | undefined): readonly Due[] => (mark?.due as readonly Due[] | undefined) ?? [];

/** When what guards something may be forgotten, by when that is. */
export const outliving = (ttl: number | undefined): number | undefined => ttl && ttl + MARK_OUTLIVES_SECONDS;

function repeatOf(header: Item | undefined, mark: Item | undefined): Recording {
  const conversation = header && !isDeleted(header) ? parseConversation(header) : undefined;
  return { conversation, repeated: true, due: dueIn(mark) };
}
