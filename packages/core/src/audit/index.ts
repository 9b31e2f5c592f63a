export { type Anchor, type Anchors, anchorLine, ownerHashOf, readAnchors } from "./anchor.ts";
export { type CountingReport, countDays, readTotals } from "./count-days.ts";
export { type Day, dayAfter, dayOf, daysBetween, lastFinishedDay } from "./day.ts";
export { DIFFERENCES, type DifferenceReason, type Examination, examineTopUp } from "./examine.ts";
export { heldNumbers, type NumberReconciliationReport, readNumberReconciliations, saveNumberReconciliation } from "./numbers.ts";
export { type ReconcileOptions, readReconciliations, reconcile, reconcileDays } from "./reconcile.ts";
export type { Difference, ReconciledCurrency, ReconciliationReport } from "./reconciliation.ts";
export { type DayTotals, type KindTotal, netOf } from "./totals.ts";
export { type VerificationOptions, type VerifiedWallet, verifyEvery, verifyLedger, verifyOwner } from "./verification.ts";
