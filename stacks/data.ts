import type { StackContext } from "sst/constructs";
import { audit } from "./audit.ts";
import { createTable } from "./database.ts";
import { createQueues } from "./queues.ts";

/** What is kept: the table, and the queues with their dead letters. A stack of its own, so that replacing the application cannot touch it. */
export function Data({ stack }: StackContext) {
  const table = createTable(stack);
  const queues = createQueues(stack);
  audit(stack);
  return { table, queues };
}
