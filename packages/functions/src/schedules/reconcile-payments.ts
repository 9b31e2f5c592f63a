import { auditPayments } from "../audits/payments.ts";
import { recorded } from "../audits/recorded.ts";
import { schedule } from "../edge/schedule.ts";

/** Compares Stripe's balance transactions with the ledger. */
export const handler = schedule("reconcilePayments", ({ stopAt, log }) =>
  recorded("payment_reconciliation", log, (book) => auditPayments(book, { stopAt, log })),
);
