export * from "./numbers/number.ts";
export * from "./numbers/operations.ts";
export * from "./numbers/phone-number.ts";
export * from "./numbers/settings.ts";
