import * as z from "zod";
import { CURRENCIES, MAXIMUM_MINOR } from "./currencies.ts";
import { ParameterFault } from "./fault.ts";
import type { FormValue } from "./form.ts";

type Rule<T> = (text: string) => T | { readonly code: string; readonly message: string };

/** One text parameter: `rule` gives the value, or Stripe's code and message. */
const leaf = <T extends string | number | boolean>(rule: Rule<T>) =>
  z.string().transform((text, context): T => {
    if (text === "") {
      const message =
        "You passed an empty string. We assume empty values are an attempt to unset a parameter; however this one cannot be unset.";
      context.addIssue({ code: "custom", message, params: { code: "parameter_invalid_empty" } });
      return z.NEVER;
    }
    const value = rule(text);
    if (typeof value !== "object") return value;
    context.addIssue({ code: "custom", message: value.message, params: { code: value.code } });
    return z.NEVER;
  });

const text = (maxLength = 5000) =>
  leaf<string>((value) =>
    value.length <= maxLength
      ? value
      : { code: "parameter_invalid_string", message: `Invalid string: ${value.slice(0, 20)}…; must be at most ${maxLength} characters` },
  );

const integer = (minimum: number, maximum = Number.MAX_SAFE_INTEGER) =>
  leaf<number>((value) => {
    const number = Number(value);
    if (!/^-?\d{1,15}$/.test(value)) return { code: "parameter_invalid_integer", message: `Invalid integer: ${value.slice(0, 40)}` };
    if (number < minimum)
      return { code: "parameter_invalid_integer", message: `This value must be greater than or equal to ${minimum} (got ${number}).` };
    if (number > maximum)
      return { code: "parameter_invalid_integer", message: `This value must be less than or equal to ${maximum} (got ${number}).` };
    return number;
  });

const boolean = leaf<boolean>((value) =>
  value === "true" || value === "false"
    ? value === "true"
    : { code: "parameter_invalid_boolean", message: `Invalid boolean: ${value.slice(0, 40)}` },
);

const oneOf = <const T extends string>(...allowed: readonly T[]) =>
  leaf<T>((value) =>
    allowed.includes(value as T)
      ? (value as T)
      : { code: "parameter_invalid_enum", message: `Invalid value: must be one of ${allowed.join(", ")} (got ${value.slice(0, 40)})` },
  );

/** `{CHECKOUT_SESSION_ID}` is a placeholder that Stripe fills in; it may stand anywhere after the origin. */
const url = leaf<string>((value) =>
  /^https?:\/\//i.test(value) && URL.canParse(value) && value.length <= 5000
    ? value
    : { code: "url_invalid", message: "Not a valid URL: an absolute http or https URL is needed" },
);

const email = leaf<string>((value) =>
  /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value) && value.length <= 512
    ? value
    : { code: "email_invalid", message: `Invalid email address: ${value.slice(0, 80)}` },
);

const currency = leaf<string>((value) =>
  Object.hasOwn(CURRENCIES, value.toLowerCase())
    ? value.toLowerCase()
    : {
        code: "currency_not_supported",
        message: `Invalid currency: ${value.slice(0, 10)}. The sandbox supports: ${Object.keys(CURRENCIES).join(", ")}`,
      },
);

const METADATA_KEYS = 50;
const METADATA_KEY_LENGTH = 40;
const METADATA_VALUE_LENGTH = 500;

/** An empty string unsets the whole of it, or one key. */
const metadata = z
  .union([z.literal("").transform((): Record<string, string> => ({})), z.record(z.string(), z.string())])
  .transform((all, context) => {
    const entries = Object.entries(all).filter(([, value]) => value !== "");
    const refuse = (message: string, key?: string) =>
      context.addIssue({
        code: "custom",
        message,
        params: { code: "parameter_invalid_metadata" },
        ...(key !== undefined && { path: [key] }),
      });
    if (entries.length > METADATA_KEYS) refuse(`Metadata can have up to ${METADATA_KEYS} keys (got ${entries.length}).`);
    for (const [key, value] of entries) {
      if (key.length > METADATA_KEY_LENGTH) refuse(`Metadata keys can be up to ${METADATA_KEY_LENGTH} characters long.`, key);
      if (value.length > METADATA_VALUE_LENGTH) refuse(`Metadata values can be up to ${METADATA_VALUE_LENGTH} characters long.`, key);
    }
    return Object.fromEntries(entries) as Record<string, string>;
  });

const expand = z.array(text(300)).optional();
const timestamp = integer(0);
const created = z
  .union([
    z.strictObject({ gt: timestamp, gte: timestamp, lt: timestamp, lte: timestamp }).partial(),
    timestamp.transform((at) => ({ gte: at, lte: at })),
  ])
  .optional();
const listed = { limit: integer(1, 100).default(10), starting_after: text().optional(), ending_before: text().optional(), created, expand };

const priceData = z.strictObject({
  currency,
  unit_amount: integer(0, MAXIMUM_MINOR),
  tax_behavior: oneOf("exclusive", "inclusive", "unspecified").optional(),
  product_data: z.strictObject({
    name: text(250),
    description: text().optional(),
    images: z.array(url).optional(),
    metadata: metadata.optional(),
    tax_code: text().optional(),
  }),
});

/**
 * The parameters of every call, as far as Aira's use of Stripe goes. A parameter that Stripe knows and the sandbox does not model is refused,
 * not silently dropped. `payment_method_types` is no parameter of this API version any more.
 */
export const PARAMETERS = {
  none: z.strictObject({ expand }),
  createCustomer: z.strictObject({
    description: text().optional(),
    email: email.optional(),
    metadata: metadata.default({}),
    name: text(256).optional(),
    phone: text(20).optional(),
    expand,
  }),
  listCustomers: z.strictObject({ ...listed, email: email.optional() }),
  createSession: z.strictObject({
    adaptive_pricing: z.strictObject({ enabled: boolean.optional() }).optional(),
    billing_address_collection: oneOf("auto", "required").optional(),
    cancel_url: url.optional(),
    client_reference_id: text(200).optional(),
    currency: currency.optional(),
    customer: text().optional(),
    customer_creation: oneOf("always", "if_required").optional(),
    customer_email: email.optional(),
    expires_at: timestamp.optional(),
    integration_identifier: text(200).optional(),
    line_items: z
      .array(z.strictObject({ price_data: priceData, quantity: integer(1, 999_999).default(1), metadata: metadata.optional() }))
      .min(1)
      .max(100),
    locale: text(10).optional(),
    metadata: metadata.default({}),
    mode: oneOf("payment"),
    origin_context: oneOf("web", "mobile_app").optional(),
    payment_intent_data: z
      .strictObject({
        capture_method: oneOf("automatic", "automatic_async").optional(),
        description: text(1000).optional(),
        metadata: metadata.optional(),
        receipt_email: email.optional(),
        setup_future_usage: oneOf("off_session", "on_session").optional(),
        statement_descriptor_suffix: text(22).optional(),
      })
      .optional(),
    submit_type: oneOf("auto", "book", "donate", "pay").optional(),
    success_url: url,
    ui_mode: oneOf("hosted_page").optional(),
    expand,
  }),
  listSessions: z.strictObject({
    ...listed,
    customer: text().optional(),
    payment_intent: text().optional(),
    status: oneOf("open", "complete", "expired").optional(),
  }),
  listIntents: z.strictObject({ ...listed, customer: text().optional() }),
  listCharges: z.strictObject({ ...listed, customer: text().optional(), payment_intent: text().optional() }),
  createRefund: z.strictObject({
    amount: integer(1, MAXIMUM_MINOR).optional(),
    charge: text().optional(),
    payment_intent: text().optional(),
    instructions_email: email.optional(),
    metadata: metadata.default({}),
    reason: oneOf("duplicate", "fraudulent", "requested_by_customer").optional(),
    expand,
  }),
  listByPayment: z.strictObject({ ...listed, charge: text().optional(), payment_intent: text().optional() }),
  listBalanceTransactions: z.strictObject({ ...listed, currency: currency.optional(), source: text().optional(), type: text().optional() }),
  listEvents: z.strictObject({ ...listed, type: text().optional(), types: z.array(text()).max(20).optional() }),
} as const;

export type Parameters<Name extends keyof typeof PARAMETERS> = z.output<(typeof PARAMETERS)[Name]>;

const bracketed = ([head, ...rest]: readonly PropertyKey[]): string | undefined =>
  head === undefined ? undefined : `${String(head)}${rest.map((part) => `[${String(part)}]`).join("")}`;

function faultOf(issue: z.core.$ZodIssue): ParameterFault {
  // Each branch of a union says what it misses; the branch that got deepest into the value is the one that was meant.
  if (issue.code === "invalid_union") {
    const deepest = issue.errors.flat().toSorted((a, b) => b.path.length - a.path.length)[0];
    if (deepest) return faultOf({ ...deepest, path: [...issue.path, ...deepest.path] });
  }
  if (issue.code === "unrecognized_keys") {
    const param = bracketed([...issue.path, issue.keys[0] ?? ""]);
    return new ParameterFault(param, "parameter_unknown", `Received unknown parameter: ${param}`);
  }
  const param = bracketed(issue.path);
  if (issue.code === "custom") return new ParameterFault(param, String(issue.params?.code), issue.message);
  if (issue.code === "invalid_type" && issue.input === undefined)
    return new ParameterFault(param, "parameter_missing", `Missing required param: ${param}.`);
  return new ParameterFault(param, undefined, `Invalid ${param ?? "parameters"}: ${issue.message}`);
}

/** The parameters of a call, typed. Throws the `ParameterFault` of the first that is wrong. */
export function parseParameters<Name extends keyof typeof PARAMETERS>(name: Name, form: { [key: string]: FormValue }): Parameters<Name> {
  const parsed = (PARAMETERS[name] as unknown as z.ZodType<Parameters<Name>>).safeParse(form, { reportInput: true });
  if (parsed.success) return parsed.data;
  throw faultOf(parsed.error.issues[0]!);
}
