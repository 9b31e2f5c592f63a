import { Reconciliations } from "./reconciliations.tsx";
import { Totals } from "./totals.tsx";

/** What all wallets did, and whether Stripe agrees. */
export function Reports() {
  return (
    <>
      <Reconciliations />
      <Totals />
    </>
  );
}
