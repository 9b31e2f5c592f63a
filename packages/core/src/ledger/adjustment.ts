import type { Currency } from "@aira/contract";
import { currencies } from "@aira/contract";
import { invariant } from "../lib/index.ts";
import { keys } from "../table/index.ts";
import { fingerprintOf, onceGuard } from "./guard.ts";
import type { LedgerPorts } from "./ports.ts";
import { post } from "./post.ts";
import { type Receipt, receiptOf } from "./result.ts";

interface OperatorAction {
  readonly owner: string;
  /** Happens once per id for ever. */
  readonly adjustmentId: string;
  /** Shown in the statement. */
  readonly reason: string;
  /** The operator. */
  readonly actor: string;
}

export interface Adjustment extends OperatorAction {
  readonly currency: Currency;
  /** Signed, in minor units, not zero. A fact: it posts whatever the balance. */
  readonly amountMinor: number;
}

/** Corrects a balance. Errors: `operation.conflict` (the id was used on other terms), `wallet.busy`, `outcome.unknown`. */
export function adjust(ports: LedgerPorts, adjustment: Adjustment): Promise<Receipt> {
  return act(ports, "adjustment", adjustment, adjustment.currency, adjustment.amountMinor);
}

/** Stops all spending from a wallet. An entry of amount zero: it moves `seq`, so no racing debit slips past it. */
export function freeze(ports: LedgerPorts, action: OperatorAction): Promise<Receipt> {
  return act(ports, "freeze", action, firstCurrency(), 0);
}

/** Ends a freeze. */
export function unfreeze(ports: LedgerPorts, action: OperatorAction): Promise<Receipt> {
  return act(ports, "unfreeze", action, firstCurrency(), 0);
}

/** An entry has a currency, also where no money moves. */
function firstCurrency(): Currency {
  const [currency] = currencies;
  invariant(currency, "there is a currency");
  return currency;
}

async function act(
  ports: LedgerPorts,
  kind: "adjustment" | "freeze" | "unfreeze",
  { owner, adjustmentId: id, reason, actor }: OperatorAction,
  currency: Currency,
  amountMinor: number,
): Promise<Receipt> {
  const posted = await post(ports, owner, {
    movement: { kind, currency, amountMinor, heldMinor: 0, reference: { type: "adjustment", id }, description: reason, actor },
    guard: onceGuard(keys.adjustment(id), fingerprintOf({ kind, id, owner, currency, amountMinor }), {
      owner,
      kind,
      currency,
      amountMinor,
      reason,
      actor,
    }),
  });
  return receiptOf(posted);
}
