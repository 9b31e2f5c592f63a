import type { Currency } from "@aira/contract";
import { AiraError } from "../lib/index.ts";
import { loadWallet, setAlerts } from "./ledger.store.ts";
import type { LedgerPorts } from "./ports.ts";

/**
 * Sets below which balance an owner is told, in minor units; null: the default again. What is set aside counts as balance. Answers every
 * threshold of their own.
 * Errors: `service.busy`.
 */
export async function changeAlert(
  { table }: Pick<LedgerPorts, "table">,
  owner: string,
  { currency, lowBalanceMinor }: { readonly currency: Currency; readonly lowBalanceMinor: number | null },
): Promise<Readonly<Partial<Record<Currency, number>>>> {
  const { alerts } = await loadWallet(table, owner, { consistent: true });
  const { [currency]: _, ...others } = alerts ?? {};
  const now = lowBalanceMinor === null ? others : { ...others, [currency]: lowBalanceMinor };
  const result = await setAlerts(table, owner, now, alerts);
  if (result.outcome !== "committed")
    throw new AiraError("service.busy", "The threshold may not have been kept. Please try again.", { retryAfterSeconds: 1 });
  return now;
}
