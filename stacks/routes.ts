import type { Access } from "./access.ts";
import { consumers } from "./consumers.ts";

export interface Route {
  /** `file.export` below packages/functions/src. */
  readonly handler: string;
  readonly auth: "jwt" | "none";
  readonly access: Access;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  /** Requests a second and burst that API Gateway lets through on this route. */
  readonly throttle: { readonly rate: number; readonly burst: number };
}

const standard = { timeoutSeconds: 10, memoryMb: 512, throttle: { rate: 50, burst: 100 } } as const;

/** An operator's route: few people use it, and never in a crowd. */
const operator = { ...standard, auth: "jwt", throttle: { rate: 5, burst: 20 } } as const;
const queues = Object.keys(consumers);

/** The API: one route, one Lambda. */
export const routes: Readonly<Record<string, Route>> = {
  "GET /api/wallet/balance": {
    ...standard,
    handler: "http/wallet-balance.handler",
    auth: "jwt",
    access: { table: ["get", "query"] },
  },
  "GET /api/wallet/transactions": {
    ...standard,
    handler: "http/wallet-transactions.handler",
    auth: "jwt",
    access: { table: ["query"] },
  },
  "POST /api/payment/create-checkout-session": {
    ...standard,
    handler: "http/create-checkout-session.handler",
    auth: "jwt",
    access: { table: ["get", "put", "update", "delete"], secrets: ["STRIPE_SECRET_KEY"] },
    timeoutSeconds: 28,
    throttle: { rate: 10, burst: 20 },
  },
  "GET /api/payment/top-ups/{topUpId}": {
    ...standard,
    handler: "http/top-up.handler",
    auth: "jwt",
    access: { table: ["get"] },
  },
  "POST /api/payment/webhook": {
    ...standard,
    handler: "webhooks/stripe.handler",
    auth: "none",
    access: { send: ["payments"], secrets: ["STRIPE_WEBHOOK_SECRETS"] },
    throttle: { rate: 250, burst: 500 },
  },
  "POST /api/operator/adjustments": {
    ...operator,
    handler: "http/operator-adjustments.handler",
    access: { table: ["get", "put", "update", "delete"] },
  },
  "POST /api/operator/wallets/{owner}/freeze": {
    ...operator,
    handler: "http/operator-freeze.handler",
    access: { table: ["get", "put", "update", "delete"] },
  },
  "POST /api/operator/wallets/{owner}/unfreeze": {
    ...operator,
    handler: "http/operator-unfreeze.handler",
    access: { table: ["get", "put", "update", "delete"] },
  },
  "GET /api/operator/wallets/{owner}": { ...operator, handler: "http/operator-wallet.handler", access: { table: ["get"] } },
  "GET /api/operator/wallets/{owner}/transactions": {
    ...operator,
    handler: "http/operator-transactions.handler",
    access: { table: ["get", "query"] },
  },
  "GET /api/operator/quarantine": {
    ...operator,
    handler: "http/operator-quarantine.handler",
    access: { table: ["get"], indexes: ["gsi2"] },
  },
  "POST /api/operator/quarantine/{quarantineId}/replay": {
    ...operator,
    handler: "http/operator-replay.handler",
    access: { table: ["get", "put", "update"], secrets: ["STRIPE_SECRET_KEY"] },
    timeoutSeconds: 28,
  },
  "GET /api/operator/queues": { ...operator, handler: "http/operator-queues.handler", access: { count: queues } },
  "GET /api/operator/queues/{queue}/dead-letters": {
    ...operator,
    handler: "http/operator-dead-letters.handler",
    access: { peek: queues },
  },
  "POST /api/operator/queues/{queue}/redrive": {
    ...operator,
    handler: "http/operator-redrive.handler",
    access: { redrive: queues },
    timeoutSeconds: 28,
  },
  "GET /api/operator/totals": { ...operator, handler: "http/operator-totals.handler", access: { table: ["query"] } },
  "GET /api/operator/reconciliations": { ...operator, handler: "http/operator-reconciliations.handler", access: { table: ["query"] } },
  "GET /api/openapi.json": { ...standard, handler: "http/openapi.handler", auth: "none", access: {}, timeoutSeconds: 5 },
  "GET /api/health": { ...standard, handler: "http/health.handler", auth: "none", access: {}, timeoutSeconds: 5 },
};
