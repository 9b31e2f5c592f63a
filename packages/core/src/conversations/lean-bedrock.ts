/**
 * Stands in for `@aws-sdk/client-bedrock-runtime` in the bundles: of its 140 KB, the responder calls one operation, whose request and
 * answer are plain JSON. A signed post, as for secrets. A test asks it and the SDK the same.
 */
import type { ConverseCommandInput, ConverseCommandOutput } from "@aws-sdk/client-bedrock-runtime";
import { type createSdkHandler, signedPost, signerOf } from "../lib/index.ts";

export class ConverseCommand {
  readonly input: ConverseCommandInput;

  constructor(input: ConverseCommandInput) {
    this.input = input;
  }
}

interface Sent {
  readonly abortSignal?: AbortSignal;
}

interface Settings {
  readonly region: string;
  /** Sends what is signed. */
  readonly requestHandler: ReturnType<typeof createSdkHandler>;
}

export class BedrockRuntimeClient {
  readonly #settings: Settings;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** Errors: as the SDK's, with Bedrock's name and the status; the handler's own when nobody was reached. */
  async send({ input }: ConverseCommand, { abortSignal }: Sent = {}): Promise<ConverseCommandOutput> {
    const { region, requestHandler } = this.#settings;
    const { modelId = "", ...asked } = input;
    const endpoint = process.env.AWS_ENDPOINT_URL_BEDROCK_RUNTIME || `https://bedrock-runtime.${region}.amazonaws.com`;
    const { protocol, hostname, port, host, pathname: path } = new URL(`${endpoint}/model/${encodeURIComponent(modelId)}/converse`);
    const body = JSON.stringify(asked);
    const plain = { "content-type": "application/json", accept: "application/json" };
    const headers = signedPost({ ...signerOf("bedrock"), region }, host, plain, body, Date.now(), path);
    const { response } = await requestHandler.handle({ protocol, hostname, port, path, headers, body }, { abortSignal });
    const $metadata = { httpStatusCode: response.statusCode, requestId: String(response.headers["x-amzn-requestid"] ?? "") };
    if (response.statusCode < 200 || response.statusCode > 299)
      throw failure(String(response.headers["x-amzn-errortype"] ?? ""), $metadata);
    return { ...(JSON.parse(Buffer.from(response.body).toString()) as ConverseCommandOutput), $metadata };
  }
}

/** Only the name, which says what went wrong: the message may quote what was asked. */
function failure(type: string, $metadata: { readonly httpStatusCode: number }): Error {
  const [name = ""] = type.split(":");
  return Object.assign(new Error(`Bedrock answered ${$metadata.httpStatusCode}`), { name: name || "UnknownError", $metadata });
}
