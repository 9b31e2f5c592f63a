/** The parts of an OpenAPI 3.1 document that the page shows. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly default?: unknown;
  readonly description?: string;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}

interface Parameter {
  readonly $ref?: string;
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema?: Schema;
}

interface Media {
  readonly schema?: Schema;
}

interface Answer {
  readonly $ref?: string;
  readonly description?: string;
  readonly content?: Readonly<Record<string, Media>>;
}

interface RawOperation {
  readonly operationId: string;
  readonly tags?: readonly string[];
  readonly summary?: string;
  readonly description?: string;
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content?: Readonly<Record<string, Media>> };
  readonly responses?: Readonly<Record<string, Answer>>;
}

export interface OpenApi {
  readonly info: { readonly title: string; readonly version: string; readonly summary?: string; readonly description?: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, RawOperation>>>>;
  readonly components?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface ApiOperation extends RawOperation {
  readonly method: string;
  readonly path: string;
  readonly tag: string;
}

export const operationsOf = (document: OpenApi): ApiOperation[] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      method: method.toUpperCase(),
      path,
      tag: operation.tags?.[0] ?? path.split("/")[2] ?? "",
    })),
  );

/** What a `$ref` within the document means; anything else is itself. */
export function resolve<T extends { readonly $ref?: string }>(document: OpenApi, value: T): T {
  if (value.$ref === undefined) return value;
  let found: unknown = document;
  for (const part of value.$ref.replace(/^#\//, "").split("/")) found = (found as Readonly<Record<string, unknown>> | undefined)?.[part];
  return (found ?? value) as T;
}

/** The last part of a `$ref`: the name of a schema. */
export const nameOf = ({ $ref }: Schema): string | undefined => $ref?.split("/").at(-1);

const SHORT = 60;

/** A schema in a line: its type, and what bounds it. */
export function lineOf(document: OpenApi, given: Schema): string {
  const schema = resolve(document, given);
  const { type, format, items, minimum, maximum, minLength, maxLength, pattern } = schema;
  const options = schema.anyOf ?? schema.oneOf;
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (options) return options.map((option) => nameOf(option) ?? lineOf(document, option)).join(" | ");
  if (items) return `array of ${nameOf(items) ?? lineOf(document, items)}`;
  const bounds = [
    minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER ? `≥ ${minimum}` : "",
    maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER ? `≤ ${maximum}` : "",
    minLength !== undefined ? `from ${minLength} characters` : "",
    maxLength !== undefined ? `to ${maxLength} characters` : "",
    pattern !== undefined && format === undefined && pattern.length < SHORT ? pattern : "",
    schema.default !== undefined ? `default ${JSON.stringify(schema.default)}` : "",
  ];
  const base = nameOf(given) ?? [format ?? [type ?? "any"].flat().join(" | ")].join("");
  return [base, ...bounds.filter(Boolean)].join(", ");
}
