import type { Access } from "./access.ts";

/** Every function is told these, whatever it may touch. */
const common = ["STAGE", "PUBLIC_URL", "LOG_LEVEL", "POWERTOOLS_SERVICE_NAME", "POWERTOOLS_METRICS_NAMESPACE"] as const;

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
  const { table = [], indexes = [], send = [], count = [], peek = [], redrive = [], secrets = [] } = access;
  const tableName = table.length + indexes.length > 0 ? ["TABLE_NAME"] : [];
  const queues = [...new Set([...send, ...count, ...redrive])].map(queueVariable);
  const deadQueues = [...new Set([...count, ...peek, ...redrive])].map(deadQueueVariable);
  return [...common, ...tableName, ...queues, ...deadQueues, ...secrets.map(secretVariable)];
}
