import { unfreezeWallet as operation } from "@aira/contract";
import { unfreezeWallet } from "@aira/core/operations";
import { restoreWaiting } from "../edge/arrears.ts";
import { http } from "../edge/http.ts";
import { once } from "../edge/once.ts";
import { ledgerPorts } from "../edge/services.ts";
import { toTransaction } from "../views/transaction.ts";

/** Ends a freeze. */
export const handler = http(
  operation,
  async ({ params, body }, { owner: operator, route, idempotencyKey, deadline, log }) => {
    const entry = await unfreezeWallet(ledgerPorts(), { operator, route, idempotencyKey, ...params, ...body });
    await restoreWaiting(params.owner, { deadline, log });
    return toTransaction(entry);
  },
  once,
);
