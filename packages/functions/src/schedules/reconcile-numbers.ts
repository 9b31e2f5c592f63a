import { heldNumbers, saveNumberReconciliation } from "@aira/core/audit";
import { type NumberDifference, type NumberPorts, reconcileNumbers, repairNumber } from "@aira/core/numbers";
import type { Logger } from "../edge/logger.ts";
import { count } from "../edge/metrics.ts";
import { asError } from "../edge/redaction.ts";
import { schedule } from "../edge/schedule.ts";
import { numberPorts } from "../edge/services.ts";

/**
 * Compares Twilio's list with the table, and sets webhooks that are wrong: after a change of the public URL that is all of them. What nobody
 * has is only reported, since giving a number back can't be undone. The counts are written when they are zero too, so that an alarm can end.
 */
export const handler = schedule("reconcileNumbers", async ({ stopAt, log }) => {
  const ports = await numberPorts();
  const {
    provided,
    held,
    foreign,
    balance,
    differences: found,
  } = await reconcileNumbers(ports, { apply: false, held: heldNumbers(ports) });
  const differences: NumberDifference[] = [];
  for (const difference of found) differences.push(await repaired(ports, difference, stopAt, log));
  for (const { kind, sid, purchaseId, mended } of differences) log.warn("number difference", { kind, sid, purchaseId, mended });
  await saveNumberReconciliation(ports, { provided, held, foreign, balance, differences });
  const of = (kind: NumberDifference["kind"]) => differences.filter((difference) => difference.kind === kind).length;
  count("NumbersOrphaned", of("orphan"));
  count("NumbersMissing", of("missing"));
  count("NumberWebhooksWrong", of("webhooks"));
  return { provided, held, foreign, orphaned: of("orphan"), missing: of("missing"), webhooks: of("webhooks") };
});

/** One that fails does not keep the others waiting, and is found again tomorrow. */
async function repaired(ports: NumberPorts, difference: NumberDifference, stopAt: number, log: Logger): Promise<NumberDifference> {
  if (difference.kind !== "webhooks" || ports.clock() >= stopAt) return difference;
  try {
    const { repaired: mended } = await repairNumber(ports, difference.phoneNumber);
    return { ...difference, mended };
  } catch (error) {
    log.warn("a number's webhooks were not set", { sid: difference.sid, error: asError(error) });
    return difference;
  }
}
