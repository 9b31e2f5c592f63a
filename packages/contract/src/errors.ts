import * as z from "zod/mini";
import { ERROR_CODES, type ErrorCode } from "./error-codes.ts";

/** One field that broke one rule. `field` is a path like `body.amountMinor`, `query.limit` or `header.idempotency-key`. */
export const FieldError = z.object({ field: z.string(), rule: z.string(), detail: z.string() });
export type FieldError = z.infer<typeof FieldError>;

/** Problem details for HTTP APIs (RFC 9457), the body of every error. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.enum(Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]]),
  detail: z.string(),
  requestId: z.string(),
  errors: z.optional(z.array(FieldError)),
});
export type Problem = z.infer<typeof Problem>;
