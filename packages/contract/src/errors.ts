import * as z from "zod/mini";
import { ERROR_CODES, type ErrorCode } from "./error-codes.ts";
import { NumberPrice } from "./numbers/number.ts";

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
  /** With `wallet.insufficient_funds`: how much more is needed, in minor units of the currency asked for. */
  missingMinor: z.optional(z.int()),
  /** With `number.price_moved`: the price as it is now. */
  price: z.optional(NumberPrice),
});
export type Problem = z.infer<typeof Problem>;

/** What a refusal can tell beside its sentence. */
export type ProblemDetails = Pick<Problem, "missingMinor" | "price">;
