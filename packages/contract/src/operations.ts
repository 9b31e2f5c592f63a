import { conversationOperations } from "./conversations/operations.ts";
import { telephonyOperations } from "./conversations/webhooks.ts";
import { noticeOperations } from "./notices.ts";
import { numberOperations } from "./numbers.ts";
import type { Operation } from "./operation.ts";
import { operatorOperations } from "./operator.ts";
import { paymentOperations } from "./payments.ts";
import { systemOperations } from "./system.ts";
import { walletOperations } from "./wallet.ts";

/** The whole API. For documentation, clients and checks; a handler imports its own operation only. */
export const operations = {
  ...walletOperations,
  ...paymentOperations,
  ...numberOperations,
  ...noticeOperations,
  ...conversationOperations,
  ...telephonyOperations,
  ...operatorOperations,
  ...systemOperations,
} satisfies Record<string, Operation>;
