/**
 * Stands in for `@aws-sdk/client-bedrock-runtime` in the bundles: of its 140 KB, the responder calls one operation, whose request and
 * answer are plain JSON. A signed fetch, as for secrets and queues. A test asks it and the SDK the same.
 */
import type { ConverseCommandInput, ConverseCommandOutput } from "@aws-sdk/client-bedrock-runtime";
import { AwsClient } from "aws4fetch";

export class ConverseCommand {
  readonly input: ConverseCommandInput;

  constructor(input: ConverseCommandInput) {
    this.input = input;
  }
}

interface Sent {
  readonly abortSignal?: AbortSignal;
}

export class BedrockRuntimeClient {
  readonly #region: string;

  constructor({ region }: { readonly region: string }) {
    this.#region = region;
  }

  /** Errors: as the SDK's, with Bedrock's name and the status. `TypeError` when nobody was reached. */
  async send({ input }: ConverseCommand, { abortSignal }: Sent = {}): Promise<ConverseCommandOutput> {
    const { modelId = "", ...body } = input;
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_ENDPOINT_URL_BEDROCK_RUNTIME } = process.env;
    const aws = new AwsClient({
      accessKeyId: AWS_ACCESS_KEY_ID ?? "",
      secretAccessKey: AWS_SECRET_ACCESS_KEY ?? "",
      ...(AWS_SESSION_TOKEN ? { sessionToken: AWS_SESSION_TOKEN } : {}),
      service: "bedrock",
      region: this.#region,
      retries: 0,
    });
    const endpoint = AWS_ENDPOINT_URL_BEDROCK_RUNTIME || `https://bedrock-runtime.${this.#region}.amazonaws.com`;
    const answer = await aws.fetch(`${endpoint}/model/${encodeURIComponent(modelId)}/converse`, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify(body),
      signal: abortSignal ?? null,
    });
    const $metadata = { httpStatusCode: answer.status, requestId: answer.headers.get("x-amzn-requestid") ?? "" };
    if (!answer.ok) throw await failure(answer, $metadata);
    return { ...((await answer.json()) as ConverseCommandOutput), $metadata };
  }
}

/** Only the name, which says what went wrong: the message may quote what was asked. */
async function failure(answer: Response, $metadata: object): Promise<Error> {
  await answer.body?.cancel();
  const [name = ""] = (answer.headers.get("x-amzn-errortype") ?? "").split(":");
  return Object.assign(new Error(`Bedrock answered ${answer.status}`), { name: name || "UnknownError", $metadata });
}
