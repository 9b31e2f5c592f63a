import { currencies, listTransactions, type Transaction } from "@aira/contract";
import { type Entry, listEntries } from "@aira/core/ledger";
import type * as z from "zod/mini";
import { http } from "../edge/http.ts";
import { ledgerPorts } from "../edge/services.ts";

/** A page of the statement, newest first. */
export const handler = http(listTransactions, async ({ query }, { owner }) => {
  const { entries, nextCursor } = await listEntries(ledgerPorts(), owner, query);
  return { transactions: entries.map(toTransaction), nextCursor };
});

/** The id is the beginning of the entry's hash: unique over all wallets, and a receipt that can be checked against the ledger's chain. */
function toTransaction({ seq, kind, currency, amountMinor, heldMinor, balances, reference, ...entry }: Entry): z.infer<typeof Transaction> {
  const balanceAfter = currencies.flatMap((each) => {
    const balance = balances[each];
    return balance ? [{ currency: each, ...balance, totalMinor: balance.availableMinor + balance.heldMinor }] : [];
  });
  const { hash, description, actor, at } = entry;
  const transactionId = `txn_${hash.slice(0, 32)}`;
  return { transactionId, seq, kind, currency, amountMinor, heldMinor, balanceAfter, reference, description, actor, at };
}
