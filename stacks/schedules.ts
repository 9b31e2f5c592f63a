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
    access: { table: ["get", "put", "update", "delete"], indexes: ["gsi2"], secrets: ["STRIPE_SECRET_KEY"] },
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
};
