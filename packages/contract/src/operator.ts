import { listMargins } from "./operator/margins.ts";
import { listNumberReconciliations, repairNumber } from "./operator/numbers.ts";
import { listQuarantine, replayQuarantine } from "./operator/quarantine.ts";
import { listDeadLetters, listQueues, redriveQueue } from "./operator/queues.ts";
import { listReconciliations, listTotals } from "./operator/reports.ts";
import { listRuns, startRun } from "./operator/runs.ts";
import { adjustWallet, freezeWallet, getWallet, listWalletTransactions, unfreezeWallet } from "./operator/wallets.ts";

export * from "./operator/margins.ts";
export * from "./operator/numbers.ts";
export * from "./operator/quarantine.ts";
export * from "./operator/queues.ts";
export * from "./operator/reports.ts";
export * from "./operator/runs.ts";
export * from "./operator/wallets.ts";

/** What operators do. In files by what they act on, so that a handler's bundle has the schemas of its own alone. */
export const operatorOperations = {
  adjustWallet,
  freezeWallet,
  unfreezeWallet,
  getWallet,
  listWalletTransactions,
  listQuarantine,
  replayQuarantine,
  listQueues,
  listDeadLetters,
  redriveQueue,
  listTotals,
  listReconciliations,
  repairNumber,
  listNumberReconciliations,
  listMargins,
  startRun,
  listRuns,
};
