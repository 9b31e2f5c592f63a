export { customerTools } from "./customer-tools.ts";
export { respondInTime } from "./deadline.ts";
export { createEmbeddedResponder } from "./embedded.ts";
export { plainText } from "./plain-text.ts";
export type { Audience, Next, NoReply, Reply, Responder, Said, Tool, ToolResult, Turn } from "./responder.ts";
export type { CustomerToolPorts, ToolPrice, ToolSearch } from "./tool-ports.ts";
