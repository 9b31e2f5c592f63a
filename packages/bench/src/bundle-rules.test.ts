import { expect, it } from "vitest";
import { bundleRules, forbiddenModules } from "./bundle-rules.ts";

const bytes = (...paths: string[]) => Object.fromEntries(paths.map((path) => [path, { bytesInOutput: 10 }]));
const found = (access: Parameters<typeof forbiddenModules>[0]["access"], ...paths: string[]) =>
  [...forbiddenModules({ access }, bytes(...paths))].filter(([, modules]) => modules.length > 0).map(([rule]) => rule);

const everything = { table: ["get"], send: ["payments"], secrets: ["STRIPE_SECRET_KEY", "TWILIO_AUTH_TOKENS"], model: true } as const;

it.each([
  ["zod's locales", "node_modules/zod/v4/locales/de.js"],
  ["zod's classic API", "node_modules/zod/v4/classic/schemas.js"],
  ["Twilio's REST client as a whole", "node_modules/twilio/lib/rest/Twilio.js"],
  ["credential providers", "node_modules/@aws-sdk/credential-provider-node/dist-es/index.js"],
  ["credential providers", "node_modules/@smithy/credential-provider-imds/dist-es/index.js"],
  ["Bedrock's own client", "node_modules/@aws-sdk/client-bedrock-runtime/dist-es/BedrockRuntimeClient.js"],
  ["a client of SSM", "node_modules/@aws-sdk/client-ssm/dist-es/SSMClient.js"],
  ["a client of SQS without a queue to look into", "node_modules/@aws-sdk/client-sqs/dist-es/SQSClient.js"],
])("%s is found in any bundle", (rule, path) => {
  expect(found(everything, path)).toEqual([rule]);
});

it("Stripe's SDK is for those who hold its key, DynamoDB for those who have a table", () => {
  const both = ["node_modules/stripe/esm/stripe.core.js", "../node_modules/@aws-sdk/client-dynamodb/dist-es/index.js"];
  expect(found(everything, ...both)).toEqual([]);
  expect(found({ send: ["payments"] }, ...both)).toEqual(["Stripe's SDK without Stripe's key", "DynamoDB without a table"]);
});

it("Twilio's SDK is for those who hold its token, Bedrock for those who may ask a model", () => {
  const both = ["node_modules/twilio/lib/twiml/VoiceResponse.js", "packages/core/src/conversations/lean-bedrock.ts"];
  expect(found(everything, ...both)).toEqual([]);
  expect(found({ table: ["get"] }, ...both)).toEqual(["Twilio's SDK without Twilio's token", "Bedrock without a model to ask"]);
  expect(found({}, "packages/core/src/conversations/responder/bedrock/converse.ts")).toEqual(["Bedrock without a model to ask"]);
});

it("who looks into queues may have their client", () => {
  expect(found({ peek: ["payments"] }, "node_modules/@aws-sdk/client-sqs/dist-es/SQSClient.js")).toEqual([]);
});

it("a module that left no bytes in the bundle is not in it", () => {
  const shaken = { "node_modules/zod/v4/locales/de.js": { bytesInOutput: 0 } };
  expect([...forbiddenModules({ access: everything }, shaken).values()].flat()).toEqual([]);
});

it("what every handler needs is forbidden to none", () => {
  const common = [
    "node_modules/zod/v4/mini/schemas.js",
    "node_modules/zod/v4/core/core.js",
    "node_modules/@middy/core/index.js",
    "packages/functions/src/edge/env-credentials.ts",
  ];
  expect(common.filter((path) => bundleRules.some(({ module }) => module.test(path)))).toEqual([]);
});
