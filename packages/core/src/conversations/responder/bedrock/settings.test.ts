import { expect, test } from "vitest";
import { readBedrockSettings } from "./settings.ts";

const ARN = "arn:aws:bedrock:eu-central-1:123456789012:guardrail/gr1a2b3c4d5e";
const least = { BEDROCK_MODEL_ID: "amazon.nova-lite-v1:0", AWS_REGION: "eu-central-1" };

test("a model is enough: the region is the function's, and there is no guardrail", () => {
  expect(readBedrockSettings(least)).toMatchObject({
    modelId: "amazon.nova-lite-v1:0",
    region: "eu-central-1",
    guardrail: undefined,
    historyTokens: 2_000,
  });
});

test.each([
  ["gr1a2b3c4d5e:1", { id: "gr1a2b3c4d5e", version: "1" }],
  ["gr1a2b3c4d5e:DRAFT", { id: "gr1a2b3c4d5e", version: "DRAFT" }],
  [`${ARN}:12`, { id: ARN, version: "12" }],
])("the guardrail %s", (value, guardrail) => {
  expect(readBedrockSettings({ ...least, BEDROCK_REGION: "us-west-2", BEDROCK_GUARDRAIL: value })).toMatchObject({
    region: "us-west-2",
    guardrail,
  });
});

test.each([
  [{ BEDROCK_MODEL_ID: "" }, "BEDROCK_MODEL_ID is not set"],
  [{ AWS_REGION: "" }, "neither BEDROCK_REGION nor AWS_REGION is set"],
  [{ BEDROCK_MODEL_ID: "a model" }, "BEDROCK_MODEL_ID must be the id or ARN of a model or inference profile of Bedrock"],
  [{ BEDROCK_GUARDRAIL: "gr1" }, "BEDROCK_GUARDRAIL must be a guardrail's id or ARN, a colon and its version"],
  [{ BEDROCK_REGION: "Frankfurt" }, "BEDROCK_REGION must be a region of AWS, like us-east-1"],
  [{ RESPONDER_TOKENS: "5" }, "RESPONDER_TOKENS must be a whole number from 100 to 100000"],
])("%j is told by its name", (wrong, sentence) => {
  expect(() => readBedrockSettings({ ...least, ...wrong })).toThrow(sentence);
});
