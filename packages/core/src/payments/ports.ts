import type { LedgerPorts, Posted } from "../ledger/index.ts";
import type { PaymentProvider } from "./provider.ts";

/** What payments need from outside. */
export interface PaymentPorts extends LedgerPorts {
  readonly provider: PaymentProvider;
  /** Name of this deployment: other stages may share the Stripe account. */
  readonly stage: string;
  /** Where customers reach Aira, for the pages that Stripe sends them back to. */
  readonly publicUrl: string;
  /** Told, once it is committed, of money for a wallet on which something waits for money, with what the wallet remembered of that. */
  readonly onArrears?: ((owner: string, token: string) => void) | undefined;
}

/** Tells whoever listens when what was posted brought money to a wallet that something waits on. */
export function tellArrears({ onArrears }: Pick<PaymentPorts, "onArrears">, posted: Posted): void {
  if (posted.outcome !== "posted" || posted.entry.amountMinor <= 0) return;
  const { owner, arrears } = posted.wallet;
  if (arrears !== undefined) onArrears?.(owner, arrears);
}

/** The name under which our objects at Stripe say that they are ours. */
export const APP = "aira";
