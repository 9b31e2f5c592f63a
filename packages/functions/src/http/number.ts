import { getNumber } from "@aira/contract";
import { currentNumber } from "@aira/core/numbers";
import { http } from "../edge/http.ts";
import { renewalPorts } from "../edge/services.ts";
import { toOwnedNumber } from "../views/number.ts";

/** One of the caller's numbers. */
export const handler = http(getNumber, async ({ params: { numberId } }, { owner }) => {
  const ports = renewalPorts();
  return toOwnedNumber(await currentNumber(ports, owner, numberId), ports.policy);
});
