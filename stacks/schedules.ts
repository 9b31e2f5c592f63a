import type { Access } from "./access.ts";

export interface Schedule {
  readonly handler: string;
  readonly access: Access;
  /** An EventBridge rate. */
  readonly every: `rate(${number} ${"minute" | "minutes" | "hour" | "hours" | "day" | "days"})`;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
}

/** What runs by the clock. Every one may run late, twice or beside itself without harm. */
export const schedules: Readonly<Record<string, Schedule>> = {
  sweepTopUps: {
    handler: "schedules/sweep-top-ups.handler",
    access: {
      table: ["get", "put", "update", "delete"],
      indexes: ["gsi1", "gsi2"],
      secrets: ["STRIPE_SECRET_KEY"],
      settings: ["numbers"],
    },
    every: "rate(5 minutes)",
    timeoutSeconds: 300,
    memoryMb: 512,
  },
  expireHolds: {
    handler: "schedules/expire-holds.handler",
    access: { table: ["get", "put", "update"], indexes: ["gsi2"] },
    every: "rate(5 minutes)",
    timeoutSeconds: 300,
    memoryMb: 512,
  },
  // Purchases without an answer, reminders, months, suspensions, releases: whatever is due.
  tendNumbers: {
    handler: "schedules/tend-numbers.handler",
    access: {
      table: ["get", "put", "update"],
      indexes: ["gsi2"],
      secrets: ["TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKENS"],
      settings: ["numbers"],
    },
    every: "rate(5 minutes)",
    timeoutSeconds: 300,
    memoryMb: 512,
  },
  // Hands orphans to nobody: giving a number back for ever is for a person, by the command line.
  reconcileNumbers: {
    handler: "schedules/reconcile-numbers.handler",
    access: {
      table: ["get", "put"],
      indexes: ["gsi1", "gsi2"],
      secrets: ["TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKENS"],
    },
    every: "rate(1 day)",
    timeoutSeconds: 900,
    memoryMb: 512,
  },
  // Every hour what is new since the wallet's checkpoint, which costs little; each wallet's whole history once a week, spread over
  // the hours by when that was last done. A tampered balance is known within the hour, not the next day.
  verifyLedger: {
    handler: "schedules/verify-ledger.handler",
    access: { table: ["get", "query", "put", "update"], indexes: ["gsi2"] },
    every: "rate(1 hour)",
    timeoutSeconds: 300,
    memoryMb: 512,
  },
  // A day is counted once, soon after it is finished in UTC; the other runs find nothing to do, or go on where a large one stopped.
  dailyTotals: {
    handler: "schedules/daily-totals.handler",
    access: { table: ["get", "query", "put"], indexes: ["gsi2"] },
    every: "rate(1 hour)",
    timeoutSeconds: 300,
    memoryMb: 512,
  },
  // The provider's prices come hours after a call: days that lack some are looked at again.
  margin: {
    handler: "schedules/margin.handler",
    access: {
      table: ["get", "getMany", "query", "put"],
      secrets: ["TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKENS"],
      settings: ["prices"],
    },
    every: "rate(1 day)",
    timeoutSeconds: 900,
    memoryMb: 512,
  },
  reconcilePayments: {
    handler: "schedules/reconcile-payments.handler",
    access: { table: ["get", "query", "put"], indexes: ["gsi2"], secrets: ["STRIPE_SECRET_KEY"] },
    every: "rate(1 day)",
    timeoutSeconds: 900,
    memoryMb: 512,
  },
};
