import { adjustWallet as operation } from "@aira/contract";
import { adjustWallet } from "@aira/core/operations";
import { http } from "../edge/http.ts";
import { once } from "../edge/once.ts";
import { ledgerPorts } from "../edge/services.ts";
import { toTransaction } from "../views/transaction.ts";

/** Corrects a balance. */
export const handler = http(
  operation,
  async ({ body }, { owner: operator, route, idempotencyKey }) =>
    toTransaction(await adjustWallet(ledgerPorts(), { operator, route, idempotencyKey, ...body })),
  once,
);
