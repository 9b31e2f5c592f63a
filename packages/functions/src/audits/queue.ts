import type { RunPorts } from "@aira/core/audit";
import { AiraError, requireVariable } from "@aira/core/lib";
import { sendMessage } from "../edge/queue.ts";
import { ledgerPorts } from "../edge/services.ts";

/** What runs need from outside. */
export const runPorts = (): RunPorts => ({ ...ledgerPorts(), send });

/** Errors: `service.busy`. */
const send: RunPorts["send"] = (message) =>
  sendMessage(requireVariable("REPORTS_QUEUE_URL"), JSON.stringify(message)).catch((cause: unknown) => {
    const sentence = "The run is not queued yet. Repeat the request with the same Idempotency-Key.";
    throw new AiraError("service.busy", sentence, { cause, retryAfterSeconds: 1 });
  });
