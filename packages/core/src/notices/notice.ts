import type { Currency, NoticeKind } from "@aira/contract";
import { AiraError, readCursor, writeCursor } from "../lib/index.ts";
import { type Item, keys, type Table } from "../table/index.ts";

/** Something that an owner should know of. */
export interface Notice {
  readonly kind: NoticeKind;
  /** ISO 8601. The time that it belongs to, by the calendar and not by the run that found it out: it is part of what makes it once. */
  readonly at: string;
  /** What it is about: with `at`, what makes it once. */
  readonly subject: string;
  readonly numberId?: string | undefined;
  /** E.164. */
  readonly phoneNumber?: string | undefined;
  readonly currency?: Currency | undefined;
  /** In minor units. */
  readonly amountMinor?: number | undefined;
  readonly dueAt?: string | undefined;
}

/** Keeps a notice, once per time and subject. Errors: `service.busy`, when it may not have been kept: ask again. */
export async function notify(table: Table, owner: string, notice: Notice): Promise<void> {
  const { at, subject, ...fields } = notice;
  const kept = await table.write({ put: { ...keys.notice(owner, at, subject), ...fields }, if: { absent: true } });
  if (kept.outcome === "contended" || kept.outcome === "unknown")
    throw new AiraError("service.busy", "The notice could not be kept.", { cause: kept.cause, retryAfterSeconds: 1 });
}

export interface NoticesPage {
  readonly notices: readonly (Notice & { readonly noticeId: string })[];
  /** Hand it back as `cursor`. */
  readonly nextCursor: string | null;
}

/** An owner's notices, newest first. Errors: `cursor.invalid`, `service.busy`. */
export async function listNotices(
  { table }: { readonly table: Table },
  { owner, limit, cursor }: { readonly owner: string; readonly limit: number; readonly cursor?: string | undefined },
): Promise<NoticesPage> {
  const { pk } = keys.notice(owner, "", "");
  const after = cursor === undefined ? undefined : { pk, sk: `${keys.noticePrefix}${readCursor(cursor, PLACE)}` };
  const page = await table.query({ pk, prefix: keys.noticePrefix, newestFirst: true, limit, after });
  const notices = page.items.map(parse);
  const last = notices.at(-1);
  return { notices, nextCursor: page.lastKey && last ? writeCursor(last.noticeId) : null };
}

const PLACE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z#[\x21-\x7e]{1,200}$/;

function parse(item: Item): Notice & { readonly noticeId: string } {
  const noticeId = (item.sk as string).slice(keys.noticePrefix.length);
  const [at = "", ...subject] = noticeId.split("#");
  return {
    noticeId,
    at,
    subject: subject.join("#"),
    kind: item.kind as NoticeKind,
    numberId: item.numberId as string | undefined,
    phoneNumber: item.phoneNumber as string | undefined,
    currency: item.currency as Currency | undefined,
    amountMinor: item.amountMinor as number | undefined,
    dueAt: item.dueAt as string | undefined,
  };
}
