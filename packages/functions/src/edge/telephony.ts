import type { AnsweringPorts, TelephonyEvent } from "@aira/core/conversations";
import { AiraError, requireVariable } from "@aira/core/lib";
import type { Logger } from "./logger.ts";
import { count } from "./metrics.ts";
import { forQueue, sendMessage } from "./queue.ts";
import { asError } from "./redaction.ts";

/** Hands an event to the telephony queue, and returns once SQS has it. Errors: `service.busy`. */
export async function sendTelephonyEvent(event: TelephonyEvent): Promise<void> {
  await sendMessage(requireVariable("TELEPHONY_QUEUE_URL"), forQueue(JSON.stringify(event))).catch((cause: unknown) => {
    throw new AiraError("service.busy", "The event could not be queued.", { cause, retryAfterSeconds: 1 });
  });
}

/** Tells of what a caller was spared: in the log, and as a metric that an alarm watches. */
export const reporterOf =
  (log: Logger): AnsweringPorts["report"] =>
  (trouble, cause) => {
    count(trouble === "reply" ? "RepliesMissing" : "TelephonyTroubles");
    const error = typeof cause === "string" ? { reason: cause } : { error: asError(cause) };
    if (trouble === "reply") log.warn("no reply", error);
    else log.error("trouble", { trouble, ...error });
  };
