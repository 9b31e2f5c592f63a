export { type Adjustment, adjust, freeze, unfreeze } from "./adjustment.ts";
export { changeAlert } from "./alerts.ts";
export { type Charge, chargeUsage, debit, debitOperation, usageOperation } from "./charge.ts";
export type { Entry } from "./entry.ts";
export { netMinor } from "./entry.ts";
export { fingerprintOf, type Guard, type Mark, type Verdict } from "./guard.ts";
export { authorize, capture, type ExpiryReport, expireHolds, type Hold, holdMovements, release } from "./hold.ts";
export {
  clearArrears,
  entryKeyOf,
  loadEntry,
  loadWallet,
  loadWallets,
  parseWallet,
  queryEntries,
  setArrears,
  timeOfEntryKey,
} from "./ledger.store.ts";
export { listOwners, nextOwners } from "./owners.store.ts";
export type { LedgerPorts } from "./ports.ts";
export { MAX_OPERATIONS, type Operation, type Posted, post, postAgain, postAll } from "./post.ts";
export { type Receipt, receiptOf } from "./result.ts";
export {
  balancesAt,
  listEntries,
  readBalances,
  type StatementPage,
  type StatementQuery,
  sufficiency,
  type WalletView,
} from "./statement.ts";
export { type Checkpoint, Replay, type Violation, verifyAll, verifyWallet, type WalletReport } from "./verify.ts";
export type { Balance, Balances, Movement, Refusal, Wallet } from "./wallet.ts";
