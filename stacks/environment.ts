import type { Access } from "./access.ts";

/** Every function is told these, whatever it may touch. */
const common = ["STAGE", "PUBLIC_URL", "LOG_LEVEL", "POWERTOOLS_SERVICE_NAME", "POWERTOOLS_METRICS_NAMESPACE"] as const;

/** What the operator decides, by what it is about. A function is told the groups that its `access` names. */
export const settingVariables = {
  /** How many numbers a customer may have, and what becomes of an unpaid one. */
  numbers: [
    "NUMBERS_PER_OWNER",
    "PURCHASES_PER_DAY",
    "NUMBER_REMINDER_DAYS",
    "NUMBER_GRACE_DAYS",
    "NUMBER_SUSPENDED_DAYS",
    "NUMBER_COOL_DOWN_DAYS",
  ],
  prices: ["EXCHANGE_RATES"],
  /** What is on file at Twilio for countries that ask for it. */
  regulation: ["TWILIO_ADDRESSES", "TWILIO_BUNDLES"],
  /** How far a wallet may get below zero, when its owner is told, how long what was said is kept. */
  conversations: ["OVERDRAFT_MINOR", "LOW_BALANCE_MINOR", "CONVERSATION_DAYS"],
  /** Who answers. */
  responder: ["RESPONDER", "BEDROCK_MODEL_ID", "BEDROCK_REGION", "BEDROCK_GUARDRAIL", "RESPONDER_TOKENS"],
} as const satisfies Record<NonNullable<Access["settings"]>[number], readonly string[]>;

/** The variable that holds a queue's URL, by the queue's name in consumers.ts. */
export const queueVariable = (queue: string) => `${queue.toUpperCase().replaceAll("-", "_")}_QUEUE_URL`;

/** The variable that holds the URL of a queue's dead letters. */
export const deadQueueVariable = (queue: string) => queueVariable(`${queue}-dead`);

/** The variable that names a secret's parameter, by the secret's name in secrets.ts. */
export const secretVariable = (secret: string) => `${secret}_PARAMETER`;

/**
 * The variables that a function with this access gets, and no others: what it may not touch it is not told of. In the cloud and
 * on a laptop alike, but that the laptop gives a secret itself where the cloud gives the name of its parameter.
 */
export function environmentNames(access: Access): readonly string[] {
  const { table = [], indexes = [], send = [], count = [], peek = [], redrive = [], secrets = [], settings = [] } = access;
  const tableName = table.length + indexes.length > 0 ? ["TABLE_NAME"] : [];
  const queues = [...new Set([...send, ...count, ...redrive])].map(queueVariable);
  const deadQueues = [...new Set([...count, ...peek, ...redrive])].map(deadQueueVariable);
  const told = settings.flatMap((group) => settingVariables[group]);
  return [...common, ...tableName, ...queues, ...deadQueues, ...secrets.map(secretVariable), ...told];
}
