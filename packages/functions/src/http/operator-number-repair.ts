import { repairNumber as operation } from "@aira/contract";
import { repairNumber } from "@aira/core/numbers";
import { http } from "../edge/http.ts";
import { numberPorts } from "../edge/services.ts";

/** Sets a number's webhooks at the provider again. */
export const handler = http(operation, async ({ body: { phoneNumber } }, { owner: operator, log }) => {
  const { repaired } = await repairNumber(await numberPorts(), phoneNumber);
  log.info("number repaired", { actor: `operator:${operator}`, repaired });
  return { phoneNumber, repaired };
});
