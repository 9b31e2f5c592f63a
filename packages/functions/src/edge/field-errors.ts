import type { FieldError } from "@aira/contract";
import type * as z from "zod/mini";

type Issue = z.core.$ZodIssue;

/** A client with 10,000 wrong fields learns enough from the first ones. */
const MAX_ERRORS = 20;

const KINDS: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "an object",
  array: "a list",
  null: "null",
};

const FORMATS: Readonly<Record<string, string>> = {
  datetime: "a time in UTC like 2026-01-31T12:00:00Z",
  date: "a date like 2026-01-31",
  email: "an e-mail address",
  url: "an absolute http or https URL",
};

/** Names come from the client: only what is harmless to show comes back. */
const shown = (name: PropertyKey): string => {
  const text = String(name).replace(/[^\w.-]/g, "?");
  return text.length > 64 ? `${text.slice(0, 64)}…` : text;
};

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, key) => (typeof at === "object" && at !== null && Object.hasOwn(at, key) ? (at as Record<PropertyKey, unknown>)[key] : undefined),
    root,
  );
}

const one = (field: string, rule: string, must: string): FieldError => ({ field, rule, detail: `${field} ${must}.` });
const counted = (n: number | bigint, noun: string): string => `${n} ${noun}${Number(n) === 1 ? "" : "s"}`;

function bound(field: string, issue: Issue & { code: "too_small" | "too_big" }): FieldError {
  const [least, limit] = issue.code === "too_small" ? [true, issue.minimum] : [false, issue.maximum];
  const side = least ? "at least" : "at most";
  if (issue.origin === "string")
    return one(field, `${least ? "minLength" : "maxLength"} ${limit}`, `must have ${side} ${counted(limit, "character")}`);
  if (issue.origin === "array" || issue.origin === "set")
    return one(field, `${least ? "minItems" : "maxItems"} ${limit}`, `must have ${side} ${counted(limit, "item")}`);
  return one(field, `${least ? "minimum" : "maximum"} ${limit}`, `must be ${side} ${limit}`);
}

function explain(field: string, issue: Issue, value: unknown): FieldError[] {
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => one(`${field}.${shown(key)}`, "unknown", "is not known here"));
    case "invalid_type":
      if (value === undefined) return [one(field, "required", "is required")];
      return [one(field, `type ${issue.expected}`, `must be ${KINDS[issue.expected] ?? `of type ${issue.expected}`}`)];
    case "invalid_value":
      if (value === undefined) return [one(field, "required", "is required")];
      return [
        one(
          field,
          `one of ${issue.values.map(String).join(", ")}`,
          `must be ${issue.values.length > 1 ? "one of " : ""}${issue.values.map(String).join(", ")}`,
        ),
      ];
    case "too_small":
    case "too_big":
      return [bound(field, issue)];
    case "invalid_format": {
      const form = FORMATS[issue.format];
      if (form) return [one(field, `format ${issue.format}`, `must be ${form}`)];
      return [one(field, `pattern ${issue.pattern ?? issue.format}`, `must match ${issue.pattern ?? `the format ${issue.format}`}`)];
    }
    case "not_multiple_of":
      return [one(field, `multiple of ${issue.divisor}`, `must be a multiple of ${issue.divisor}`)];
    case "custom":
      return [one(field, String(issue.params?.rule ?? "valid"), issue.message)];
    default:
      return [one(field, "valid", "is not valid")];
  }
}

/**
 * What is wrong with a part of a request, as sentences that name the field and the rule, and never repeat the value: it may
 * be what the client must not see in a log. zod/mini itself says only "Invalid input"; its English texts cost more than this file.
 */
export function fieldErrors(part: "params" | "query" | "body", issues: readonly Issue[], value: unknown): FieldError[] {
  const errors: FieldError[] = [];
  for (const issue of issues) {
    const field = [part === "params" ? "path" : part, ...issue.path.map(shown)].join(".");
    errors.push(...explain(field, issue, valueAt(value, issue.path)));
    if (errors.length >= MAX_ERRORS) break;
  }
  return errors.slice(0, MAX_ERRORS);
}
