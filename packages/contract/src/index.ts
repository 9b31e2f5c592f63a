export * from "./error-codes.ts";
export * from "./errors.ts";
export * from "./money.ts";
export * from "./operation.ts";
export * from "./operator.ts";
export * from "./payments.ts";
export * from "./system.ts";
export * from "./wallet.ts";
