import { randomBytes } from "node:crypto";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { finished } from "node:stream/promises";
import type { Authorization, Authorizer } from "./authorizer.ts";
import { corsHeaders, isPreflight, preflightHeaders } from "./cors.ts";
import { gatewayEvent, splitTarget } from "./gateway-event.ts";
import { type GatewayResponse, gatewayMessage, gatewayResponse } from "./gateway-response.ts";
import { EventTooLarge, invoke, type LocalFunction } from "./invocation.ts";
import { createRouter, type Match } from "./router.ts";

/** API Gateway's limits. */
const BODY_LIMIT_BYTES = 10 * 1024 * 1024;
const HEADERS_LIMIT_BYTES = 10_240;
const INTEGRATION_TIMEOUT_MS = 30_000;

interface GatewayRoute {
  readonly auth: "jwt" | "none";
  readonly fn: LocalFunction;
}

interface Options {
  readonly routes: Readonly<Record<string, GatewayRoute>>;
  readonly authorize: Authorizer;
  /** Exact origins of other web clients. */
  readonly corsOrigins: readonly string[];
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly log: (line: string) => void;
  readonly integrationTimeoutMs?: number;
}

/** API Gateway's HTTP API in front of the functions: everything below `/api`. */
export function createGateway(options: Options): RequestListener {
  const route = createRouter(options.routes);
  const methods = [...new Set(Object.keys(options.routes).map((key) => key.slice(0, key.indexOf(" "))))];
  return (request, response) => {
    const requestId = randomBytes(11).toString("base64url");
    const cors = corsHeaders(request.headers, options.corsOrigins);
    const complain = (error: unknown) => {
      // A client that has gone is no failure of ours.
      if (!request.socket.destroyed) options.log(`gateway: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    };
    answer(request, requestId)
      .catch((error) => {
        complain(error);
        return gatewayMessage(500, "Internal Server Error");
      })
      .then((result) => send(request, response, { ...result, headers: { ...result.headers, ...cors, "apigw-requestid": requestId } }))
      .catch((error) => {
        complain(error);
        response.destroy();
      });
  };

  async function answer(request: IncomingMessage, requestId: string): Promise<GatewayResponse> {
    if (headerBytes(request) > HEADERS_LIMIT_BYTES) return gatewayMessage(431, "Request Header Fields Too Large");
    if (isPreflight(request.method, request.headers, options.corsOrigins))
      return { status: 204, headers: preflightHeaders(request.headers, options.corsOrigins, methods), cookies: [], body: "" };
    const match = route(request.method ?? "", splitTarget(request.url ?? "/").path);
    if (!match) return gatewayMessage(404, "Not Found");
    if (match.row.auth === "none") return integrate(request, requestId, match, undefined);
    const authorization = await options.authorize(request.headers.authorization);
    if (!("status" in authorization)) return integrate(request, requestId, match, authorization);
    return gatewayMessage(authorization.status, authorization.status === 401 ? "Unauthorized" : "Forbidden", {
      "www-authenticate": authorization.challenge,
    });
  }

  async function integrate(
    request: IncomingMessage,
    requestId: string,
    { row, routeKey, pathParameters }: Match<GatewayRoute>,
    authorization: Authorization | undefined,
  ): Promise<GatewayResponse> {
    const body = await readBody(request);
    if (body === undefined) return gatewayMessage(413, "Request Entity Too Large");
    const event = gatewayEvent({ request, body, routeKey, pathParameters, requestId, now: options.clock(), authorization });
    const { promise, resolve } = Promise.withResolvers<GatewayResponse>();
    const late = () => resolve(gatewayMessage(503, "Service Unavailable"));
    const limit = setTimeout(late, options.integrationTimeoutMs ?? INTEGRATION_TIMEOUT_MS);
    // It answers a failure too, so it never rejects.
    void run(row.fn, event).then(resolve);
    return promise.finally(() => clearTimeout(limit));
  }

  async function run(fn: LocalFunction, event: unknown): Promise<GatewayResponse> {
    try {
      const response = gatewayResponse(await invoke(fn, event));
      if (response) return response;
      options.log(`${fn.name} answered what is no response`);
    } catch (error) {
      if (error instanceof EventTooLarge) return gatewayMessage(413, "Request Entity Too Large");
      options.log(`${fn.name} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
    return gatewayMessage(500, "Internal Server Error");
  }
}

/** The request line and all headers, as API Gateway counts them. */
function headerBytes(request: IncomingMessage): number {
  const line = `${request.method} ${request.url} HTTP/${request.httpVersion}`;
  return Buffer.byteLength(line) + request.rawHeaders.reduce((sum, part) => sum + Buffer.byteLength(part), 0);
}

/** The whole body, or undefined when it is larger than API Gateway takes. Then, too, it is read to its end, so that the client hears the answer. */
function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer | undefined>();
  const chunks: Buffer[] = [];
  let length = 0;
  request.on("data", (chunk: Buffer) => {
    length += chunk.length;
    if (length <= BODY_LIMIT_BYTES) chunks.push(chunk);
    else chunks.length = 0;
  });
  request.once("end", () => resolve(length > BODY_LIMIT_BYTES ? undefined : Buffer.concat(chunks)));
  request.once("error", reject);
  return promise;
}

async function send(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, cookies, body }: GatewayResponse,
): Promise<void> {
  // A refusal may come before the body was read: to answer and close in the middle of it would reset the connection.
  if (!request.complete) await finished(request.resume());
  const bodiless = status === 204 || status === 304;
  const { "content-length": _ours, "transfer-encoding": _none, connection: _hop, "content-type": contentType, ...rest } = headers;
  response.writeHead(status, {
    ...rest,
    ...(bodiless ? {} : { "content-length": Buffer.byteLength(body) }),
    ...(bodiless || contentType === undefined ? {} : { "content-type": contentType }),
    ...(cookies.length > 0 ? { "set-cookie": [...cookies] } : {}),
  });
  response.end(bodiless ? undefined : body);
}
