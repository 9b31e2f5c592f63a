import { AiraError } from "@aira/core/lib";

interface BodyEvent {
  readonly body?: string | undefined;
  readonly isBase64Encoded: boolean;
}

/** The bytes of a request's body as they came. Errors: `request.too_large`. */
export function rawBody({ body = "", isBase64Encoded }: BodyEvent, maxBytes: number): Buffer {
  const bytes = Buffer.from(body, isBase64Encoded ? "base64" : "utf8");
  if (bytes.byteLength > maxBytes) {
    const detail = `The body must be at most ${maxBytes} bytes.`;
    throw new AiraError("request.too_large", detail, { errors: [{ field: "body", rule: `maximum ${maxBytes} bytes`, detail }] });
  }
  return bytes;
}
