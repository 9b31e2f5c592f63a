import type { RunKind } from "@aira/contract";
import { type RunBook, recordRun } from "@aira/core/audit";
import type { Logger } from "../edge/logger.ts";
import { asError } from "../edge/redaction.ts";
import { ledgerPorts } from "../edge/services.ts";

/** What a schedule does, kept on record for the operators' page. */
export const recorded = <Report extends Readonly<Record<string, number | boolean>>>(
  kind: RunKind,
  log: Logger,
  run: (book: RunBook) => Promise<Report>,
): Promise<Report> => recordRun({ ...ledgerPorts(), warn: (message, cause) => log.warn(message, { error: asError(cause) }) }, kind, run);
