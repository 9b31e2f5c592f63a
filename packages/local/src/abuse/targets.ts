import { readFileSync } from "node:fs";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";

/** A piece of JSON Schema, as far as this suite looks into it. */
export interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly format?: string;
  readonly [keyword: string]: unknown;
}

interface Parameter {
  readonly name: string;
  readonly required: boolean;
  readonly schema: Schema;
}

/** The groups that the suite is run by. */
export type Group = "wallet" | "payments" | "numbers" | "conversations" | "webhook" | "telephony" | "system" | "operator";

/** One operation as a stranger sees it: from the published document, not from the code. */
export interface Target {
  readonly id: string;
  readonly group: Group;
  readonly method: string;
  /** With `{name}` for each path parameter. */
  readonly path: string;
  readonly auth: "jwt" | "signature" | "none";
  readonly params: readonly Parameter[];
  readonly query: readonly Parameter[];
  readonly body: Schema | undefined;
  /** Needs an Idempotency-Key. */
  readonly keyed: boolean;
  /** The status of success. */
  readonly success: number;
  /** The codes that the document promises for each status of failure. */
  readonly codes: ReadonlyMap<number, readonly string[]>;
}

type Json = Readonly<Record<string, unknown>>;

const document = JSON.parse(readFileSync(new URL(import.meta.resolve("@aira/contract/openapi.json")), "utf8")) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Json>>>>;
};

/** The value with every reference into the document replaced by what it names. */
function resolved(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(resolved);
  if (typeof value !== "object" || value === null) return value;
  const { $ref, ...rest } = value as Json;
  if (typeof $ref === "string")
    return resolved(
      $ref
        .split("/")
        .slice(1)
        .reduce<unknown>((at, name) => (at as Json)[name], document),
    );
  return Object.fromEntries(Object.entries(rest).map(([name, part]) => [name, resolved(part)]));
}

interface OperationObject {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly security: readonly Json[];
  readonly parameters?: readonly (Parameter & { readonly in: string })[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Json }>> }>>;
}

function authOf({ security }: OperationObject): Target["auth"] {
  if (security.some((scheme) => "accessToken" in scheme)) return "jwt";
  return security.length > 0 ? "signature" : "none";
}

/** Operators' routes are those whose tag says so; what is left of the others goes by who may call it. */
function groupOf(operation: OperationObject): Group {
  const auth = authOf(operation);
  // Forms under another vendor's signature: attacked beside their handlers, over the same signatures' rules.
  if (auth === "signature") return "twilioSignature" in (operation.security[0] ?? {}) ? "telephony" : "webhook";
  if (auth === "none") return "system";
  const [tag = ""] = operation.tags;
  if (/^(operator|admin)/.test(tag)) return "operator";
  if (tag.startsWith("number")) return "numbers";
  if (/^(conversation|chatbot)/.test(tag)) return "conversations";
  return tag.startsWith("payment") ? "payments" : "wallet";
}

function codesOf(responses: OperationObject["responses"]): Target["codes"] {
  const codes = new Map<number, readonly string[]>();
  for (const [status, { content }] of Object.entries(responses)) {
    const parts = content?.["application/problem+json"]?.schema.allOf as readonly Schema[] | undefined;
    const named = parts?.flatMap(({ properties }) => (properties?.code?.enum as readonly string[] | undefined) ?? []);
    // The schema of all problems lists every code; the operation's own part comes last.
    if (parts && named) codes.set(Number(status), (parts.at(-1)?.properties?.code?.enum as readonly string[] | undefined) ?? named);
  }
  return codes;
}

function targetOf(path: string, method: string, operation: OperationObject): Target {
  const { operationId, parameters = [], requestBody, responses } = operation;
  const auth = authOf(operation);
  return {
    id: operationId,
    group: groupOf(operation),
    method: method.toUpperCase(),
    path,
    auth,
    params: parameters.filter((parameter) => parameter.in === "path"),
    query: parameters.filter((parameter) => parameter.in === "query"),
    // What a vendor signs has no schema of ours.
    body: auth === "signature" ? undefined : requestBody?.content["application/json"]?.schema,
    keyed: parameters.some(({ name }) => name === "Idempotency-Key"),
    success: Number(Object.keys(responses).find((status) => status.startsWith("2") || status === "302") ?? 200),
    codes: codesOf(responses),
  };
}

/** Every operation of openapi.json: one that is added there is attacked from then on. */
export const targets: readonly Target[] = Object.entries(document.paths)
  .flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => targetOf(path, method, resolved(operation) as OperationObject)),
  )
  .filter(({ group }) => group !== "telephony");

export const targetsOf = (group: Group): readonly Target[] => targets.filter((target) => target.group === group);

/** Operations that wait at a queue, a second and more: what is merely odd is tried on them less, what is bad as ever. */
export const waits = ({ id }: Target): boolean => id === "listDeadLetters" || id === "redriveQueue";

/** One operation of each group stands for the others where it is the gateway that answers, and the request is large. */
export const isFirstOfGroup = (target: Target): boolean => targetsOf(target.group)[0] === target;

/** The methods that a path of the document answers: its own, and those of a path whose parameter a word of it may be. */
export function methodsOf(path: string): readonly string[] {
  const words = path.split("/");
  const reaches = (other: readonly string[]) =>
    other.length === words.length && other.every((word, at) => word === words[at] || word.startsWith("{"));
  return targets.filter((target) => reaches(target.path.split("/"))).map(({ method }) => method);
}

/** Formats that come without a pattern of their own in the document. */
const FORMATS = { uri: (text: string) => URL.canParse(text), "date-time": true, date: true, email: true } as const;

const ajv = new Ajv2020({ strict: false, formats: FORMATS });
const checks = new Map<Schema, ValidateFunction>();

/**
 * Whether the published schema takes a value. It knows less than the API (rules over several fields), so the API may refuse
 * what this takes, but must refuse what this does not.
 */
export function conforms(schema: Schema, value: unknown): boolean {
  const check = checks.get(schema) ?? ajv.compile(schema);
  checks.set(schema, check);
  return check(value);
}

const decoded = (segment: string): string | undefined => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
};

/** Whether a path, however it is spelt, is one of an operation's. */
export function reachesAny(path: string): boolean {
  const sent = path.split("?")[0]?.split("/").map(decoded) ?? [];
  return targets.some((target) => {
    const segments = target.path.split("/");
    return (
      segments.length === sent.length &&
      segments.every((segment, at) => (segment.startsWith("{") ? Boolean(sent[at]) : segment === sent[at]))
    );
  });
}

/** A parameter's text as the value that the document means by it: a number has one spelling, that of JSON. */
export function parameterValue({ type }: Schema, text: string): unknown {
  if ((type === "integer" || type === "number") && /^-?(0|[1-9]\d*)(\.\d+)?$/.test(text)) return Number(text);
  if (type === "boolean" && (text === "true" || text === "false")) return text === "true";
  return text;
}
