/** What went wrong, in the caller's terms. One kind has one HTTP status. */
export const STATUS_OF_KIND = {
  invalid: 400,
  unauthenticated: 401,
  declined: 402,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  unsupported_media: 415,
  unprocessable: 422,
  internal: 500,
  busy: 503,
  unknown: 503,
} as const;

export type ErrorKind = keyof typeof STATUS_OF_KIND;

/** Every code that a client can see: stable, dotted, with the kind that decides its status. */
export const ERROR_CODES = {
  "request.invalid": { kind: "invalid", title: "The request does not follow the contract" },
  "request.not_json": { kind: "invalid", title: "The body is not valid JSON" },
  "request.too_large": { kind: "too_large", title: "The request is too large" },
  "request.media_type": { kind: "unsupported_media", title: "The content type is not supported" },
  "request.route_unknown": { kind: "not_found", title: "No such route" },
  "cursor.invalid": { kind: "invalid", title: "The cursor is not one of this list" },
  "auth.required": { kind: "unauthenticated", title: "A valid access token is required" },
  "auth.forbidden": { kind: "forbidden", title: "This token may not do that" },
  "idempotency.key_required": { kind: "invalid", title: "The Idempotency-Key header is required" },
  "idempotency.key_invalid": { kind: "invalid", title: "The Idempotency-Key header is not valid" },
  "idempotency.key_reused": { kind: "unprocessable", title: "This Idempotency-Key was used with another request" },
  "idempotency.in_progress": { kind: "conflict", title: "The first request with this Idempotency-Key is still running" },
  "webhook.signature_invalid": { kind: "invalid", title: "The signature does not verify" },
  "wallet.insufficient_funds": { kind: "declined", title: "The wallet holds too little money" },
  "wallet.restricted": { kind: "declined", title: "The wallet is restricted until its negative balance is covered" },
  "wallet.frozen": { kind: "declined", title: "The wallet is frozen" },
  "wallet.not_found": { kind: "not_found", title: "No such wallet" },
  "service.busy": { kind: "busy", title: "The service is busy" },
  "wallet.busy": { kind: "busy", title: "The wallet is busy" },
  "operation.conflict": { kind: "conflict", title: "This operation was already done with other terms" },
  "top_up.not_found": { kind: "not_found", title: "No such top-up" },
  "top_up.expired": { kind: "conflict", title: "This top-up has expired" },
  "quarantine.not_found": { kind: "not_found", title: "No such finding" },
  "queue.not_found": { kind: "not_found", title: "No such queue" },
  "payment_provider.refused": { kind: "internal", title: "The payment provider refused the request" },
  "payment_provider.unavailable": { kind: "busy", title: "The payment provider is not available" },
  "outcome.unknown": { kind: "unknown", title: "The outcome is not known yet" },
  "internal.failure": { kind: "internal", title: "Something failed on our side" },
} as const satisfies Record<string, { kind: ErrorKind; title: string }>;

export type ErrorCode = keyof typeof ERROR_CODES;
