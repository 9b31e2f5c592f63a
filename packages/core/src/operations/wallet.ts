import type { Currency } from "@aira/contract";
import { adjust, type Entry, freeze, type LedgerPorts, loadEntry, loadWallet, type Receipt, unfreeze } from "../ledger/index.ts";
import { AiraError, deriveId, invariant } from "../lib/index.ts";

/** What an operator does to a wallet, and under which name it happens once. */
interface Act {
  /** The operator: the `sub` of the token. */
  readonly operator: string;
  /** Method and path with its placeholders, so that one key on two routes means two acts. */
  readonly route: string;
  readonly idempotencyKey: string;
  /** Whose wallet. */
  readonly owner: string;
  /** Shown in the statement. */
  readonly reason: string;
}

export interface AdjustWallet extends Act {
  readonly currency: Currency;
  /** Signed, in minor units, not zero. */
  readonly amountMinor: number;
}

/**
 * The act's id follows from the operator, the route and the key, so that a repeat after any crash finds the ledger's guard and is the same
 * act, also when its request record is gone. The operator is in it because a key is its sender's own: of two operators who happen
 * to choose the same one, none may be told that the other's act was theirs. Owner and amount are not: the same key on other terms
 * must meet the guard and be refused.
 */
const actOf = ({ operator, route, idempotencyKey, owner, reason }: Act) => ({
  owner,
  reason,
  adjustmentId: deriveId("adjustment", operator, route, idempotencyKey),
  actor: `operator:${operator}`,
});

/**
 * Corrects a balance, and answers the entry that did it. A wallet without an entry begins with this one.
 * Errors: `operation.conflict` (the key was used on other terms), `wallet.busy`, `outcome.unknown`.
 */
export async function adjustWallet(ports: LedgerPorts, adjustment: AdjustWallet): Promise<Entry> {
  const { currency, amountMinor } = adjustment;
  return entryOf(ports, adjustment.owner, await adjust(ports, { ...actOf(adjustment), currency, amountMinor }));
}

/** Stops all spending from a wallet. Errors: as `adjustWallet`, and `wallet.not_found`. */
export async function freezeWallet(ports: LedgerPorts, act: Act): Promise<Entry> {
  await requireWallet(ports, act.owner);
  return entryOf(ports, act.owner, await freeze(ports, actOf(act)));
}

/** Ends a freeze. Errors: as `freezeWallet`. */
export async function unfreezeWallet(ports: LedgerPorts, act: Act): Promise<Entry> {
  await requireWallet(ports, act.owner);
  return entryOf(ports, act.owner, await unfreeze(ports, actOf(act)));
}

/**
 * Errors: `wallet.not_found` when nothing was ever posted for this owner. A mistyped owner must not leave an operator in the belief
 * that somebody is frozen.
 */
export async function requireWallet({ table }: Pick<LedgerPorts, "table">, owner: string): Promise<void> {
  const { seq } = await loadWallet(table, owner, { consistent: true });
  if (seq === 0) throw new AiraError("wallet.not_found", "There is no wallet of this owner: nothing was ever posted to it.");
}

async function entryOf({ table }: LedgerPorts, owner: string, { entryKey }: Receipt): Promise<Entry> {
  const entry = await loadEntry(table, owner, entryKey);
  invariant(entry, "a receipt names an entry that exists");
  return entry;
}
