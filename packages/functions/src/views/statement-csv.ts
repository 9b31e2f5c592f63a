import { CURRENCIES, type Currency } from "@aira/contract";
import { csvRecord, plainText } from "../edge/csv.ts";
import type { TransactionView } from "./transaction.ts";

/** The running balance is that of the entry's own currency: one number a row, which sums up with the rows below it. */
const COLUMNS: Readonly<Record<string, (transaction: TransactionView) => string>> = {
  at: ({ at }) => at,
  kind: ({ kind }) => kind,
  description: ({ description }) => plainText(description),
  currency: ({ currency }) => currency,
  amount: ({ amountMinor, currency }) => decimal(amountMinor, currency),
  held: ({ heldMinor, currency }) => decimal(heldMinor, currency),
  available_after: ({ currency, balanceAfter }) => decimal(after(balanceAfter, currency)?.availableMinor ?? 0, currency),
  held_after: ({ currency, balanceAfter }) => decimal(after(balanceAfter, currency)?.heldMinor ?? 0, currency),
  reference_type: ({ reference }) => reference.type,
  reference_id: ({ reference }) => plainText(reference.id),
  seq: ({ seq }) => String(seq),
  transaction_id: ({ transactionId }) => transactionId,
};

const after = (balances: TransactionView["balanceAfter"], currency: Currency) => balances.find((balance) => balance.currency === currency);

/** -5 in minor units of the dollar is "-0.05". By digits: a float would round. */
export function decimal(amountMinor: number, currency: Currency): string {
  const decimals: number = CURRENCIES[currency].decimals;
  const digits = String(Math.abs(amountMinor)).padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  const sign = amountMinor < 0 ? "-" : "";
  return decimals === 0 ? `${sign}${whole}` : `${sign}${whole}.${digits.slice(-decimals)}`;
}

export const statementHeader = (): string => csvRecord(Object.keys(COLUMNS));

export const statementRecord = (transaction: TransactionView): string => csvRecord(Object.values(COLUMNS).map((cell) => cell(transaction)));
