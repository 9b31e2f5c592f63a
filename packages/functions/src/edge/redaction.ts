import { createHash } from "node:crypto";
import { AiraError, InvariantError } from "@aira/core/lib";

/** Fields that never reach a log, whatever they hold. */
const SECRET_FIELDS = new Set(
  [
    ...["authorization", "token", "accessToken", "idToken", "refreshToken", "secret", "password", "cookie", "cookies", "signature"],
    ...["stripe-signature", "x-twilio-signature", "headers", "claims", "body", "rawBody", "input", "email", "receiptEmail", "phone"],
    ...["phoneNumber", "sub"],
  ].map((name) => name.toLowerCase()),
);

/** Shapes that never reach a log, wherever they stand. */
const SECRET_SHAPES: readonly (readonly [RegExp, string])[] = [
  [/\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?/g, "[token]"],
  [/\b(?:whsec|sk|rk)_\w+/g, "[secret]"],
  [/\b(?:Bearer|Basic)\s+\S+/gi, "[token]"],
  [/[^\s@"'<>()[\]{},;:=]+@[^\s@"'<>()[\]{},;:=]+\.[a-z]{2,}/gi, "[email]"],
  [/\+\d{8,15}\b/g, "[phone]"],
];

/** Tells customers apart in the logs without naming them. */
export const pseudonym = (owner: string): string => createHash("sha256").update(owner).digest("hex").slice(0, 12);

/** Replaces what a log must not hold. In the shape that `JSON.stringify` calls. */
export function redact(key: string, value: unknown): unknown {
  if (SECRET_FIELDS.has(key.toLowerCase())) return "[redacted]";
  if (typeof value !== "string") return value;
  if (key === "owner") return pseudonym(value);
  return SECRET_SHAPES.reduce((text, [shape, mark]) => text.replace(shape, mark), value);
}

interface VendorError extends Error {
  readonly code?: unknown;
  readonly type?: unknown;
  readonly statusCode?: unknown;
  readonly requestId?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: unknown; readonly requestId?: unknown };
  readonly CancellationReasons?: readonly { readonly Code?: unknown }[];
}

const MAX_CAUSES = 5;
const MAX_FRAMES = 12;
const word = (value: unknown): string | undefined => (typeof value === "string" && /^[\w$.:-]{1,80}$/.test(value) ? value : undefined);

/**
 * An error as a log may hold it. Only our own messages are kept: a vendor's may quote a customer's data, and that of
 * `JSON.parse` quotes the body. Of theirs we keep the name, code, status and request id, by which they can be asked.
 */
export function describeError(thrown: unknown, depth = 0): Record<string, unknown> {
  if (!(thrown instanceof Error)) return { name: typeof thrown };
  const error: VendorError = thrown;
  const ours = error instanceof AiraError || error instanceof InvariantError;
  const described = {
    name: word(error.name) ?? "Error",
    message: ours ? error.message : undefined,
    code: word(error.code),
    type: word(error.type),
    status: [error.statusCode, error.$metadata?.httpStatusCode].find((status) => typeof status === "number"),
    vendorRequestId: word(error.requestId) ?? word(error.$metadata?.requestId),
    reasons: Array.isArray(error.CancellationReasons) ? error.CancellationReasons.map((reason) => word(reason.Code) ?? "None") : undefined,
    // The first lines of a stack repeat the message.
    stack: error.stack
      ?.split("\n")
      .filter((line) => /^\s+at /.test(line))
      .slice(0, MAX_FRAMES)
      .map((line) => line.trim()),
    cause: error.cause === undefined || depth >= MAX_CAUSES ? undefined : describeError(error.cause, depth + 1),
  };
  return Object.fromEntries(Object.entries(described).filter(([, value]) => value !== undefined));
}

/** Anything can be thrown; only an Error goes through the formatter that keeps secrets out. */
export const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(`a ${typeof thrown} was thrown`));
