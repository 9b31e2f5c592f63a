import type { FieldError, Operation } from "@aira/contract";
import { AiraError } from "@aira/core/lib";
import type { MiddlewareObj } from "@middy/core";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import * as z from "zod/mini";
import { fieldErrors } from "./field-errors.ts";
import { parseJson } from "./json.ts";
import { rawBody } from "./raw-body.ts";

/** No operation of the API takes more. */
export const MAX_BODY_BYTES = 64 * 1024;

interface ParsedInput {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
}

export interface WithInput {
  input?: ParsedInput;
}

/** Puts what the operation's schemas make of the request on the event. Errors: all `request.*` but the unknown route. */
export function validated<Event extends APIGatewayProxyEventV2 & WithInput>(operation: Operation): MiddlewareObj<Event> {
  return {
    before: ({ event }) => {
      event.input = readInput(operation, event);
    },
  };
}

function readInput(operation: Operation, event: APIGatewayProxyEventV2): ParsedInput {
  const errors: FieldError[] = [];
  const read = (part: "params" | "query" | "body", value: () => unknown): unknown => {
    const schema = operation[part];
    if (!schema) return undefined;
    const given = value();
    const parsed = z.safeParse(schema, given);
    if (parsed.success) return parsed.data;
    errors.push(...fieldErrors(part, parsed.error.issues, given));
    return undefined;
  };
  // The body of an operation that takes none is ignored, as HTTP has it for GET.
  const input = {
    params: read("params", () => ({ ...event.pathParameters })),
    query: read("query", () => queryOf(event.rawQueryString)),
    body: read("body", () => jsonBody(event)),
  };
  if (errors.length === 0) return input;
  const [first] = errors;
  const detail = errors.length === 1 && first ? first.detail : `${errors.length} fields do not follow the contract.`;
  throw new AiraError("request.invalid", detail, { errors });
}

/**
 * The query, each parameter once. From the raw string, since the gateway joins repeated parameters by comma, and a joined
 * value could pass for one that the client sent.
 */
function queryOf(raw: string): Record<string, string> {
  const pairs = [...new URLSearchParams(raw)];
  const names = pairs.map(([name]) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice === undefined) return Object.fromEntries(pairs);
  const detail = "A query parameter stands twice.";
  throw new AiraError("request.invalid", detail, { errors: [{ field: "query", rule: "each parameter once", detail }] });
}

/** `application/json`, with `charset=utf-8` at most: RFC 8259 knows no other encoding. */
const JSON_TYPE = /^application\/json\s*(?:;\s*charset="?utf-8"?\s*)?$/i;

function jsonBody(event: APIGatewayProxyEventV2): unknown {
  if (!JSON_TYPE.test(event.headers["content-type"]?.trim() ?? "")) {
    const detail = "Send the body as application/json in UTF-8.";
    throw new AiraError("request.media_type", detail, { errors: [{ field: "header.content-type", rule: "application/json", detail }] });
  }
  return parseJson(rawBody(event, MAX_BODY_BYTES));
}
