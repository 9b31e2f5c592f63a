import type { IncomingHttpHeaders } from "node:http";

// As stacks/api.ts configures them at API Gateway.
const REQUEST_HEADERS = "authorization,content-type,idempotency-key";
const RESPONSE_HEADERS = "content-disposition,idempotency-replayed,link,retry-after,x-request-id";
const MAX_AGE_SECONDS = 3_600;

/** The headers that let an allowed origin read an answer of the API. None for any other origin. */
export function corsHeaders(request: IncomingHttpHeaders, origins: readonly string[]): Record<string, string> {
  if (origins.length === 0) return {};
  const { origin } = request;
  if (origin === undefined || !origins.includes(origin)) return { vary: "origin" };
  return { vary: "origin", "access-control-allow-origin": origin, "access-control-expose-headers": RESPONSE_HEADERS };
}

/** Whether the gateway answers a request itself as a preflight, which it does on every path once CORS is configured. */
export function isPreflight(method: string | undefined, request: IncomingHttpHeaders, origins: readonly string[]): boolean {
  return (
    origins.length > 0 && method === "OPTIONS" && request.origin !== undefined && request["access-control-request-method"] !== undefined
  );
}

/** The headers of the answer to a preflight. `methods` are those of the API's routes. */
export function preflightHeaders(
  request: IncomingHttpHeaders,
  origins: readonly string[],
  methods: readonly string[],
): Record<string, string> {
  const headers = corsHeaders(request, origins);
  if (!("access-control-allow-origin" in headers)) return headers;
  return {
    ...headers,
    "access-control-allow-methods": methods.join(","),
    "access-control-allow-headers": REQUEST_HEADERS,
    "access-control-max-age": String(MAX_AGE_SECONDS),
  };
}
