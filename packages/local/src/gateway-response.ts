/** What goes back over the wire. */
export interface GatewayResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  /** Text stays text: Node then sends it together with the headers. */
  readonly body: string | Buffer;
}

/** An answer of the gateway itself, in API Gateway's form, which an HTTP API cannot be told to change. */
export function gatewayMessage(status: number, message: string, headers: Readonly<Record<string, string>> = {}): GatewayResponse {
  return {
    status,
    headers: { ...headers, "content-type": "application/json" },
    cookies: [],
    body: JSON.stringify({ message }),
  };
}

/**
 * Reads a function's result as payload format 2.0: an object with `statusCode` is a response, anything else is the body of a
 * 200. Undefined when a response makes no sense, which API Gateway answers with 500.
 */
export function gatewayResponse(result: unknown): GatewayResponse | undefined {
  if (!isRecord(result) || !("statusCode" in result)) {
    const body = typeof result === "string" ? result : JSON.stringify(result);
    return { status: 200, headers: { "content-type": "application/json" }, cookies: [], body };
  }
  const { statusCode, headers = {}, cookies = [], body = "", isBase64Encoded = false } = result;
  if (typeof statusCode !== "number" || !Number.isInteger(statusCode) || statusCode < 200 || statusCode > 599) return undefined;
  if (!isRecord(headers) || !Array.isArray(cookies) || typeof isBase64Encoded !== "boolean") return undefined;
  if (body !== null && typeof body !== "string") return undefined;
  const named: Record<string, string> = { "content-type": "text/plain;charset=UTF-8" };
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") return undefined;
    named[name.toLowerCase()] = String(value);
  }
  return {
    status: statusCode,
    headers: named,
    cookies: cookies.map(String),
    body: isBase64Encoded ? Buffer.from(body ?? "", "base64") : (body ?? ""),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
