import type { Currency } from "@aira/contract";
import { verifyAll } from "@aira/core/ledger";
import { createTable } from "@aira/core/table";
import type { documentClient } from "@aira/functions/edge/services";
import { promise } from "./promise.ts";
import type { Story } from "./steps.ts";
import type { StripeTruth } from "./stripe-truth.ts";

/**
 * Holds the table against its invariants, every top-up against Stripe, and the balances against both. Answers what was
 * verified; throws `BrokenPromise`.
 */
export async function verify(
  { customer, control }: Story,
  client: ReturnType<typeof documentClient>,
  tableName: string,
  stripe: StripeTruth,
): Promise<string> {
  let [wallets, entries] = [0, 0];
  for await (const report of verifyAll({ table: createTable(client, tableName) })) {
    promise(`The ledger of ${report.owner} keeps every invariant`, report.violations, []);
    wallets++;
    entries += report.entries;
  }
  const sums = new Map<Currency, number>();
  for (const topUp of customer.topUps) {
    const { creditedMinor } = await customer.api.getTopUp({ params: { topUpId: topUp.topUpId } });
    const heldMinor = await stripe.heldMinor(topUp);
    promise("Of every top-up the wallet holds what Stripe says", creditedMinor, heldMinor);
    const posted = (await customer.statement(topUp.topUpId)).reduce((sum, { amountMinor }) => sum + amountMinor, 0);
    promise("Of every top-up the entries add up to what Stripe says", posted, heldMinor);
    sums.set(topUp.currency, (sums.get(topUp.currency) ?? 0) + heldMinor);
  }
  const { balances } = await customer.api.getBalance();
  for (const { currency, availableMinor } of balances)
    promise(`The balance in ${currency} is what Stripe's objects add up to`, availableMinor, sums.get(currency) ?? 0);
  promise("No message ends in the dead-letter queue", (await control.queue()).dead, 0);
  return `Verified: wallets ${wallets}, entries ${entries}, violations 0; top-ups ${customer.topUps.length}, each as Stripe says.`;
}
