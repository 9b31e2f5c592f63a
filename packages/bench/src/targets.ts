import type { DeployedHandler } from "./handlers.ts";

/** What Aira promises of its own cost. `stretch` is where it would be outstanding. */
export interface Target {
  readonly atMost: number;
  readonly stretch?: number;
}

export type BundleClass = "webhook ingress" | "wallet API and consumer" | "calls Stripe" | "calls Twilio" | "Twilio's webhooks";

/** Minified bundles, in decimal kilobytes. */
export const bundleTargets: Readonly<Record<BundleClass, Target>> = {
  "webhook ingress": { atMost: 260, stretch: 60 },
  "wallet API and consumer": { atMost: 300, stretch: 120 },
  "calls Stripe": { atMost: 550 },
  "calls Twilio": { atMost: 400 },
  "Twilio's webhooks": { atMost: 300 },
};

/**
 * What a handler's bundle is measured against, by what it may touch. Whoever answers callers does more than a webhook: it reads the table and
 * speaks TwiML.
 */
export function bundleClassOf({ trigger, access: { secrets = [], table = [] } }: Pick<DeployedHandler, "trigger" | "access">): BundleClass {
  const isTwilio = secrets.some((secret) => secret.startsWith("TWILIO_"));
  if (secrets.includes("STRIPE_SECRET_KEY")) return "calls Stripe";
  if (isTwilio) return trigger === "webhook" && table.length === 0 ? "Twilio's webhooks" : "calls Twilio";
  return trigger === "webhook" ? "webhook ingress" : "wallet API and consumer";
}

export const targets = {
  /** Cold import beyond an empty handler's, as a share of the naive baseline's beyond it: whole `stripe`, `twilio`, `zod` and SDK. */
  coldImportShare: { atMost: 0.25, stretch: 0.1 },
  forbiddenModules: { atMost: 0 },
  operations: {
    purchase: { transactions: { atMost: 2 }, reads: { atMost: 2 }, writeUnits: { atMost: 12 } },
    lookup: { calls: { atMost: 1 }, readUnits: { atMost: 0.5 } },
    listing: { calls: { atMost: 1 } },
    answer: { calls: { atMost: 3 } },
  },
  /** At 100 events a second. */
  p99OverP50: { atMost: 6 },
  /** Credits a second of a burst, at least. */
  burstPerSecond: { atLeast: 500 },
  /** The burst's rate over the bare emulator's two-item transactions, at least. */
  burstOfBare: { atLeast: 0.35, stretch: 0.5 },
} as const;
