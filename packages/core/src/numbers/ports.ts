import type { Currency, NumberPrice, NumberType } from "@aira/contract";
import type * as z from "zod/mini";
import type { LedgerPorts } from "../ledger/index.ts";
import type { NumberProvider, NumberWebhooks } from "./provider.ts";

/** What is left to the operator's configuration. */
export interface NumberPolicy {
  /** Numbers that one owner may hold. */
  readonly numbersPerOwner: number;
  /** Purchases of one owner within 24 hours. */
  readonly purchasesPerDay: number;
  /** Days before a month is charged on which its owner is reminded; 0: not at all. */
  readonly reminderDays: number;
  /** Days behind the paid time for which an unpaid number still works. */
  readonly graceDays: number;
  /** Days for which a suspended number is kept. */
  readonly suspendedDays: number;
  /** Days for which a released number is sold to nobody. */
  readonly coolDownDays: number;
}

/** Our prices. `core/pricing` makes one over the provider's. */
export interface NumberPrices {
  /** Undefined: there is no price for it, so it is not sold. */
  quote(country: string, type: NumberType, currency: Currency): Promise<z.infer<typeof NumberPrice> | undefined>;
}

/** What the numbers need from outside. */
export interface NumberPorts extends LedgerPorts {
  readonly provider: NumberProvider;
  readonly prices: NumberPrices;
  readonly policy: NumberPolicy;
  /** Name of this deployment: other stages may share the provider's account. */
  readonly stage: string;
  /** Where the provider reaches Aira. */
  readonly publicUrl: string;
}

/** Everything that a number of this deployment is told at the provider. */
export const webhooksOf = (publicUrl: string): NumberWebhooks => ({
  voiceUrl: `${publicUrl}/api/voice-agent/handle-call`,
  voiceFallbackUrl: `${publicUrl}/api/voice-agent/fallback`,
  smsUrl: `${publicUrl}/api/voice-agent/handle-sms`,
  smsFallbackUrl: `${publicUrl}/api/voice-agent/fallback`,
  statusCallbackUrl: `${publicUrl}/api/voice-agent/status`,
});
