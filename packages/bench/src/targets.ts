import type { DeployedHandler } from "./handlers.ts";

/** What Aira promises of its own cost. `stretch` is where it would be outstanding. */
export interface Target {
  readonly atMost: number;
  readonly stretch?: number;
}

type BundleClass = "webhook ingress" | "wallet API and consumer" | "calls Stripe" | "calls Twilio";

/** Minified bundles, in decimal kilobytes. */
export const bundleTargets: Readonly<Record<BundleClass, Target>> = {
  "webhook ingress": { atMost: 260, stretch: 60 },
  "wallet API and consumer": { atMost: 300, stretch: 120 },
  "calls Stripe": { atMost: 550 },
  "calls Twilio": { atMost: 400 },
};

/** What a handler's bundle is measured against, by what it may touch. */
export function bundleClassOf({ trigger, access }: Pick<DeployedHandler, "trigger" | "access">): BundleClass {
  if (trigger === "webhook") return "webhook ingress";
  return access.secrets?.includes("STRIPE_SECRET_KEY") ? "calls Stripe" : "wallet API and consumer";
}

export const targets = {
  /** Cold import beyond an empty handler's, as a share of the naive baseline's beyond it. */
  coldImportShare: { atMost: 0.25, stretch: 0.1 },
  forbiddenModules: { atMost: 0 },
  /** At 100 events a second. */
  p99OverP50: { atMost: 6 },
  /** Credits a second of a burst, at least. */
  burstPerSecond: { atLeast: 500 },
  /** The burst's rate over the bare emulator's two-item transactions, at least. */
  burstOfBare: { atLeast: 0.35, stretch: 0.5 },
} as const;
