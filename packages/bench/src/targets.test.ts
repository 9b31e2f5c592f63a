import { expect, it } from "vitest";
import type { DeployedHandler } from "./handlers.ts";
import { type BundleClass, bundleClassOf } from "./targets.ts";

it.each<[BundleClass, DeployedHandler["trigger"], DeployedHandler["access"]]>([
  ["webhook ingress", "webhook", { send: ["payments"], secrets: ["STRIPE_WEBHOOK_SECRETS"] }],
  ["wallet API and consumer", "http", { table: ["get"] }],
  ["wallet API and consumer", "consumer", { table: ["get", "put"], settings: ["conversations"] }],
  ["calls Stripe", "schedule", { table: ["get"], secrets: ["STRIPE_SECRET_KEY"] }],
  ["calls Twilio", "http", { secrets: ["TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKENS"] }],
  ["calls Twilio", "webhook", { table: ["get"], secrets: ["TWILIO_AUTH_TOKENS"] }],
  ["Twilio's webhooks", "webhook", { send: ["telephony"], secrets: ["TWILIO_AUTH_TOKENS"] }],
])("%s: a %s that may touch %j", (name, trigger, access) => {
  expect(bundleClassOf({ trigger, access })).toBe(name);
});
