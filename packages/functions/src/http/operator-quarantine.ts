import { listQuarantine } from "@aira/contract";
import { quarantinePage } from "@aira/core/operations";
import { http } from "../edge/http.ts";
import { ledgerPorts } from "../edge/services.ts";

/** Findings that wait for an operator. */
export const handler = http(listQuarantine, async ({ query }) => {
  const { findings, nextCursor } = await quarantinePage(ledgerPorts(), query);
  return { findings: findings.map(({ state: _, ...finding }) => finding), nextCursor };
});
