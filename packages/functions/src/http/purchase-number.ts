import { purchaseNumber as operation } from "@aira/contract";
import { purchaseNumber } from "@aira/core/numbers";
import { http } from "../edge/http.ts";
import { once } from "../edge/once.ts";
import { numberPorts } from "../edge/services.ts";
import { Unsettled } from "../edge/unsettled.ts";
import { toOwnedNumber } from "../views/number.ts";

/** Buys one number from the wallet. */
export const handler = http(
  operation,
  async ({ body }, { owner, idempotencyKey }) => {
    const ports = await numberPorts();
    const { settled, number } = await purchaseNumber(ports, { owner, idempotencyKey, ...body });
    const view = toOwnedNumber(number, ports.policy);
    return settled ? view : new Unsettled(view);
  },
  once,
);
