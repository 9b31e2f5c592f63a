import { hash } from "node:crypto";
import type { DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import { invariant } from "./error.ts";
import { signedPost } from "./signature.ts";

type SignerConstructor = NonNullable<DynamoDBClientConfig["signerConstructor"]>;
type SignerOptions = ConstructorParameters<SignerConstructor>[0];
type RequestSigner = InstanceType<SignerConstructor>;
type HttpRequest = Parameters<RequestSigner["sign"]>[0];
type SigningArguments = Parameters<RequestSigner["sign"]>[1];

/** What may be given as a value or as a way to get it. */
const provided = <T>(given: T | (() => Promise<T>)): T | Promise<T> =>
  typeof given === "function" ? (given as () => Promise<T>)() : given;

/**
 * Signs in place of the SDK's own signer, whose every hash is a promise: a seventh of the processor time of a call. The SDK makes one for
 * each request, and still provides the credentials (and renews them), the region, and the time, corrected by the service's own clock.
 * For services that are posted to as JSON, as DynamoDB and SQS.
 */
export class SynchronousSigner implements RequestSigner {
  readonly #options: SignerOptions;

  constructor(options: SignerOptions) {
    this.#options = options;
  }

  async sign(request: HttpRequest, { signingDate, signingRegion, signingService }: SigningArguments = {}): Promise<HttpRequest> {
    const { credentials: given, region, service } = this.#options;
    const { accessKeyId, secretAccessKey, sessionToken } = await provided(given);
    const signer = {
      service: signingService ?? service,
      region: signingRegion ?? (await provided(region)),
      accessKeyId,
      secretAccessKey,
      sessionToken,
    };
    const { body, path } = request;
    invariant(request.method === "POST" && Object.keys(request.query ?? {}).length === 0, "only posts without a query are signed here");
    invariant(typeof body === "string" || body instanceof Uint8Array, "a request is signed as a whole");
    // Two dates would contradict each other: the SDK's signer drops it too.
    const { host = "", date: _, ...rest } = request.headers;
    const headers = { ...rest, "x-amz-content-sha256": hash("sha256", body) };
    return { ...request, headers: signedPost(signer, host, headers, body, new Date(signingDate ?? Date.now()).getTime(), path) };
  }
}
