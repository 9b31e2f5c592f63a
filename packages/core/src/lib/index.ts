export * from "./clock.ts";
export * from "./config.ts";
export * from "./error.ts";
export * from "./id.ts";
export * from "./secret.ts";
