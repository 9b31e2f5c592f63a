import type { IncomingMessage } from "node:http";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { ACCOUNT_ID } from "./account.ts";
import type { Authorization } from "./authorizer.ts";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/** API Gateway uses up headers of the connection, and hands cookies over in a field of their own. */
const NOT_HANDED_OVER = new Set([
  "connection",
  "keep-alive",
  "transfer-encoding",
  "upgrade",
  "te",
  "trailer",
  "proxy-connection",
  "expect",
  "cookie",
]);

interface EventParts {
  readonly request: IncomingMessage;
  readonly body: Buffer;
  /** The row's key: `GET /api/wallet/balance`. */
  readonly routeKey: string;
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly requestId: string;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly authorization?: Authorization | undefined;
}

/** The event of payload format 2.0 that an HTTP API sends to a Lambda. */
export function gatewayEvent({
  request,
  body,
  routeKey,
  pathParameters,
  requestId,
  now,
  authorization,
}: EventParts): APIGatewayProxyEventV2 {
  const { path, rawQueryString } = splitTarget(request.url ?? "/");
  const rawPath = decodePath(path) ?? path;
  const headers = headersOf(request);
  const cookies = (request.headersDistinct.cookie ?? []).flatMap((line) => line.split(";").map((cookie) => cookie.trim())).filter(Boolean);
  const query = queryOf(rawQueryString);
  const base64 = body.length > 0 && !isText(request.headers["content-type"]);
  const host = request.headers.host ?? "127.0.0.1";
  const event = {
    version: "2.0",
    routeKey,
    rawPath,
    rawQueryString,
    ...(cookies.length > 0 ? { cookies } : {}),
    headers,
    ...(rawQueryString === "" ? {} : { queryStringParameters: query }),
    requestContext: {
      accountId: ACCOUNT_ID,
      apiId: "local",
      ...(authorization ? { authorizer: { jwt: authorization } } : {}),
      domainName: host,
      domainPrefix: "local",
      http: {
        method: request.method ?? "GET",
        path: rawPath,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: request.socket.remoteAddress ?? "127.0.0.1",
        userAgent: request.headers["user-agent"] ?? "",
      },
      requestId,
      routeKey,
      stage: "$default",
      time: commonLogTime(now),
      timeEpoch: now,
    },
    ...(Object.keys(pathParameters).length > 0 ? { pathParameters: { ...pathParameters } } : {}),
    ...(body.length > 0 ? { body: body.toString(base64 ? "base64" : "utf8") } : {}),
    isBase64Encoded: base64,
  };
  return event;
}

/** The path and the query of a request target, both as they were sent. */
export function splitTarget(target: string): { readonly path: string; readonly rawQueryString: string } {
  const at = target.indexOf("?");
  return at < 0 ? { path: target, rawQueryString: "" } : { path: target.slice(0, at), rawQueryString: target.slice(at + 1) };
}

/** A path as HTTP APIs hand it over, which is decoded, unlike REST APIs and function URLs. Undefined when its escapes are broken. */
export function decodePath(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

/**
 * Measured at AWS, since its documentation does not list them: these are handed over as text, everything else, forms and
 * bodies without a type included, in base64.
 */
function isText(contentType: string | undefined): boolean {
  const type = (contentType ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
  return type.startsWith("text/") || ["application/json", "application/xml", "application/javascript"].includes(type);
}

function headersOf(request: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = Object.create(null);
  for (const [name, values] of Object.entries(request.headersDistinct)) {
    if (values && !NOT_HANDED_OVER.has(name)) headers[name] = values.join(",");
  }
  const port = request.socket.localPort ?? 0;
  const client = request.socket.remoteAddress ?? "127.0.0.1";
  headers["x-forwarded-for"] = headers["x-forwarded-for"] ? `${headers["x-forwarded-for"]}, ${client}` : client;
  headers["x-forwarded-port"] = String(port);
  headers["x-forwarded-proto"] = "http";
  return headers;
}

function queryOf(rawQueryString: string): Record<string, string> {
  const query: Record<string, string> = Object.create(null);
  for (const [name, value] of new URLSearchParams(rawQueryString)) query[name] = name in query ? `${query[name]},${value}` : value;
  return query;
}

/** `12/Mar/2020:19:03:58 +0000`, the form of web servers' common log. */
function commonLogTime(epochMs: number): string {
  const [date = "", time = ""] = new Date(epochMs).toISOString().split("T");
  const [year, month, day] = date.split("-");
  return `${day}/${MONTHS[Number(month) - 1]}/${year}:${time.slice(0, 8)} +0000`;
}
