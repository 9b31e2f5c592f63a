export * from "./numbers/number.ts";
export * from "./numbers/operations.ts";
export * from "./numbers/settings.ts";
