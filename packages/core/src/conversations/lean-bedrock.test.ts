import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { BedrockRuntimeClient as SdkClient, ConverseCommand as SdkCommand } from "@aws-sdk/client-bedrock-runtime";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { createSdkHandler } from "../lib/index.ts";
import { BedrockRuntimeClient, ConverseCommand } from "./lean-bedrock.ts";

interface Asked {
  readonly url: string | undefined;
  readonly body: unknown;
  readonly authorization: string;
}

let server: Server;
let endpoint = "";
const asked: Asked[] = [];
let answer: { readonly status: number; readonly body: string; readonly type?: string };
beforeAll(async () => {
  server = createServer(async (request, response) => {
    asked.push({ url: request.url, body: JSON.parse(await text(request)), authorization: String(request.headers.authorization) });
    response.writeHead(answer.status, { "content-type": "application/json", ...(answer.type ? { "x-amzn-errortype": answer.type } : {}) });
    response.end(answer.body);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  vi.stubEnv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", endpoint);
  vi.stubEnv("AWS_ACCESS_KEY_ID", "local");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "local");
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, "close");
  vi.unstubAllEnvs();
});
beforeEach(() => void asked.splice(0));

const input = {
  modelId: "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.model-v1:0",
  system: [{ text: "Be brief." }],
  messages: [{ role: "user" as const, content: [{ text: "नमस्ते" }] }],
  inferenceConfig: { maxTokens: 100 },
};
const region = "us-east-1";
const requestHandler = createSdkHandler({ connectMs: 1_000, answerMs: 5_000 });
afterAll(() => requestHandler.destroy());

/** The same question by the SDK and by what stands in for it. */
async function both(): Promise<readonly [sdk: unknown, lean: unknown]> {
  const told = (error: unknown) => {
    const { name, $metadata } = error as { name: string; $metadata?: { httpStatusCode?: number } };
    return { name, status: $metadata?.httpStatusCode };
  };
  const sdk = new SdkClient({ region, maxAttempts: 1, endpoint, requestHandler });
  const first = await sdk.send(new SdkCommand(input)).catch(told);
  const second = await new BedrockRuntimeClient({ region, requestHandler }).send(new ConverseCommand(input)).catch(told);
  const bare = (answered: unknown) => {
    const { $metadata, ...rest } = answered as { $metadata?: unknown };
    return rest;
  };
  return [bare(first), bare(second)];
}

test("asks the same, signs for the same service, and reads the same answer", async () => {
  const output = { message: { role: "assistant", content: [{ text: "जी" }] } };
  const usage = { inputTokens: 1, outputTokens: 1, totalTokens: 2 };
  answer = { status: 200, body: JSON.stringify({ output, stopReason: "end_turn", usage, metrics: { latencyMs: 1 } }) };
  const [sdk, lean] = await both();
  expect(lean).toEqual(sdk);
  expect(asked).toHaveLength(2);
  expect(asked[1]?.url).toBe(asked[0]?.url);
  expect(asked[1]?.body).toEqual(asked[0]?.body);
  const scope = ({ authorization }: Asked) => /Credential=[^/]+\/\d+\/([^,]+)/.exec(authorization)?.[1];
  expect(asked.map(scope)).toEqual(["us-east-1/bedrock/aws4_request", "us-east-1/bedrock/aws4_request"]);
});

test.each([
  ["ThrottlingException", 429],
  ["ValidationException", 400],
  ["ModelTimeoutException", 408],
  ["InternalServerException", 500],
])("fails alike: %s", async (type, status) => {
  answer = { status, body: JSON.stringify({ message: "canary" }), type: `${type}:http://internal.amazon.com/` };
  const [sdk, lean] = await both();
  expect(lean).toEqual(sdk);
  expect(lean).toMatchObject({ name: type, status });
});

test("ends with its signal", async () => {
  answer = { status: 200, body: "{}" };
  const sending = new BedrockRuntimeClient({ region, requestHandler }).send(new ConverseCommand(input), {
    abortSignal: AbortSignal.abort(),
  });
  await expect(sending).rejects.toMatchObject({ name: "AbortError" });
});
