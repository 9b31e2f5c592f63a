import { Reconciliations } from "./reconciliations.tsx";
import { Runs } from "./runs.tsx";
import { Totals } from "./totals.tsx";
import { useRuns } from "./use-runs.ts";

/** Whether the books are right, now and day by day, and what all wallets did. */
export function Reports() {
  const ledger = useRuns("ledger_verification");
  const payments = useRuns("payment_reconciliation");
  const numbers = useRuns("number_reconciliation");
  return (
    <>
      <Runs all={[ledger, payments, numbers]} />
      <Reconciliations listed={payments.shown?.findings ?? []} />
      <Totals />
    </>
  );
}
