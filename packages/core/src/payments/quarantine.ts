import { AiraError } from "../lib/index.ts";
import type { PaymentPorts } from "./ports.ts";
import { closeQuarantined, loadQuarantined, type Quarantined, queryQuarantined } from "./quarantine.store.ts";
import { type Settlement, settle } from "./settle.ts";

/** Findings that wait for an operator, oldest first. `after`: those behind this one, whether it is still open or not. */
export const listQuarantined = (
  { table }: Pick<PaymentPorts, "table">,
  after?: Pick<Quarantined, "quarantineId" | "at">,
): AsyncGenerator<Quarantined> => queryQuarantined(table, after);

/**
 * Settles a finding again, after an operator has corrected its cause (refunded the payment, for instance). It leaves the list when
 * nothing contradicts any more. Errors: `quarantine.not_found`, `service.busy`; whatever `settle` throws.
 */
export async function replayQuarantined(ports: PaymentPorts, quarantineId: string): Promise<Settlement[]> {
  const quarantined = await loadQuarantined(ports.table, quarantineId);
  if (!quarantined) throw new AiraError("quarantine.not_found", "There is no such finding.");
  const settlements = await settle(ports, quarantined.topUpId, [quarantined.sessionId]);
  const stands = settlements.some((one) => one.outcome === "quarantined" && one.quarantineId === quarantineId);
  if (!stands) {
    const result = await closeQuarantined(ports.table, quarantineId);
    if (result.outcome === "contended" || result.outcome === "unknown")
      throw new AiraError("service.busy", "The finding was settled and could not be closed. Replay it again.", {
        cause: result.cause,
        retryAfterSeconds: 1,
      });
  }
  return settlements;
}
