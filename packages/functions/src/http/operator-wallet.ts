import { getWallet } from "@aira/contract";
import { readBalances } from "@aira/core/ledger";
import { requireWallet } from "@aira/core/operations";
import { http } from "../edge/http.ts";
import { ledgerPorts } from "../edge/services.ts";

/** A customer's balances and standing. */
export const handler = http(getWallet, async ({ params: { owner } }) => {
  const [view] = await Promise.all([readBalances(ledgerPorts(), owner), requireWallet(ledgerPorts(), owner)]);
  return { owner, ...view };
});
