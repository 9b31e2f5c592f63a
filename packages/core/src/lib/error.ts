import { ERROR_CODES, type ErrorCode, type ErrorKind, type FieldError, type ProblemDetails } from "@aira/contract";

interface Options {
  readonly cause?: unknown;
  readonly errors?: readonly FieldError[];
  readonly retryAfterSeconds?: number;
  readonly details?: ProblemDetails;
}

/** Whether the same call may go through later. A queue consumer needs to know nothing else. */
const RETRY: Record<ErrorKind, boolean> = {
  invalid: false,
  unauthenticated: false,
  declined: false,
  forbidden: false,
  not_found: false,
  conflict: false,
  too_large: false,
  unsupported_media: false,
  unprocessable: false,
  internal: true,
  busy: true,
  unknown: true,
};

/**
 * The one visible error. `message` is a sentence that a customer may read; what a vendor said goes to `cause`, which
 * never leaves the process.
 */
export class AiraError extends Error {
  readonly code: ErrorCode;
  readonly kind: ErrorKind;
  readonly retry: boolean;
  readonly errors: readonly FieldError[];
  readonly retryAfterSeconds: number | undefined;
  readonly details: ProblemDetails;

  constructor(code: ErrorCode, message: string, options: Options = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "AiraError";
    this.code = code;
    this.kind = ERROR_CODES[code].kind;
    this.retry = RETRY[this.kind];
    this.errors = options.errors ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.details = options.details ?? {};
  }
}

/** A broken assumption of ours: never the caller's fault, never swallowed. */
export class InvariantError extends Error {
  override readonly name = "InvariantError";
}

export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}
