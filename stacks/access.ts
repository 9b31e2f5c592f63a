/** What a function may touch. The synthesised IAM statements are exactly this, and the local runtime hands out no other environment. */
export interface Access {
  /** Item actions on the table. */
  readonly table?: readonly ("get" | "getMany" | "query" | "put" | "update" | "delete" | "check")[];
  /** Indexes it may query. */
  readonly indexes?: readonly ("gsi1" | "gsi2")[];
  /** Queues it may send to, by their name in consumers.ts. */
  readonly send?: readonly string[];
  /** Queues whose messages and dead letters it may count. */
  readonly count?: readonly string[];
  /** Queues whose dead letters it may look at. */
  readonly peek?: readonly string[];
  /** Queues whose dead letters it may bring back. */
  readonly redrive?: readonly string[];
  /** Secrets it may read, by their name in secrets.ts. */
  readonly secrets?: readonly ("STRIPE_SECRET_KEY" | "STRIPE_WEBHOOK_SECRETS" | "TWILIO_ACCOUNT_SID" | "TWILIO_AUTH_TOKENS")[];
  /** Whether it may ask the model that RESPONDER, BEDROCK_MODEL_ID and BEDROCK_GUARDRAIL name. */
  readonly model?: true;
  /** Configuration that it is told, by its group in environment.ts. */
  readonly settings?: readonly ("numbers" | "prices" | "regulation" | "conversations" | "responder")[];
}
