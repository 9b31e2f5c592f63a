import { AiraError } from "../lib/index.ts";
import type { PaymentPorts } from "./ports.ts";
import { closeQuarantined, loadQuarantined, type Quarantined, queryQuarantined } from "./quarantine.store.ts";
import { type Settlement, settle } from "./settle.ts";

/** Findings that wait for an operator, oldest first. */
export const listQuarantined = ({ table }: Pick<PaymentPorts, "table">): AsyncGenerator<Quarantined> => queryQuarantined(table);

/**
 * Settles a finding again, after an operator has corrected its cause (refunded the payment, for instance). It leaves the list when
 * nothing contradicts any more. Errors: `quarantine.not_found`; whatever `settle` throws.
 */
export async function replayQuarantined(ports: PaymentPorts, quarantineId: string): Promise<Settlement[]> {
  const quarantined = await loadQuarantined(ports.table, quarantineId);
  if (!quarantined) throw new AiraError("quarantine.not_found", "There is no such finding.");
  const settlements = await settle(ports, quarantined.topUpId, [quarantined.sessionId]);
  const stands = settlements.some((one) => one.outcome === "quarantined" && one.quarantineId === quarantineId);
  if (!stands) await closeQuarantined(ports.table, quarantineId);
  return settlements;
}
