import { afterAll, beforeAll, expect, test } from "vitest";
import { type Authorizer, createAuthorizer } from "./authorizer.ts";
import { type Identity, startIdentity, type TokenRequest } from "./identity.ts";

let identity: Identity;
let authorize: Authorizer;

beforeAll(async () => {
  identity = await startIdentity({ port: 0, clientId: "dashboard", scope: "aira/api", appOrigins: ["http://127.0.0.1:3000"] });
  authorize = createAuthorizer({ issuer: identity.issuer, audience: "dashboard", scope: "aira/api", clock: Date.now });
});
afterAll(() => identity.stop());

test.each(["Bearer ", "bearer ", ""])("a good access token passes behind %j, its claims as strings", async (prefix) => {
  const token = await identity.mint({ sub: "demo", groups: ["operators", "staff"], claims: { nested: { b: [1, 2], a: true } } });
  const { claims, scopes } = (await authorize(`${prefix}${token}`)) as { claims: Record<string, string>; scopes: string[] };
  expect(scopes).toEqual(["aira/api"]);
  expect(claims).toMatchObject({
    sub: "demo",
    client_id: "dashboard",
    token_use: "access",
    "cognito:groups": "[operators staff]",
    exp: expect.stringMatching(/^\d+$/),
    nested: "map[a:true b:[1 2]]",
  });
});

const accepted: readonly [string, Partial<TokenRequest>][] = [
  ["whose audience is ours", { audience: "dashboard", clientId: "another" }],
  ["with our audience among others", { audience: ["other", "dashboard"] }],
  ["with our scope among others", { scope: "openid aira/api email" }],
  ["with its scopes in scp", { claims: { scope: undefined, scp: ["aira/api"] } }],
];
test.each(accepted)("a token %s passes", async (_what, request) => {
  expect(await authorize(await identity.mint({ sub: "demo", ...request }))).not.toHaveProperty("status");
});

const refused: readonly [string, Partial<TokenRequest>, 401 | 403, string][] = [
  ["that has expired", { expiresInSeconds: -1 }, 401, "expired"],
  ["without an expiry", { claims: { exp: undefined } }, 401, "exp"],
  ["that is not valid yet", { notBeforeSeconds: 60 }, 401, "nbf"],
  ["issued in the future", { claims: { iat: Math.floor(Date.now() / 1_000) + 600 } }, 401, "future"],
  ["of another issuer", { issuer: "https://issuer.example" }, 401, "iss"],
  ["for another audience", { audience: "another" }, 401, "audience"],
  ["for another client", { clientId: "another" }, 401, "audience"],
  ["without audience and client", { claims: { client_id: undefined } }, 401, "audience"],
  ["without the scope", { scope: "openid" }, 403, "insufficient_scope"],
  ["with a scope that only begins like ours", { scope: "aira/api.read" }, 403, "insufficient_scope"],
  ["without any scope", { claims: { scope: undefined } }, 403, "insufficient_scope"],
  ["signed by another key", { signedBy: "stranger" }, 401, "signature"],
  ["with alg none", { signedBy: "nobody" }, 401, "invalid_token"],
];
test.each(refused)("a token %s is refused", async (_what, request, status, reason) => {
  const refusal = await authorize(`Bearer ${await identity.mint({ sub: "demo", ...request })}`);
  expect(refusal).toMatchObject({ status, challenge: expect.stringContaining(reason) });
});

test.each([undefined, "", "Bearer", "Bearer ", "Bearer not-a-token", "Bearer a.b.c", "Basic ZGVtbzpkZW1v", `Bearer ${"x".repeat(8_000)}`])(
  "%j is no token",
  async (header) => {
    expect(await authorize(header)).toMatchObject({ status: 401, challenge: expect.stringMatching(/^Bearer/) });
  },
);

test("an id token is refused, since it carries no scope", async () => {
  const response = await fetch(`${identity.issuer}/oauth2/token`, {
    method: "POST",
    body: new URLSearchParams({ grant_type: "password", username: "demo", password: "demo", scope: "aira/api", client_id: "dashboard" }),
  });
  const { id_token } = (await response.json()) as { id_token: string };
  expect(await authorize(`Bearer ${id_token}`)).toMatchObject({ status: 403 });
});

test("an issuer that does not answer is a refusal, and the next request asks again", async () => {
  const late = createAuthorizer({ issuer: "http://127.0.0.1:9", audience: "dashboard", scope: "aira/api", clock: Date.now });
  const token = await identity.mint({ sub: "demo" });
  for (const _attempt of [1, 2]) expect(await late(token)).toMatchObject({ status: 401, challenge: expect.stringContaining("discovery") });
});
