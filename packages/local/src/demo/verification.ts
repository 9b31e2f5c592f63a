import type { Currency } from "@aira/contract";
import { verifyAll } from "@aira/core/ledger";
import { createTable } from "@aira/core/table";
import type { Customer, OwnNumber } from "./customer.ts";
import { promise } from "./promise.ts";
import type { Story } from "./story.ts";
import type { StripeTruth } from "./stripe-truth.ts";

/**
 * Holds the table against its invariants, every top-up against Stripe, every number against its months, and the balances against all of
 * them. Answers what was verified; throws `BrokenPromise`.
 */
export async function verify(story: Story, table: TableUnderDemo, stripe: StripeTruth): Promise<string> {
  const { customer, stranger, rival, control } = story;
  let [wallets, entries] = [0, 0];
  for await (const report of verifyAll({ table: createTable(table.client, table.name) })) {
    promise(`The ledger of ${report.owner} keeps every invariant`, report.violations, []);
    wallets++;
    entries += report.entries;
  }
  let topUps = 0;
  for (const each of [customer, stranger, rival]) {
    await verifyBalances(each, stripe);
    topUps += each.topUps.length;
  }
  const dead = Object.values(await control.queues()).map((queue) => queue.dead);
  promise(
    "No message ends in a dead-letter queue",
    dead.filter((count) => count > 0),
    [],
  );
  return `Verified: wallets ${wallets}, entries ${entries}, violations 0; top-ups ${topUps}, each as Stripe says; numbers as Twilio says.`;
}

interface TableUnderDemo {
  readonly client: Parameters<typeof createTable>[0];
  readonly name: string;
}

/** What a wallet holds is what Stripe's objects add up to, less what its numbers and conversations cost. */
async function verifyBalances(customer: Customer, stripe: StripeTruth): Promise<void> {
  const sums = new Map<Currency, number>();
  const add = (currency: Currency, amountMinor: number) => sums.set(currency, (sums.get(currency) ?? 0) + amountMinor);
  for (const topUp of customer.topUps) {
    const { creditedMinor } = await customer.api.getTopUp({ params: { topUpId: topUp.topUpId } });
    const heldMinor = await stripe.heldMinor(topUp);
    promise("Of every top-up the wallet holds what Stripe says", creditedMinor, heldMinor);
    promise("Of every top-up the entries add up to what Stripe says", await posted(customer, topUp.topUpId), heldMinor);
    add(topUp.currency, heldMinor);
  }
  for (const number of await customer.numbers()) {
    const costMinor = number.price.setUpMinor + monthsOf(number) * number.price.monthlyMinor;
    promise("Of every number the entries add up to its months", await posted(customer, number.purchaseId), -costMinor);
    add(number.price.currency, -costMinor);
  }
  for (const { currency, costMinor } of await customer.conversations()) if (currency) add(currency, -costMinor);
  const { balances } = await customer.api.getBalance();
  for (const { currency, availableMinor, heldMinor } of balances) {
    const sentence = `The balance in ${currency} is what Stripe's objects add up to, less what numbers and calls cost`;
    promise(sentence, [availableMinor, heldMinor], [sums.get(currency) ?? 0, 0]);
  }
}

const posted = async (customer: Customer, reference: string): Promise<number> =>
  (await customer.statement(reference)).reduce((sum, { amountMinor, heldMinor }) => sum + amountMinor + heldMinor, 0);

/** How many months of a number are paid. */
function monthsOf({ createdAt, paidThrough }: OwnNumber): number {
  const [from, to] = [new Date(createdAt), new Date(paidThrough ?? createdAt)];
  return 12 * (to.getUTCFullYear() - from.getUTCFullYear()) + to.getUTCMonth() - from.getUTCMonth();
}
