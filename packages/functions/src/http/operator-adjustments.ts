import { adjustWallet as operation } from "@aira/contract";
import { adjustWallet } from "@aira/core/operations";
import { restoreWaiting } from "../edge/arrears.ts";
import { http } from "../edge/http.ts";
import { once } from "../edge/once.ts";
import { ledgerPorts } from "../edge/services.ts";
import { toTransaction } from "../views/transaction.ts";

/** Corrects a balance. */
export const handler = http(
  operation,
  async ({ body }, { owner: operator, route, idempotencyKey, deadline, log }) => {
    const entry = await adjustWallet(ledgerPorts(), { operator, route, idempotencyKey, ...body });
    if (body.amountMinor > 0) await restoreWaiting(body.owner, { deadline, log });
    return toTransaction(entry);
  },
  once,
);
