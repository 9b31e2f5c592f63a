import * as z from "zod/mini";
import { Cursor } from "./cursor.ts";
import { Currency, QueryInteger, SignedMinor } from "./money.ts";
import type { Operation } from "./operation.ts";

/** What an entry does. Facts always post; `debit` and `authorization` are permissions and can be refused. */
export const ENTRY_KINDS = {
  credit: "Money in: a paid top-up",
  clawback: "Money taken back: a refund or a dispute",
  reinstatement: "Money given back: a refund that failed or a dispute that was won",
  debit: "Money out, asked for beforehand",
  usage: "Money out for something already used",
  authorization: "Money set aside by a hold",
  capture: "A hold turned into a charge; what was not charged returns",
  release: "A hold given back",
  adjustment: "A correction by an operator",
  freeze: "The wallet was frozen",
  unfreeze: "The wallet was unfrozen",
} as const;
export type EntryKind = keyof typeof ENTRY_KINDS;
export const EntryKind = z.enum(Object.keys(ENTRY_KINDS) as [EntryKind, ...EntryKind[]]);

/** The business objects that an entry can refer to. */
export const REFERENCE_TYPES = ["top_up", "hold", "purchase", "usage", "adjustment", "charge"] as const;
export const ReferenceType = z.enum(REFERENCE_TYPES);
export type ReferenceType = (typeof REFERENCE_TYPES)[number];

export const Balance = z.object({
  currency: Currency,
  availableMinor: SignedMinor,
  heldMinor: SignedMinor,
  totalMinor: SignedMinor,
});

export const Transaction = z.object({
  transactionId: z.string(),
  seq: z.int(),
  kind: EntryKind,
  currency: Currency,
  /** Signed change of the available balance. */
  amountMinor: SignedMinor,
  /** Signed change of the held balance. */
  heldMinor: SignedMinor,
  balanceAfter: z.array(Balance),
  reference: z.object({ type: ReferenceType, id: z.string() }),
  description: z.string(),
  actor: z.string(),
  at: z.iso.datetime(),
});

const When = z.iso.datetime();

export const BalanceQuery = z.strictObject({
  currency: z.optional(Currency),
  /** With `currency`: does the available balance suffice for this amount? */
  amountMinor: z.optional(QueryInteger(1, 99_999_999)),
  /** The balance as it stood at this time. */
  at: z.optional(When),
});

export const BalanceOutput = z.object({
  balances: z.array(Balance),
  frozen: z.boolean(),
  /** A currency is below zero: the wallet can receive, not spend. */
  restricted: z.boolean(),
  /** Number of entries so far. */
  seq: z.int(),
  updatedAt: z.nullable(When),
  /** Below which balance you asked to be told, in minor units. What is set aside counts as balance. A currency that is absent has the default. */
  alerts: z.partialRecord(Currency, z.int()),
  sufficient: z.optional(z.boolean()),
  missingMinor: z.optional(z.int()),
});

export const TransactionsQuery = z.strictObject({
  kind: z.optional(EntryKind),
  currency: z.optional(Currency),
  direction: z.optional(z.enum(["in", "out"])),
  from: z.optional(When),
  to: z.optional(When),
  reference: z.optional(z.string().check(z.minLength(1), z.maxLength(128))),
  limit: z._default(QueryInteger(1, 100), 50),
  cursor: Cursor,
});

export const TransactionsOutput = z.object({
  transactions: z.array(Transaction),
  /** Hand it back as `cursor` for the next, older page. Null at the end. A page may be shorter than `limit` and not be the last. */
  nextCursor: z.nullable(z.string()),
});

export const getBalance = {
  method: "GET",
  path: "/api/wallet/balance",
  summary: "Balances in every currency",
  description: "With `currency` and `amountMinor`, also whether the available balance suffices; with `at`, the balance as it stood then.",
  auth: "jwt",
  query: BalanceQuery,
  output: BalanceOutput,
  status: 200,
  errors: [],
} as const satisfies Operation;

export const ChangeAlertInput = z.strictObject({
  currency: Currency,
  /** In minor units; 0: when it falls below zero. Null: the default again. */
  lowBalanceMinor: z.nullable(z.int().check(z.gte(0), z.lte(99_999_999))),
});

export const changeAlert = {
  method: "PATCH",
  path: "/api/wallet/alerts",
  summary: "Change below which balance you are told",
  description:
    "Each time that the balance falls below the threshold there is a notice, once per crossing. What is set aside counts as balance until it is charged.",
  auth: "jwt",
  body: ChangeAlertInput,
  output: z.object({ alerts: z.partialRecord(Currency, z.int()) }),
  status: 200,
  errors: ["service.busy"],
} as const satisfies Operation;

export const listTransactions = {
  method: "GET",
  path: "/api/wallet/transactions",
  summary: "The statement, newest first, with the running balance",
  description:
    "With `Accept: text/csv` a file for spreadsheets (RFC 4180): amounts are decimal numbers of the currency, and a text that a spreadsheet would take for a formula begins with an apostrophe. `limit` does not count there: a file holds up to 10,000 entries, and a `Link` header with `rel=next` leads to the rest.",
  auth: "jwt",
  query: TransactionsQuery,
  output: TransactionsOutput,
  csv: true,
  status: 200,
  errors: ["cursor.invalid"],
} as const satisfies Operation;

export const walletOperations = { getBalance, changeAlert, listTransactions };
