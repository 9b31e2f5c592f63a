import type { Client } from "@aira/contract/client";

/** What the operations answer, by the nouns of the pages. */
export type BalancesView = Awaited<ReturnType<Client["getBalance"]>>;
export type BalanceView = BalancesView["balances"][number];
export type TransactionPage = Awaited<ReturnType<Client["listTransactions"]>>;
export type TransactionView = TransactionPage["transactions"][number];
export type TopUpView = Awaited<ReturnType<Client["getTopUp"]>>;
export type StatementFilters = Omit<NonNullable<NonNullable<Parameters<Client["listTransactions"]>[0]>["query"]>, "limit" | "cursor">;
