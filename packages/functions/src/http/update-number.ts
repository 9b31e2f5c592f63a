import { updateNumber as operation } from "@aira/contract";
import { updateNumber } from "@aira/core/numbers";
import { http } from "../edge/http.ts";
import { renewalPorts } from "../edge/services.ts";
import { toOwnedNumber } from "../views/number.ts";

/** Changes how one of the caller's numbers answers. */
export const handler = http(operation, async ({ params: { numberId }, body: patch }, { owner }) => {
  const ports = renewalPorts();
  return toOwnedNumber(await updateNumber(ports, { owner, numberId, patch }), ports.policy);
});
