import * as z from "zod/mini";
import { Currency } from "../money.ts";
import type { Operation } from "../operation.ts";
import { Balance, Transaction, TransactionsOutput, TransactionsQuery } from "../wallet.ts";
import { operator } from "./group.ts";

/** Whose wallet an operator means: the `sub` of that customer's tokens. */
const Owner = z.string().check(z.regex(/^[\x21-\x7e]{1,128}$/));

/** Why an operator does something. The customer reads it in the statement. */
const Reason = z.string().check(z.trim(), z.minLength(3), z.maxLength(200), z.regex(/^[^\p{Cc}\u2028\u2029]*$/u));

/** A signed amount in minor units that is not zero. */
export const AdjustmentMinor = z.int().check(
  z.gte(-99_999_999),
  z.lte(99_999_999),
  z.refine((amountMinor) => amountMinor !== 0, { error: "must not be 0", params: { rule: "not 0" } }),
);

export const AdjustInput = z.strictObject({ owner: Owner, currency: Currency, amountMinor: AdjustmentMinor, reason: Reason });

export const FreezeInput = z.strictObject({ reason: Reason });

export const OperatorWallet = z.object({
  owner: z.string(),
  balances: z.array(Balance),
  frozen: z.boolean(),
  /** A currency is below zero: the wallet can receive, not spend. */
  restricted: z.boolean(),
  /** Number of entries so far. */
  seq: z.int(),
  updatedAt: z.nullable(z.iso.datetime()),
});

const posting = ["operation.conflict", "wallet.busy", "outcome.unknown"] as const;
const walletOf = z.strictObject({ owner: Owner });

export const adjustWallet = {
  ...operator,
  method: "POST",
  path: "/api/operator/adjustments",
  summary: "Correct a balance, up or down",
  description:
    "A fact: it posts whatever the wallet holds, also below zero, and is the first entry of a wallet that has none. The reason stands in the customer's statement. A key is the operator's own: the same key of two operators means two adjustments.",
  idempotent: true,
  body: AdjustInput,
  output: Transaction,
  status: 201,
  errors: posting,
} as const satisfies Operation;

export const freezeWallet = {
  ...operator,
  method: "POST",
  path: "/api/operator/wallets/{owner}/freeze",
  summary: "Stop all spending from a wallet",
  description:
    "Money still comes in, and what was used is still charged. A wallet without an entry cannot be frozen: it has nothing to spend.",
  idempotent: true,
  params: walletOf,
  body: FreezeInput,
  output: Transaction,
  status: 201,
  errors: ["wallet.not_found", ...posting],
} as const satisfies Operation;

export const unfreezeWallet = {
  ...operator,
  method: "POST",
  path: "/api/operator/wallets/{owner}/unfreeze",
  summary: "End a freeze",
  idempotent: true,
  params: walletOf,
  body: FreezeInput,
  output: Transaction,
  status: 201,
  errors: ["wallet.not_found", ...posting],
} as const satisfies Operation;

export const getWallet = {
  ...operator,
  method: "GET",
  path: "/api/operator/wallets/{owner}",
  summary: "A customer's balances, and whether the wallet is frozen or restricted",
  params: walletOf,
  output: OperatorWallet,
  status: 200,
  errors: ["wallet.not_found"],
} as const satisfies Operation;

export const listWalletTransactions = {
  ...operator,
  method: "GET",
  path: "/api/operator/wallets/{owner}/transactions",
  summary: "A customer's statement, with the operators who acted on it",
  params: walletOf,
  query: TransactionsQuery,
  output: TransactionsOutput,
  status: 200,
  errors: ["wallet.not_found", "cursor.invalid"],
} as const satisfies Operation;
