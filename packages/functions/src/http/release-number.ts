import { releaseNumber as operation } from "@aira/contract";
import { releaseNumber } from "@aira/core/numbers";
import { http } from "../edge/http.ts";
import { numberPorts } from "../edge/services.ts";
import { Unsettled } from "../edge/unsettled.ts";
import { toOwnedNumber } from "../views/number.ts";

/** Gives one of the caller's numbers back, or says what that would lose. */
export const handler = http(operation, async ({ params: { numberId }, body: { dryRun } }, { owner }) => {
  const ports = await numberPorts();
  const { settled, number, losses } = await releaseNumber(ports, { owner, numberId, dryRun });
  const view = { number: toOwnedNumber(number, ports.policy), dryRun, losses: [...losses], refundMinor: 0 as const };
  return settled ? view : new Unsettled(view);
});
