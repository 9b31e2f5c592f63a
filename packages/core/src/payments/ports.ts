import type { LedgerPorts } from "../ledger/index.ts";
import type { PaymentProvider } from "./provider.ts";

/** What payments need from outside. */
export interface PaymentPorts extends LedgerPorts {
  readonly provider: PaymentProvider;
  /** Name of this deployment: other stages may share the Stripe account. */
  readonly stage: string;
  /** Where customers reach Aira, for the pages that Stripe sends them back to. */
  readonly publicUrl: string;
}

/** The name under which our objects at Stripe say that they are ours. */
export const APP = "aira";
