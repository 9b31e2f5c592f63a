import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createAuthorizer } from "./authorizer.ts";
import { type Identity, startIdentity } from "./identity.ts";

const APP = "http://127.0.0.1:3000";
const options = { port: 0, clientId: "dashboard", scope: "aira/api", appOrigins: [APP] };
let identity: Identity;
beforeAll(async () => {
  identity = await startIdentity(options);
});
afterAll(() => identity.stop());

const verifier = randomBytes(32).toString("base64url");
const good = {
  response_type: "code",
  client_id: "dashboard",
  redirect_uri: `${APP}/`,
  scope: "openid aira/api",
  state: "s1",
  nonce: "n1",
  code_challenge: createHash("sha256").update(verifier).digest("base64url"),
  code_challenge_method: "S256",
};

const authorize = (query: Record<string, string>) =>
  fetch(`${identity.issuer}/oauth2/authorize?${new URLSearchParams(query)}`, { redirect: "manual" });

async function token(body: Record<string, string>) {
  const response = await fetch(`${identity.issuer}/oauth2/token`, {
    method: "POST",
    headers: { origin: APP },
    body: new URLSearchParams(body),
  });
  return {
    status: response.status,
    cors: response.headers.get("access-control-allow-origin"),
    body: (await response.json()) as Record<string, string>,
  };
}

async function code(user = "asha"): Promise<string> {
  const response = await authorize({ ...good, login_hint: user });
  return new URL(response.headers.get("location") ?? "").searchParams.get("code") ?? "";
}

const exchange = (received: string, change: Record<string, string> = {}) =>
  token({
    grant_type: "authorization_code",
    code: received,
    client_id: "dashboard",
    redirect_uri: `${APP}/`,
    code_verifier: verifier,
    ...change,
  });

test("the discovery document names Cognito's paths", async () => {
  const document = await (await fetch(`${identity.issuer}/.well-known/openid-configuration`)).json();
  expect(document).toMatchObject({
    issuer: identity.issuer,
    authorization_endpoint: `${identity.issuer}/oauth2/authorize`,
    token_endpoint: `${identity.issuer}/oauth2/token`,
    end_session_endpoint: `${identity.issuer}/logout`,
    jwks_uri: `${identity.issuer}/.well-known/jwks.json`,
  });
});

test("the code flow with PKCE gives tokens as Cognito issues them, readable for the app's origin", async () => {
  const redirect = await authorize({ ...good, login_hint: "operator" });
  const back = new URL(redirect.headers.get("location") ?? "");
  expect([redirect.status, back.origin, back.searchParams.get("state")]).toEqual([302, APP, "s1"]);
  const { status, cors, body } = await exchange(back.searchParams.get("code") ?? "");
  expect([status, cors]).toEqual([200, "*"]);
  const access = decodeJwt(body.access_token ?? "");
  expect(access).toMatchObject({
    iss: identity.issuer,
    sub: "operator",
    username: "operator",
    client_id: "dashboard",
    token_use: "access",
    scope: "openid aira/api",
    "cognito:groups": ["operators"],
  });
  expect(access).not.toHaveProperty("aud");
  expect(decodeJwt(body.id_token ?? "")).toMatchObject({
    sub: "operator",
    aud: "dashboard",
    token_use: "id",
    email: "operator@example.com",
    nonce: "n1",
  });
});

test("a refresh token gives a token for the same user, and no second refresh token", async () => {
  const { body } = await exchange(await code());
  const { body: again } = await token({ grant_type: "refresh_token", refresh_token: body.refresh_token ?? "", client_id: "dashboard" });
  expect(decodeJwt(again.access_token ?? "").sub).toBe("asha");
  expect(again).not.toHaveProperty("refresh_token");
});

test("the password grant serves curl, for any name", async () => {
  const { body } = await token({ grant_type: "password", username: "cust_7", password: "any", scope: "aira/api", client_id: "dashboard" });
  expect(decodeJwt(body.access_token ?? "")).toMatchObject({ sub: "cust_7", scope: "aira/api", client_id: "dashboard" });
});

test("without a login hint there is a page that offers the demo users and keeps the request", async () => {
  const response = await authorize({ ...good, state: '"><script>' });
  const page = await response.text();
  for (const user of ["demo", "asha", "operator"]) expect(page).toContain(`name="login_hint" value="${user}"`);
  expect(page).toContain(`value="${good.code_challenge}"`);
  expect(page).not.toContain("<script>");
  expect(response.headers.get("content-security-policy")).toContain(`form-action 'self' ${APP}`);
});

test.each([
  ["another origin", { redirect_uri: "http://127.0.0.1:3001/" }],
  ["an origin that only begins like ours", { redirect_uri: `${APP}.evil.example/` }],
  ["another scheme", { redirect_uri: "javascript:alert(1)" }],
  ["a user name before the host", { redirect_uri: "http://127.0.0.1:3000@evil.example/" }],
  ["an unknown client", { client_id: "other" }],
  ["no PKCE", { code_challenge: "" }],
  ["plain PKCE", { code_challenge_method: "plain" }],
  ["an unknown scope", { scope: "admin" }],
  ["the implicit flow", { response_type: "token" }],
  ["a name that is none", { login_hint: "<b>" }],
])("an authorization with %s is refused on a page, never by a redirect", async (_what, change) => {
  const response = await authorize({ ...good, login_hint: "demo", ...change });
  expect([response.status, response.headers.get("location")]).toEqual([400, null]);
});

test.each([
  ["a wrong verifier", { code_verifier: "A".repeat(43) }],
  ["another redirect_uri", { redirect_uri: `${APP}/other` }],
  ["another client", { client_id: "other" }],
  ["an unknown code", { code: "unknown" }],
])("a code is not exchanged with %s", async (_what, change) => {
  const { status, body } = await exchange(await code(), change);
  expect(status).toBe(400);
  expect(body).not.toHaveProperty("access_token");
});

test("a code is not exchanged without its verifier, nor twice", async () => {
  const first = await code();
  const bare = { grant_type: "authorization_code", code: first, client_id: "dashboard", redirect_uri: `${APP}/` };
  expect(await token(bare)).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
  const second = await code();
  expect((await exchange(second)).status).toBe(200);
  expect((await exchange(second)).status).toBe(400);
});

test("signing out leads back to the app and nowhere else", async () => {
  const leave = (uri: string) =>
    fetch(`${identity.issuer}/logout?client_id=dashboard&logout_uri=${encodeURIComponent(uri)}`, { redirect: "manual" });
  expect((await leave(`${APP}/`)).headers.get("location")).toBe(`${APP}/`);
  expect((await leave("https://evil.example/")).status).toBe(400);
});

test("a damaged key file is named, with what to do", async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "aira-identity-"));
  await writeFile(join(dataDir, "identity-key.json"), "{");
  await expect(startIdentity({ ...options, dataDir })).rejects.toThrow(
    /identity-key.json is damaged: delete it, or start once with --fresh/,
  );
  await rm(dataDir, { recursive: true });
});

test("tokens stay good over a restart that keeps the data folder", async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "aira-identity-"));
  const first = await startIdentity({ ...options, dataDir });
  const minted = await first.mint({ sub: "demo" });
  const port = Number(new URL(first.issuer).port);
  await first.stop();
  const second = await startIdentity({ ...options, port, dataDir });
  const authorizer = createAuthorizer({ issuer: second.issuer, audience: "dashboard", scope: "aira/api", clock: Date.now });
  expect(await authorizer(minted)).toMatchObject({ claims: { sub: "demo" } });
  await second.stop();
  await rm(dataDir, { recursive: true });
});
