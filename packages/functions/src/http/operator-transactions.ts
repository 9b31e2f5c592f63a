import { listWalletTransactions } from "@aira/contract";
import { listEntries } from "@aira/core/ledger";
import { requireWallet } from "@aira/core/operations";
import { http } from "../edge/http.ts";
import { ledgerPorts } from "../edge/services.ts";
import { toTransaction } from "../views/transaction.ts";

/** A page of a customer's statement, newest first. */
export const handler = http(listWalletTransactions, async ({ params: { owner }, query }) => {
  const { entries, nextCursor } = await listEntries(ledgerPorts(), owner, query);
  // An entry is proof enough. Without one, is there a wallet at all?
  if (entries.length === 0) await requireWallet(ledgerPorts(), owner);
  return { transactions: entries.map(toTransaction), nextCursor };
});
