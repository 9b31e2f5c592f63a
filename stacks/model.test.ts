import { expect, test } from "vitest";
import { modelGrants } from "./model.ts";

const where = { partition: "aws", region: "eu-west-1", account: "111122223333" };

test("with the embedded responder no function may ask a model", () => {
  expect(modelGrants({ RESPONDER: "embedded", BEDROCK_MODEL_ID: "amazon.nova-lite-v1:0" }, where)).toEqual([]);
  expect(modelGrants({}, where)).toEqual([]);
});

test.each([
  ["a model, in the deployment's region", "amazon.nova-lite-v1:0", ["arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-lite-v1:0"]],
  [
    "an inference profile, with its model wherever it answers from",
    "eu.amazon.nova-lite-v1:0",
    [
      "arn:aws:bedrock:eu-west-1:111122223333:inference-profile/eu.amazon.nova-lite-v1:0",
      "arn:aws:bedrock:*::foundation-model/amazon.nova-lite-v1:0",
    ],
  ],
  [
    "an ARN, as it is",
    "arn:aws:bedrock:us-east-1:111122223333:provisioned-model/abc",
    ["arn:aws:bedrock:us-east-1:111122223333:provisioned-model/abc"],
  ],
])("Bedrock may be asked for %s, and for nothing else", (_name, model, resources) => {
  expect(modelGrants({ RESPONDER: "bedrock", BEDROCK_MODEL_ID: model }, where)).toEqual([{ actions: ["bedrock:InvokeModel"], resources }]);
});

test("a guardrail may be applied, by its id and in its region", () => {
  const settings = { RESPONDER: "bedrock", BEDROCK_MODEL_ID: "m", BEDROCK_REGION: "us-west-2", BEDROCK_GUARDRAIL: "gr1:3" };
  expect(modelGrants(settings, where)[1]).toEqual({
    actions: ["bedrock:ApplyGuardrail"],
    resources: ["arn:aws:bedrock:us-west-2:111122223333:guardrail/gr1"],
  });
});
