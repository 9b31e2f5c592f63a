import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import * as z from "zod/mini";
import { ERROR_CODES, STATUS_OF_KIND } from "./error-codes.ts";
import { currentOpenapi, errorsOf } from "./openapi.ts";
import type { Operation } from "./operation.ts";
import { operations } from "./operations.ts";

const Schema = z.record(z.string(), z.unknown());
const Parameter = z.union([
  z.strictObject({ $ref: z.string() }),
  z.strictObject({ name: z.string(), in: z.enum(["path", "query"]), required: z.boolean(), schema: Schema }),
]);
const Content = (type: string) => z.strictObject({ [type]: z.strictObject({ schema: Schema }) });
const Response = z.strictObject({
  description: z.string().check(z.minLength(1)),
  headers: z.record(z.string(), z.strictObject({ $ref: z.string() })),
  // A 204 has none.
  content: z.optional(
    z.union([
      Content("application/json"),
      Content("text/xml"),
      Content("application/problem+json"),
      z.extend(Content("application/json"), { "text/csv": z.strictObject({ schema: Schema }) }),
    ]),
  ),
});
const Described = z.strictObject({
  operationId: z.string(),
  tags: z.array(z.string()),
  summary: z.string(),
  description: z.optional(z.string()),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  parameters: z.optional(z.array(Parameter)),
  requestBody: z.optional(
    z.strictObject({
      required: z.literal(true),
      content: z.union([Content("application/json"), Content("application/x-www-form-urlencoded")]),
    }),
  ),
  responses: z.record(z.string().check(z.regex(/^[2-5]\d\d$/)), Response),
});

/** As much of OpenAPI 3.1 as the document uses: a field that is misspelt or in the wrong place fails here. */
const OpenApi = z.strictObject({
  openapi: z.literal("3.1.0"),
  info: z.strictObject({
    title: z.string(),
    version: z.string(),
    summary: z.string(),
    description: z.string(),
    license: z.strictObject({ name: z.string(), identifier: z.string() }),
  }),
  servers: z.array(z.strictObject({ url: z.string() })),
  paths: z.record(z.string().check(z.startsWith("/api/")), z.partialRecord(z.enum(["get", "post", "patch", "delete"]), Described)),
  components: z.strictObject({
    schemas: z.record(z.string(), Schema),
    headers: z.record(z.string(), z.strictObject({ description: z.string(), schema: Schema })),
    parameters: z.record(
      z.string(),
      z.strictObject({ name: z.string(), in: z.literal("header"), required: z.literal(true), description: z.string(), schema: Schema }),
    ),
    securitySchemes: z.record(z.string(), z.looseObject({ type: z.enum(["http", "apiKey"]) })),
  }),
});

const document = OpenApi.parse(JSON.parse(JSON.stringify(currentOpenapi())));

type Node = Readonly<Record<string, unknown>>;
function* nodes(value: unknown): Generator<Node> {
  if (typeof value !== "object" || value === null) return;
  yield value as Node;
  for (const child of Object.values(value)) yield* nodes(child);
}

const resolve = (ref: string): unknown =>
  ref
    .replace(/^#\//, "")
    .split("/")
    .reduce<unknown>((at, part) => (at as Node | undefined)?.[part], document);

const described = Object.entries<Operation>(operations).map(([name, operation]) => {
  const method = operation.method.toLowerCase() as "get";
  return { name, operation, node: document.paths[operation.path]?.[method] };
});

test("the committed file is the contract's document (node packages/contract/src/openapi.ts writes it)", () => {
  expect(JSON.parse(readFileSync(new URL("../openapi.json", import.meta.url), "utf8"))).toEqual(document);
});

test("inputs are closed, and answers may grow", () => {
  expect(document.components.schemas.TopUp?.additionalProperties).toBeUndefined();
  expect(document.components.schemas.CreateCheckoutSessionInput?.additionalProperties).toBe(false);
});

test("whatever an operator may do is for operators alone", () => {
  for (const { name, operation } of described)
    expect(operation.group, name).toBe(operation.path.startsWith("/api/operator/") ? "operators" : undefined);
});

test("an adjustment of nothing is no valid one", () => {
  expect(document.components.schemas.AdjustInput).toMatchObject({ properties: { amountMinor: { not: { const: 0 } } } });
});

test("every $ref resolves inside the document, and no schema keeps an identity of its own", () => {
  const refs = [...nodes(document)].map((node) => node.$ref).filter((ref) => typeof ref === "string");
  expect(refs.length).toBeGreaterThan(20);
  for (const ref of refs) expect(resolve(ref), ref).toBeDefined();
  for (const node of nodes(document)) {
    expect(node.$schema).toBeUndefined();
    expect(node.$defs).toBeUndefined();
    expect(node.$id).toBeUndefined();
  }
});

test("every component is used", () => {
  const used = new Set([...nodes(document)].map((node) => node.$ref).filter(Boolean));
  for (const kind of ["schemas", "parameters", "headers"] as const)
    for (const id of Object.keys(document.components[kind])) expect(used).toContain(`#/components/${kind}/${id}`);
  const schemes = new Set(described.flatMap(({ node }) => (node?.security ?? []).flatMap(Object.keys)));
  expect([...schemes].sort()).toEqual(Object.keys(document.components.securitySchemes).sort());
});

describe.each(described)("$name", ({ name, operation, node }) => {
  test("stands at its path and method under its own id", () => expect(node?.operationId).toBe(name));

  test("declares each path parameter, and no other", () => {
    const inPath = [...operation.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
    const declared = (node?.parameters ?? []).filter((parameter) => "in" in parameter && parameter.in === "path");
    expect(declared.map((parameter) => "name" in parameter && parameter.name)).toEqual(inPath);
    for (const parameter of declared) expect(parameter).toMatchObject({ required: true });
  });

  test("asks for an Idempotency-Key exactly when it is idempotent", () => {
    const asks = (node?.parameters ?? []).some(
      (parameter) => "$ref" in parameter && parameter.$ref === "#/components/parameters/IdempotencyKey",
    );
    expect(asks).toBe(operation.idempotent === true);
  });

  test("lists each of its codes under the status of its kind", () => {
    for (const code of errorsOf(operation)) {
      const answer = node?.responses[STATUS_OF_KIND[ERROR_CODES[code].kind]];
      expect(answer?.content).toMatchObject({
        "application/problem+json": {
          schema: { allOf: [{ $ref: "#/components/schemas/Problem" }, { properties: { code: { enum: expect.arrayContaining([code]) } } }] },
        },
      });
    }
    const content = node?.responses[operation.status]?.content;
    if (operation.status === 204 || operation.status === 302) expect(content).toBeUndefined();
    else expect(content).toHaveProperty([operation.type ?? "application/json"]);
  });

  test("is protected as the contract says", () => {
    const groups = operation.group === undefined ? [] : [operation.group];
    const expected = {
      jwt: [{ accessToken: groups }],
      signature: [{ [operation.signedBy === "twilio" ? "twilioSignature" : "stripeSignature"]: [] }],
      none: [],
    };
    expect(node?.security).toEqual(expected[operation.auth]);
    if (operation.group !== undefined) expect(node?.description).toContain(`For the group \`${operation.group}\` only.`);
  });

  test("answers the same while it is not settled, exactly when it may be", () => {
    // Where 202 is the answer itself, there is no other.
    const unsettled = operation.status === 202 ? undefined : node?.responses["202"]?.content;
    expect(unsettled).toEqual(operation.unsettled && node?.responses[operation.status]?.content);
  });

  test("says so exactly when it can answer a file", () => {
    expect("text/csv" in (node?.responses[operation.status]?.content ?? {})).toBe(operation.csv === true);
  });
});
