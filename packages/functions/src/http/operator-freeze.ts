import { freezeWallet as operation } from "@aira/contract";
import { freezeWallet } from "@aira/core/operations";
import { http } from "../edge/http.ts";
import { once } from "../edge/once.ts";
import { ledgerPorts } from "../edge/services.ts";
import { toTransaction } from "../views/transaction.ts";

/** Stops all spending from a wallet. */
export const handler = http(
  operation,
  async ({ params, body }, { owner: operator, route, idempotencyKey }) =>
    toTransaction(await freezeWallet(ledgerPorts(), { operator, route, idempotencyKey, ...params, ...body })),
  once,
);
