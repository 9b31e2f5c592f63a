import { listNumbers as operation } from "@aira/contract";
import { listNumbers } from "@aira/core/numbers";
import { http } from "../edge/http.ts";
import { renewalPorts } from "../edge/services.ts";
import { toOwnedNumber } from "../views/number.ts";

/** The caller's numbers. */
export const handler = http(operation, async ({ query }, { owner }) => {
  const ports = renewalPorts();
  const { numbers, nextCursor } = await listNumbers(ports, { owner, ...query });
  return { numbers: numbers.map((number) => toOwnedNumber(number, ports.policy)), nextCursor };
});
