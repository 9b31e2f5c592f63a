import type { Currency } from "@aira/contract";
import { type Entry, type LedgerPorts, netMinor, type Wallet } from "../ledger/index.ts";
import { notify } from "./notice.ts";

/**
 * Tells an owner that an entry took the balance, available and held together, below its threshold (in minor units; the wallet's own, or the
 * default). What is set aside still counts: it is spent when it is charged, and may come back. The crossing is read off the entry, and the
 * entry names the notice: once per crossing, whoever looks and however often. Errors: `service.busy`.
 */
export async function tellLowBalance(
  { table }: Pick<LedgerPorts, "table">,
  entry: Entry,
  { alerts }: Pick<Wallet, "alerts">,
  defaults: Readonly<Record<Currency, number>>,
): Promise<void> {
  const { currency, owner, at, seq } = entry;
  const threshold = alerts?.[currency] ?? defaults[currency];
  const { availableMinor, heldMinor } = entry.balances[currency] ?? { availableMinor: 0, heldMinor: 0 };
  const after = availableMinor + heldMinor;
  const before = after - netMinor(entry);
  if (before < threshold || after >= threshold) return;
  const subject = `wallet.low_balance#${currency}#${seq}`;
  await notify(table, owner, { kind: "wallet.low_balance", at, subject, currency, amountMinor: after });
}
