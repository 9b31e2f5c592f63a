import type { Access } from "./access.ts";

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
  "GET /api/openapi.json": { ...standard, handler: "http/openapi.handler", auth: "none", access: {}, timeoutSeconds: 5 },
  "GET /api/health": { ...standard, handler: "http/health.handler", auth: "none", access: {}, timeoutSeconds: 5 },
};
