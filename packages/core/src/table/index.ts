export { createDocumentClient } from "./client.ts";
export type { Condition } from "./condition.ts";
export * from "./keys.ts";
export * from "./table.ts";
