import { answerOnce } from "@aira/core/requests";
import type { Once } from "./http.ts";
import { asError } from "./redaction.ts";
import { ledgerPorts } from "./services.ts";

/** Runs a request once, by the records in the container's own table. */
export const once: Once = (request, log, run) => {
  const warn = (message: string, cause: unknown) => log.warn(message, { error: asError(cause) });
  return answerOnce({ ...ledgerPorts(), warn }, request, run);
};
