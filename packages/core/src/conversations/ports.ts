import type { Currency } from "@aira/contract";
import type { LedgerPorts } from "../ledger/index.ts";

/** What is left to the operator's configuration. */
export interface ConversationPolicy {
  /** How far below zero a wallet may get before calls and texts are no longer answered, in minor units. */
  readonly overdraftMinor: Readonly<Record<Currency, number>>;
  /** A balance that falls below this is told of, unless the owner has set another, in minor units. */
  readonly lowBalanceMinor: Readonly<Record<Currency, number>>;
  /** Days for which what was said is kept; 0: for ever. */
  readonly retentionDays: number;
}

/** What recording and charging conversations needs from outside. */
export interface ConversationPorts extends LedgerPorts {
  readonly policy: ConversationPolicy;
}
