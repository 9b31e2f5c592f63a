import { currencies, type Transaction } from "@aira/contract";
import type { Entry } from "@aira/core/ledger";
import type * as z from "zod/mini";

export type TransactionView = z.infer<typeof Transaction>;

/**
 * An entry as the wire has it. The id is the beginning of the entry's hash: unique over all wallets, and a receipt that can be checked
 * against the ledger's chain.
 */
export function toTransaction({ seq, kind, currency, amountMinor, heldMinor, balances, reference, ...entry }: Entry): TransactionView {
  const balanceAfter = currencies.flatMap((each) => {
    const balance = balances[each];
    return balance ? [{ currency: each, ...balance, totalMinor: balance.availableMinor + balance.heldMinor }] : [];
  });
  const { hash, description, actor, at } = entry;
  const transactionId = `txn_${hash.slice(0, 32)}`;
  return { transactionId, seq, kind, currency, amountMinor, heldMinor, balanceAfter, reference, description, actor, at };
}

/** The same for the owner of the wallet, who has no business knowing which operator it was. */
export function toOwnTransaction(entry: Entry): TransactionView {
  const { actor, ...transaction } = toTransaction(entry);
  return { ...transaction, actor: actor.replace(/^operator:.*$/, "operator") };
}
