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
const twilio = ["TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKENS"] as const;

/** Somebody waits on the phone: more memory is more processor, and less waiting. */
const telephony = { auth: "none", memoryMb: 1024, timeoutSeconds: 14, throttle: { rate: 100, burst: 200 } } as const;

/** The API: one route, one Lambda. */
export const routes: Readonly<Record<string, Route>> = {
  "GET /api/wallet/balance": {
    ...standard,
    handler: "http/wallet-balance.handler",
    auth: "jwt",
    access: { table: ["get", "query"] },
  },
  "PATCH /api/wallet/alerts": {
    ...standard,
    handler: "http/wallet-alerts.handler",
    auth: "jwt",
    access: { table: ["get", "update"] },
    throttle: { rate: 10, burst: 20 },
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
  "GET /api/numbers/search": {
    ...standard,
    handler: "http/search-numbers.handler",
    auth: "jwt",
    access: { secrets: twilio, settings: ["prices"] },
    timeoutSeconds: 28,
    throttle: { rate: 20, burst: 40 },
  },
  "GET /api/numbers/countries": {
    ...standard,
    handler: "http/number-countries.handler",
    auth: "jwt",
    access: { secrets: twilio },
    timeoutSeconds: 28,
    throttle: { rate: 10, burst: 20 },
  },
  "POST /api/numbers/purchase": {
    ...standard,
    handler: "http/purchase-number.handler",
    auth: "jwt",
    access: {
      table: ["get", "put", "update", "delete"],
      indexes: ["gsi1"],
      secrets: twilio,
      settings: ["numbers", "prices", "regulation"],
    },
    timeoutSeconds: 28,
    throttle: { rate: 10, burst: 20 },
  },
  "GET /api/numbers": {
    ...standard,
    handler: "http/numbers.handler",
    auth: "jwt",
    access: { indexes: ["gsi1"], settings: ["numbers"] },
  },
  "GET /api/numbers/{numberId}": {
    ...standard,
    handler: "http/number.handler",
    auth: "jwt",
    access: { table: ["get"], indexes: ["gsi1"], settings: ["numbers"] },
  },
  "PATCH /api/numbers/{numberId}": {
    ...standard,
    handler: "http/update-number.handler",
    auth: "jwt",
    access: { table: ["get", "update"], indexes: ["gsi1"], settings: ["numbers"] },
  },
  "POST /api/numbers/{numberId}/release": {
    ...standard,
    handler: "http/release-number.handler",
    auth: "jwt",
    access: { table: ["get", "put", "update"], indexes: ["gsi1"], secrets: twilio, settings: ["numbers"] },
    timeoutSeconds: 28,
    throttle: { rate: 10, burst: 20 },
  },
  "POST /api/chatbot": {
    ...standard,
    handler: "http/chatbot.handler",
    auth: "jwt",
    access: {
      table: ["get", "query", "put", "update"],
      indexes: ["gsi1"],
      secrets: twilio,
      settings: ["conversations", "responder", "prices", "regulation"],
      model: true,
    },
    timeoutSeconds: 28,
    throttle: { rate: 10, burst: 20 },
  },
  "GET /api/conversations": { ...standard, handler: "http/conversations.handler", auth: "jwt", access: { indexes: ["gsi1"] } },
  "GET /api/conversations/{conversationId}": {
    ...standard,
    handler: "http/conversation.handler",
    auth: "jwt",
    access: { table: ["get", "query"] },
  },
  "DELETE /api/conversations/{conversationId}": {
    ...standard,
    handler: "http/delete-conversation.handler",
    auth: "jwt",
    access: { table: ["get", "query", "put", "update", "delete"] },
    timeoutSeconds: 28,
    throttle: { rate: 10, burst: 20 },
  },
  "POST /api/voice-agent/handle-call": {
    ...telephony,
    handler: "webhooks/handle-call.handler",
    access: {
      table: ["get", "getMany", "put", "update"],
      send: ["telephony"],
      secrets: ["TWILIO_AUTH_TOKENS"],
      settings: ["conversations", "responder"],
      model: true,
    },
  },
  "POST /api/voice-agent/handle-sms": {
    ...telephony,
    handler: "webhooks/handle-sms.handler",
    access: {
      table: ["get", "getMany"],
      send: ["telephony"],
      secrets: ["TWILIO_AUTH_TOKENS"],
      settings: ["conversations", "responder"],
      model: true,
    },
  },
  "POST /api/voice-agent/status": {
    ...standard,
    handler: "webhooks/telephony-status.handler",
    auth: "none",
    access: { send: ["telephony"], secrets: ["TWILIO_AUTH_TOKENS"] },
    throttle: { rate: 250, burst: 500 },
  },
  "POST /api/voice-agent/fallback": {
    ...standard,
    handler: "webhooks/telephony-fallback.handler",
    auth: "none",
    access: { secrets: ["TWILIO_AUTH_TOKENS"] },
    throttle: { rate: 100, burst: 200 },
  },
  "GET /api/notices": { ...standard, handler: "http/notices.handler", auth: "jwt", access: { table: ["query"] } },
  "POST /api/operator/adjustments": {
    ...operator,
    handler: "http/operator-adjustments.handler",
    access: { table: ["get", "put", "update", "delete"], indexes: ["gsi1"], settings: ["numbers"] },
    timeoutSeconds: 28,
  },
  "POST /api/operator/wallets/{owner}/freeze": {
    ...operator,
    handler: "http/operator-freeze.handler",
    access: { table: ["get", "put", "update", "delete"] },
  },
  "POST /api/operator/wallets/{owner}/unfreeze": {
    ...operator,
    handler: "http/operator-unfreeze.handler",
    access: { table: ["get", "put", "update", "delete"], indexes: ["gsi1"], settings: ["numbers"] },
    timeoutSeconds: 28,
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
    access: { table: ["get", "put", "update"], indexes: ["gsi1"], secrets: ["STRIPE_SECRET_KEY"], settings: ["numbers"] },
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
  "POST /api/operator/numbers/repair": {
    ...operator,
    handler: "http/operator-number-repair.handler",
    access: { table: ["get"], secrets: twilio },
    timeoutSeconds: 28,
  },
  "GET /api/operator/margins": { ...operator, handler: "http/operator-margins.handler", access: { table: ["query"] } },
  "GET /api/operator/number-reconciliations": {
    ...operator,
    handler: "http/operator-number-reconciliations.handler",
    access: { table: ["query"] },
  },
  "POST /api/operator/runs": {
    ...operator,
    handler: "http/operator-start-run.handler",
    access: { table: ["get", "put", "update", "delete"], send: ["reports"] },
  },
  "GET /api/operator/runs": { ...operator, handler: "http/operator-runs.handler", access: { table: ["query"] } },
  "GET /api/openapi.json": { ...standard, handler: "http/openapi.handler", auth: "none", access: {}, timeoutSeconds: 5 },
  "GET /api/docs": { ...standard, handler: "http/docs.handler", auth: "none", access: {}, timeoutSeconds: 5 },
  "GET /api/health": { ...standard, handler: "http/health.handler", auth: "none", access: {}, timeoutSeconds: 5 },
};
