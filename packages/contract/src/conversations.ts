export * from "./conversations/conversation.ts";
export * from "./conversations/operations.ts";
export * from "./conversations/webhooks.ts";
