export { type BedrockPorts, createBedrockResponder } from "./bedrock.ts";
export { type BedrockSettings, readBedrockSettings } from "./settings.ts";
