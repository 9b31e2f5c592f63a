import type { BedrockRuntimeClientConfig } from "@aws-sdk/client-bedrock-runtime";

interface Request {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

/** The runtime sets these itself, and alike. */
const OWN_HEADERS: ReadonlySet<string> = new Set(["host", "content-length"]);

/**
 * The SDK's requests by `fetch`. Its own handler for Bedrock speaks HTTP/2, opens a connection for each request, and fails behind proxies that
 * don't ("http2 request did not get a response"); this one speaks HTTP/1.1 and keeps its connection.
 */
export const fetchHandler = (): NonNullable<BedrockRuntimeClientConfig["requestHandler"]> => ({
  metadata: { handlerProtocol: "http/1.1" },
  async handle(request: Request, { abortSignal }: { readonly abortSignal?: unknown } = {}) {
    const { protocol, hostname, port, path, method, body } = request;
    const headers = Object.entries(request.headers).filter(([name]) => !OWN_HEADERS.has(name.toLowerCase()));
    const response = await fetch(`${protocol}//${hostname}${port ? `:${port}` : ""}${path}`, {
      method,
      headers,
      redirect: "manual",
      ...(body === undefined ? {} : { body }),
      ...(abortSignal instanceof AbortSignal ? { signal: abortSignal } : {}),
    });
    return { response: { statusCode: response.status, headers: Object.fromEntries(response.headers), body: response.body } };
  },
});
