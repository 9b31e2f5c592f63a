import * as z from "zod/mini";
import { Cursor } from "./cursor.ts";
import { Currency, QueryInteger } from "./money.ts";
import type { Operation } from "./operation.ts";

/** What an owner is told of. */
export const NOTICE_KINDS = {
  "number.reminder": "A number's next month will be charged soon",
  "number.unpaid": "A number's month could not be charged",
  "number.suspended": "A number was suspended, since its month is unpaid",
  "number.restored": "A suspended number works again",
  "number.released": "A number was given back",
  "wallet.low_balance": "The balance, with what is set aside, fell below the threshold",
} as const;
export type NoticeKind = keyof typeof NOTICE_KINDS;

export const Notice = z.object({
  noticeId: z.string(),
  kind: z.enum(Object.keys(NOTICE_KINDS) as [NoticeKind, ...NoticeKind[]]),
  /** The number, when it is about one. */
  numberId: z.nullable(z.string()),
  phoneNumber: z.nullable(z.string()),
  currency: z.nullable(Currency),
  /** What is or was to be paid, or what is left, in minor units. */
  amountMinor: z.nullable(z.int()),
  /** When what it tells of happens. */
  dueAt: z.nullable(z.iso.datetime()),
  at: z.iso.datetime(),
});

export const NoticesOutput = z.object({ notices: z.array(Notice), nextCursor: z.nullable(z.string()) });

export const listNotices = {
  method: "GET",
  path: "/api/notices",
  summary: "What you should know of, newest first",
  description: "Reminders of renewals, months that could not be paid, a low balance. Each subject once.",
  auth: "jwt",
  query: z.strictObject({
    limit: z._default(QueryInteger(1, 100), 50),
    cursor: Cursor,
  }),
  output: NoticesOutput,
  status: 200,
  errors: ["cursor.invalid"],
} as const satisfies Operation;

export const noticeOperations = { listNotices };
