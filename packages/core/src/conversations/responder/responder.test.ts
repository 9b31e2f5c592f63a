import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { createBedrockResponder } from "./bedrock/index.ts";
import { type ConverseServer, startConverseServer } from "./converse-server.ts";
import { createEmbeddedResponder } from "./embedded.ts";
import { CASES, expectPromises, playCase } from "./responder-suite.ts";

const rejections: unknown[] = [];
const note = (reason: unknown) => rejections.push(reason);
beforeAll(() => void process.on("unhandledRejection", note));
afterAll(() => void process.off("unhandledRejection", note));
afterEach(() => expect(rejections).toEqual([]));

describe("the embedded responder", () => {
  test.each(CASES)("$promise", async (one) => {
    const outcome = await playCase(createEmbeddedResponder(), one);
    expectPromises(outcome);
    expect(outcome.answer).toHaveProperty("text");
    one.expects?.(outcome);
  });
});

describe("the responder by Bedrock", () => {
  let server: ConverseServer;
  beforeAll(async () => {
    server = await startConverseServer();
  });
  afterAll(() => server.close());
  beforeEach(() => {
    vi.stubEnv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", server.url);
    vi.stubEnv("AWS_ACCESS_KEY_ID", "local");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "local");
  });
  afterEach(() => void vi.unstubAllEnvs());

  const settings = {
    modelId: "model.of-the-test-v1:0",
    region: "us-east-1",
    guardrail: undefined,
    maxTokens: 300,
    temperature: undefined,
    historyTokens: 1_000,
  };

  test.each(CASES)("$promise", async (one) => {
    server.play(...one.script);
    const outcome = await playCase(createBedrockResponder(settings), one);
    expectPromises(outcome);
    if (typeof one.bedrock === "string") expect(outcome.answer).toMatchObject({ failed: one.bedrock });
    else {
      expect(outcome.answer).toMatchObject({ ...one.bedrock, text: one.bedrock?.text ?? expect.any(String) });
      one.expects?.(outcome);
    }
  });
});
