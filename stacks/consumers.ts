import type { Access } from "./access.ts";

export interface Consumer {
  readonly handler: string;
  readonly access: Access;
  readonly batchSize: number;
  /** How long the poller may wait to fill a batch. */
  readonly batchWindowSeconds: number;
  /** After that many receives a message goes to the dead-letter queue. */
  readonly maxReceives: number;
  readonly timeoutSeconds: number;
  /** At least six times the timeout, as AWS advises for Lambda consumers. */
  readonly visibilitySeconds: number;
  /** At most so many invocations at once. */
  readonly maxConcurrency: number;
  readonly memoryMb: number;
}

/** Queues by name, each with its dead-letter queue `<name>-dead` and its consumer. All are standard queues. */
export const consumers: Readonly<Record<string, Consumer>> = {
  payments: {
    handler: "consumers/payments.handler",
    // The index and the settings are for months that waited for this money.
    access: { table: ["get", "getMany", "put", "update"], indexes: ["gsi1"], secrets: ["STRIPE_SECRET_KEY"], settings: ["numbers"] },
    batchSize: 10,
    batchWindowSeconds: 0,
    maxReceives: 10,
    timeoutSeconds: 60,
    visibilitySeconds: 360,
    // Five at once, ten events each, outrun the door's throttle; more would stand in each other's way where they credit one wallet.
    maxConcurrency: 5,
    memoryMb: 512,
  },
  telephony: {
    handler: "consumers/telephony.handler",
    access: { table: ["get", "put", "update", "delete"], settings: ["conversations"] },
    batchSize: 10,
    batchWindowSeconds: 0,
    maxReceives: 10,
    timeoutSeconds: 60,
    visibilitySeconds: 360,
    maxConcurrency: 20,
    memoryMb: 512,
  },
  // Verifications and reconciliations that operators start: few, long, and resumed by another message where one execution does not suffice.
  reports: {
    handler: "consumers/reports.handler",
    access: {
      table: ["get", "query", "put", "update"],
      indexes: ["gsi1", "gsi2"],
      send: ["reports"],
      secrets: ["STRIPE_SECRET_KEY", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKENS"],
    },
    batchSize: 1,
    batchWindowSeconds: 0,
    // A try that failed comes again after an hour and a half: an operator who asks again has it tried at once.
    maxReceives: 3,
    timeoutSeconds: 900,
    visibilitySeconds: 5_400,
    // The least that SQS takes.
    maxConcurrency: 2,
    memoryMb: 512,
  },
};
