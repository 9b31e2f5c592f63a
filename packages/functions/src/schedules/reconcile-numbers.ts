import { type NumberDifference, type NumberPorts, repairNumber } from "@aira/core/numbers";
import { auditNumbers } from "../audits/numbers.ts";
import { recorded } from "../audits/recorded.ts";
import type { Logger } from "../edge/logger.ts";
import { asError } from "../edge/redaction.ts";
import { schedule } from "../edge/schedule.ts";

/** Compares Twilio's list with the table, and sets webhooks that are wrong: after a change of the public URL that is all of them. */
export const handler = schedule("reconcileNumbers", ({ stopAt, log }) =>
  recorded("number_reconciliation", log, (book) =>
    auditNumbers(book, { log, mend: (ports, difference) => repaired(ports, difference, stopAt, log) }),
  ),
);

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
