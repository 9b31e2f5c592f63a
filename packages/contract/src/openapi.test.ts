import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ERROR_CODES, STATUS_OF_KIND } from "./errors.ts";
import { currentOpenapi, errorsOf } from "./openapi.ts";
import type { Operation } from "./operation.ts";
import { operations } from "./operations.ts";

// biome-ignore lint/suspicious/noExplicitAny: the test walks a document of any shape
type Node = any;
const document: Node = JSON.parse(JSON.stringify(currentOpenapi()));

function* nodes(value: Node): Generator<Node> {
  if (typeof value !== "object" || value === null) return;
  yield value;
  for (const child of Object.values(value)) yield* nodes(child);
}

const resolve = (ref: string): Node =>
  ref
    .replace(/^#\//, "")
    .split("/")
    .reduce((at: Node, part) => at?.[part], document);

const described = Object.entries<Operation>(operations).map(([name, operation]) => ({
  name,
  operation,
  node: document.paths[operation.path]?.[operation.method.toLowerCase()],
}));

test("the committed file is the contract's document (node packages/contract/src/openapi.ts writes it)", () => {
  expect(JSON.parse(readFileSync(new URL("../openapi.json", import.meta.url), "utf8"))).toEqual(document);
});

test("the document says that it is 3.1 and closes nothing that may grow", () => {
  expect(document.openapi).toBe("3.1.0");
  expect(document.components.schemas.TopUp.additionalProperties).toBeUndefined();
  expect(document.components.schemas.CreateCheckoutSessionInput.additionalProperties).toBe(false);
});

test("every $ref resolves inside the document, and no schema keeps an identity of its own", () => {
  const refs = [...nodes(document)].filter((node) => typeof node.$ref === "string");
  expect(refs.length).toBeGreaterThan(20);
  for (const { $ref } of refs) expect(resolve($ref), $ref).toBeDefined();
  for (const node of nodes(document)) {
    expect(node.$schema).toBeUndefined();
    expect(node.$defs).toBeUndefined();
    if (node.$id) throw new Error(`a schema has $id ${node.$id}`);
  }
});

test("every component is used", () => {
  const used = new Set([...nodes(document)].map((node) => node.$ref).filter(Boolean));
  for (const kind of ["schemas", "parameters", "headers"])
    for (const id of Object.keys(document.components[kind])) expect(used).toContain(`#/components/${kind}/${id}`);
  const schemes = new Set([...nodes(document.paths)].flatMap((node) => (node.security ?? []).flatMap(Object.keys)));
  expect([...schemes].sort()).toEqual(Object.keys(document.components.securitySchemes).sort());
});

describe.each(described)("$name", ({ name, operation, node }) => {
  test("stands at its path and method under its own id", () => expect(node?.operationId).toBe(name));

  test("declares each path parameter, and no other", () => {
    const inPath = [...operation.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
    const declared = (node.parameters ?? []).filter((p: Node) => p.in === "path");
    expect(declared.map((p: Node) => p.name)).toEqual(inPath);
    for (const parameter of declared) expect(parameter.required).toBe(true);
  });

  test("asks for an Idempotency-Key exactly when it is idempotent", () => {
    const asks = (node.parameters ?? []).some((p: Node) => p.$ref === "#/components/parameters/IdempotencyKey");
    expect(asks).toBe(operation.idempotent === true);
  });

  test("lists each of its codes under the status of its kind", () => {
    for (const code of errorsOf(operation)) {
      const answer = node.responses[STATUS_OF_KIND[ERROR_CODES[code].kind]];
      expect(answer.content["application/problem+json"].schema.allOf[1].properties.code.enum).toContain(code);
    }
    expect(node.responses[operation.status].content["application/json"].schema).toBeDefined();
  });

  test("is protected as the contract says", () => {
    const expected = { jwt: [{ accessToken: [] }], signature: [{ stripeSignature: [] }], none: [] };
    expect(node.security).toEqual(expected[operation.auth]);
  });
});
