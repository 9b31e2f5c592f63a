import type { Currency } from "@aira/contract";
import { type Key, keys } from "../table/index.ts";
import { fingerprintOf, onceGuard } from "./guard.ts";
import type { LedgerPorts } from "./ports.ts";
import { type Operation, post } from "./post.ts";
import { type Receipt, receiptOf } from "./result.ts";

export interface Charge {
  readonly owner: string;
  /** Business id: charged once for ever. */
  readonly id: string;
  readonly currency: Currency;
  /** Positive, in minor units. */
  readonly amountMinor: number;
  readonly description: string;
  readonly actor: string;
}

function operationOf(charge: Charge, kind: "debit" | "usage", key: Key): Operation {
  const { owner, id, currency, amountMinor, description, actor } = charge;
  const fingerprint = fingerprintOf({ kind, id, owner, currency, amountMinor });
  return {
    movement: {
      kind,
      currency,
      amountMinor: -amountMinor,
      heldMinor: 0,
      reference: { type: kind === "usage" ? "usage" : "charge", id },
      description,
      actor,
    },
    guard: onceGuard(key, fingerprint, { owner, currency, amountMinor }),
  };
}

/** A charge asked for beforehand, so that it can be declined. For `post` and `postAll`. */
export const debitOperation = (charge: Charge): Operation => operationOf(charge, "debit", keys.charge(charge.id));

/** A charge for something already used: it always posts and may take the wallet below zero. For `post` and `postAll`. */
export const usageOperation = (charge: Charge): Operation => operationOf(charge, "usage", keys.usage(charge.id));

/**
 * Takes money for something not yet given. Errors: `wallet.insufficient_funds`, `wallet.restricted`, `wallet.frozen`;
 * `operation.conflict` if the id was charged on other terms; `wallet.busy`; `outcome.unknown`.
 */
export async function debit(ports: LedgerPorts, charge: Charge): Promise<Receipt> {
  return receiptOf(await post(ports, charge.owner, debitOperation(charge)));
}

/** Takes money for something already used. Errors: `operation.conflict`, `wallet.busy`, `outcome.unknown`; never declined. */
export async function chargeUsage(ports: LedgerPorts, charge: Charge): Promise<Receipt> {
  return receiptOf(await post(ports, charge.owner, usageOperation(charge)));
}
