import type { Access } from "./access.ts";

/** Every function is told these, whatever it may touch. */
const common = ["STAGE", "PUBLIC_URL", "LOG_LEVEL", "POWERTOOLS_SERVICE_NAME", "POWERTOOLS_METRICS_NAMESPACE"] as const;

/** The variable that holds a queue's URL, by the queue's name in consumers.ts. */
export const queueVariable = (queue: string) => `${queue.toUpperCase().replaceAll("-", "_")}_QUEUE_URL`;

/** The variable that names a secret's parameter, by the secret's name in secrets.ts. */
export const secretVariable = (secret: string) => `${secret}_PARAMETER`;

/**
 * The variables that a function with this access gets, and no others: what it may not touch it is not told of. In the cloud and
 * on a laptop alike, but that the laptop gives a secret itself where the cloud gives the name of its parameter.
 */
export function environmentNames({ table = [], indexes = [], send = [], secrets = [] }: Access): readonly string[] {
  const tableName = table.length + indexes.length > 0 ? ["TABLE_NAME"] : [];
  return [...common, ...tableName, ...send.map(queueVariable), ...secrets.map(secretVariable)];
}
