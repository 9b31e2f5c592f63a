import type { BalanceTransaction } from "./objects.ts";
import type { Store } from "./store.ts";

const TWO_DAYS_SECONDS = 2 * 24 * 60 * 60;

interface Movement {
  readonly type: "charge" | "payment" | "refund" | "payment_refund" | "refund_failure" | "adjustment";
  readonly reportingCategory: "charge" | "refund" | "refund_failure" | "dispute" | "dispute_reversal";
  /** Signed: what the account gains, before the fee. */
  readonly amountMinor: number;
  readonly feeMinor?: number;
  readonly currency: string;
  readonly source: string;
  readonly description: string | null;
}

/** Books money into or out of the account's balance. Settlement is in the currency of the charge: no conversion is modelled. */
export function book(store: Store, movement: Movement): BalanceTransaction {
  const { type, reportingCategory, amountMinor, feeMinor = 0, currency, source, description } = movement;
  const created = store.now();
  const transaction: BalanceTransaction = {
    id: store.newId("txn_"),
    object: "balance_transaction",
    amount: amountMinor,
    available_on: created + TWO_DAYS_SECONDS,
    balance_type: "payments",
    created,
    currency,
    description,
    exchange_rate: null,
    fee: feeMinor,
    fee_details:
      feeMinor === 0 ? [] : [{ amount: feeMinor, application: null, currency, description: "Stripe processing fees", type: "stripe_fee" }],
    net: amountMinor - feeMinor,
    reporting_category: reportingCategory,
    source,
    status: "pending",
    type,
  };
  store.balanceTransactions.set(transaction.id, transaction);
  return transaction;
}
