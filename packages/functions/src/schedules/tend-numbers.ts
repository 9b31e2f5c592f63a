import { type NumberPorts, tendNumbers } from "@aira/core/numbers";
import type { Logger } from "../edge/logger.ts";
import { count } from "../edge/metrics.ts";
import { asError } from "../edge/redaction.ts";
import { schedule } from "../edge/schedule.ts";
import { numberPorts } from "../edge/services.ts";

/** Does what is due for every number. The counts that an alarm reads are written when they are zero too, so that it can end. */
export const handler = schedule("tendNumbers", async ({ stopAt, log }) => {
  const ports = await numberPorts();
  const warn = (message: string, cause: unknown) => log.error(message, { error: asError(cause) });
  const [report] = await Promise.all([tendNumbers(ports, stopAt, warn), measureBalance(ports, log)]);
  count("NumbersLeft", report.left);
  count("NumbersRenewed", report.renewed);
  count("NumbersUnpaid", report.unpaid);
  count("NumbersSuspended", report.suspended);
  count("NumbersReleased", report.released);
  return { ...report };
});

/** At zero every number of every customer stops, so it is looked at often. */
async function measureBalance({ provider }: NumberPorts, log: Logger): Promise<void> {
  try {
    const { amount } = await provider.balance();
    // For a graph and an alarm only: money is never counted with a float.
    count("ProviderBalance", Number(amount));
  } catch (error) {
    log.warn("the provider's balance was not to be had", { error: asError(error) });
  }
}
