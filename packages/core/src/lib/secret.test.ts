import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { readSecret, rotating } from "./secret.ts";

/** SSM's GetParameters, as far as it is asked. */
const parameters = new Map<string, string>();
const asked: { target: unknown; authorization: unknown; body: unknown }[] = [];
let server: Server;
let refusals: { readonly status: number; readonly type: string }[] = [];
beforeAll(async () => {
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString()) as { Names: string[] };
    asked.push({ target: request.headers["x-amz-target"], authorization: request.headers.authorization, body });
    const refusal = refusals.shift();
    if (refusal) {
      response.writeHead(refusal.status).end(JSON.stringify({ __type: refusal.type }));
      return;
    }
    const found = body.Names.filter((name) => parameters.has(name));
    response
      .writeHead(200, { "content-type": "application/x-amz-json-1.1" })
      .end(JSON.stringify({ Parameters: found.map((Name) => ({ Name, Value: parameters.get(Name) })), InvalidParameters: [] }));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
});
afterAll(() => new Promise((closed) => server.close(closed)));

const MINUTE = 60_000;
let names = 0;

/** A parameter that no other test has read before. */
function parameter(value?: string): string {
  const name = `/sst/aira/test/Secret/STRIPE_SECRET_KEY/value-${++names}`;
  if (value !== undefined) parameters.set(name, value);
  vi.stubEnv("STRIPE_SECRET_KEY", "");
  vi.stubEnv("STRIPE_SECRET_KEY_PARAMETER", name);
  vi.stubEnv("AWS_ENDPOINT_URL_SSM", `http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  vi.stubEnv("AWS_ACCESS_KEY_ID", "local");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "local");
  asked.length = 0;
  return name;
}
afterEach(() => {
  vi.unstubAllEnvs();
  refusals = [];
});

test("a secret in the environment wins, and nothing is asked for", async () => {
  parameter("sk_test_parameter");
  vi.stubEnv("STRIPE_SECRET_KEY", "sk_test_environment");
  expect(await readSecret("STRIPE_SECRET_KEY")).toBe("sk_test_environment");
  expect(asked).toEqual([]);
});

test("a parameter is read decrypted, by a signed request, and once while it is fresh", async () => {
  const name = parameter(" sk_test_one\n");
  expect(await readSecret("STRIPE_SECRET_KEY", 0)).toBe("sk_test_one");
  expect(await readSecret("STRIPE_SECRET_KEY", 5 * MINUTE - 1)).toBe("sk_test_one");
  expect(asked).toEqual([
    {
      target: "AmazonSSM.GetParameters",
      authorization: expect.stringMatching(/^AWS4-HMAC-SHA256 Credential=local\/\d{8}\/[\w-]+\/ssm\/aws4_request/),
      body: { Names: [name], WithDecryption: true },
    },
  ]);
});

test("a rotated secret takes effect when the cache has run out", async () => {
  const name = parameter("sk_test_old");
  expect(await readSecret("STRIPE_SECRET_KEY", 0)).toBe("sk_test_old");
  parameters.set(name, "sk_test_new");
  expect(await readSecret("STRIPE_SECRET_KEY", 4 * MINUTE)).toBe("sk_test_old");
  expect(await readSecret("STRIPE_SECRET_KEY", 5 * MINUTE)).toBe("sk_test_new");
});

test("a parameter that is missing or empty is told by its name", async () => {
  const missing = parameter();
  await expect(readSecret("STRIPE_SECRET_KEY")).rejects.toThrow(`the parameter ${missing} is missing or empty`);
  const empty = parameter(" ");
  await expect(readSecret("STRIPE_SECRET_KEY")).rejects.toThrow(`the parameter ${empty} is missing or empty`);
});

test("neither a value nor a parameter is a sentence that names both", async () => {
  vi.stubEnv("STRIPE_SECRET_KEY", "");
  vi.stubEnv("STRIPE_SECRET_KEY_PARAMETER", "");
  await expect(readSecret("STRIPE_SECRET_KEY")).rejects.toThrow(
    "STRIPE_SECRET_KEY is not set, and STRIPE_SECRET_KEY_PARAMETER names no parameter",
  );
});

test("a value that breaks the variable's rule is refused without being shown, and is asked for again", async () => {
  const name = parameter("hunter2");
  const error = await readSecret("STRIPE_SECRET_KEY", 0).catch((thrown: unknown) => String(thrown));
  expect(error).toContain("STRIPE_SECRET_KEY must be a secret or restricted key of Stripe");
  expect(error).not.toContain("hunter2");
  parameters.set(name, "sk_test_right");
  expect(await readSecret("STRIPE_SECRET_KEY", 1)).toBe("sk_test_right");
});

test("an answer that is an error is told with its status, and is not remembered", async () => {
  const name = parameter("sk_test_one");
  refusals = [{ status: 400, type: "ValidationException" }];
  await expect(readSecret("STRIPE_SECRET_KEY", 0)).rejects.toThrow(`SSM answered 400 for the parameter ${name}`);
  expect(await readSecret("STRIPE_SECRET_KEY", 1)).toBe("sk_test_one");
});

test.each([
  { status: 500, type: "InternalServerError" },
  { status: 400, type: "ThrottlingException" },
])("SSM that answers $status $type is asked three times", async (refusal) => {
  const name = parameter("sk_test_one");
  refusals = [refusal, refusal];
  expect(await readSecret("STRIPE_SECRET_KEY", 0)).toBe("sk_test_one");
  expect(asked).toHaveLength(3);
  refusals = [refusal, refusal, refusal];
  await expect(readSecret("STRIPE_SECRET_KEY", 10 * MINUTE)).rejects.toThrow(`SSM answered ${refusal.status} for the parameter ${name}`);
  expect(asked).toHaveLength(6);
});

test("SSM that refuses for good is asked once", async () => {
  parameter("sk_test_one");
  refusals = [{ status: 400, type: "AccessDeniedException" }];
  await expect(readSecret("STRIPE_SECRET_KEY", 0)).rejects.toThrow("SSM answered 400");
  expect(asked).toHaveLength(1);
});

test.each([
  ["one", ["one"]],
  ["new,old", ["new", "old"]],
  [" new , old\n", ["new", "old"]],
])("of %j, what is asked with comes first", (secret, values) => {
  expect(rotating(secret)).toEqual(values);
});
