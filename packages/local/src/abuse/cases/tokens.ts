import { createPublicKey } from "node:crypto";
import { decodeJwt, decodeProtectedHeader, type JWK, SignJWT } from "jose";
import { type Attack, byGateway, type Expected } from "../attack.ts";
import { canaries } from "../canaries.ts";
import type { Scene } from "../scene.ts";
import type { Target } from "../targets.ts";

const BY_API: Expected = { by: "api", status: 401, code: "auth.required" };

/** A token, or the whole header, and who refuses it. */
export interface BadToken {
  readonly name: string;
  /** The Authorization header. Undefined: none. */
  readonly header: string | undefined;
  readonly expected: Expected;
  /** Must not be logged, nor come back. */
  readonly secret?: string;
}

/** Every token that opens nothing. The gateway's authorizer refuses most; the API itself what the authorizer cannot tell. */
export async function badTokens({ runtime, tokens }: Scene): Promise<BadToken[]> {
  const { identity } = runtime;
  if (!identity) throw new Error("tokens come from the local identity provider");
  const { clientId, issuer } = identity;
  const sub = canaries.owner;
  const found: BadToken[] = [];
  const header = (name: string, value: string | undefined, expected: Expected = byGateway(401)) =>
    void found.push({ name, header: value, expected, ...(value && value.length > 24 ? { secret: value.slice(-24) } : {}) });
  const token = (name: string, value: string, expected?: Expected) => header(name, `Bearer ${value}`, expected);
  const minted = async (name: string, request: Partial<Parameters<typeof identity.mint>[0]>, expected?: Expected) =>
    token(name, await identity.mint({ sub, ...request }), expected);

  header("none", undefined);
  header("an empty header", "");
  header("a scheme alone", "Bearer");
  header("a scheme and spaces", "Bearer    ");
  header("another scheme", `Basic ${Buffer.from(`${canaries.owner}:password`).toString("base64")}`);
  header("a good token under another scheme", `Token ${tokens.victim}`);
  header("a good token and a word", `Bearer ${tokens.victim} x`);
  header("two good tokens", `Bearer ${tokens.victim},${tokens.victim}`);
  header("a quoted token", `Bearer "${tokens.victim}"`);
  const [head = "", body = "", signature = ""] = tokens.victim.split(".");
  const spoilt: Readonly<Record<string, string>> = {
    "a word": canaries.forgedToken,
    "an e-mail address": canaries.owner,
    dots: "..",
    "many dots": ".".repeat(500),
    "two parts": `${head}.${body}`,
    "four parts": `${tokens.victim}.x`,
    "no signature": `${head}.${body}.`,
    "no body": `${head}..${signature}`,
    "no header": `.${body}.${signature}`,
    "a signature that is cut": tokens.victim.slice(0, -4),
    "another signature": `${head}.${body}.${"A".repeat(signature.length)}`,
    "the signature of another token": `${head}.${body}.${tokens.stranger.split(".")[2]}`,
    "the body of another token": `${head}.${tokens.operator.split(".")[1]}.${signature}`,
    "parts in another order": `${body}.${head}.${signature}`,
    "no JSON in the header": `${Buffer.from("x").toString("base64url")}.${body}.${signature}`,
    "null for a header": `${Buffer.from("null").toString("base64url")}.${body}.${signature}`,
    "no JSON in the body": `${head}.${Buffer.from("{").toString("base64url")}.${signature}`,
    "standard base64": tokens.victim.replaceAll("-", "+").replaceAll("_", "/").replace(/^eyJ/, "+yJ"),
    "in lower case": tokens.victim.toLowerCase(),
    "Latin-1": `${head}.${body}.\u00e9\u00e8`,
    "9,000 characters": "x".repeat(9_000),
    "9,000 characters in three parts": `${"a".repeat(3_000)}.${"b".repeat(3_000)}.${"c".repeat(3_000)}`,
  };
  for (const [what, value] of Object.entries(spoilt)) token(what, value);
  token("enormous", "x".repeat(20_000), byGateway(431));
  await minted("signed, and enormous", { claims: { note: "x".repeat(12_000) } }, byGateway(431));

  await minted("expired a second ago", { expiresInSeconds: -1 });
  await minted("expired a day ago", { expiresInSeconds: -86_400 });
  await minted("not yet valid", { notBeforeSeconds: 600 });
  await minted("issued in the future", { claims: { iat: Math.floor(Date.now() / 1_000) + 600 } });
  await minted("without an expiry", { claims: { exp: undefined } });
  await minted("with an expiry in words", { claims: { exp: "tomorrow" } });
  await minted("of another issuer", { issuer: "https://evil.example" });
  await minted("of the issuer and a slash", { issuer: `${issuer}/` });
  await minted("of an issuer in capitals", { issuer: issuer.toUpperCase() });
  await minted("without an issuer", { claims: { iss: undefined } });
  await minted("for another client", { clientId: "another" });
  await minted("without a client", { claims: { client_id: undefined } });
  await minted("for another audience", { audience: "another" });
  await minted("for no audience", { audience: [] });
  await minted("for the client in capitals", { clientId: clientId.toUpperCase() });
  await minted("without a scope", { scope: "" }, byGateway(403));
  await minted("without the claim of scopes", { claims: { scope: undefined } }, byGateway(403));
  await minted("of another scope", { scope: "openid email" }, byGateway(403));
  await minted("of a scope that begins so", { scope: `${identity.scope}.read` }, byGateway(403));
  await minted("of a scope in capitals", { scope: identity.scope.toUpperCase() }, byGateway(403));
  await minted("signed by another key", { signedBy: "stranger" });
  await minted("signed by nobody", { signedBy: "nobody" });

  await minted("without a subject", { claims: { sub: undefined } }, BY_API);
  await minted("of an empty subject", { sub: "" }, BY_API);
  await minted("of a subject of 129 characters", { sub: "s".repeat(129) }, BY_API);
  await minted("of a subject with a space", { sub: "two words" }, BY_API);
  await minted("of a subject with a line feed", { sub: "user\nadmin" }, BY_API);
  await minted("of a subject with NUL", { sub: "user\u0000admin" }, BY_API);
  await minted("of a subject with DEL", { sub: "user\u007f" }, BY_API);
  await minted("of a subject in another script", { sub: "Аlice" }, BY_API);
  await minted("of a subject with a right-to-left override", { sub: "\u202eadmin" }, BY_API);
  await minted("of a subject of emoji", { sub: "💸" }, BY_API);
  await minted("that is an ID token by its use", { claims: { token_use: "id" } }, BY_API);
  await minted("that is a refresh token by its use", { claims: { token_use: "refresh" } }, BY_API);
  await minted("of no use", { claims: { token_use: "" } }, BY_API);

  for (const algorithm of ["none", "None", "NONE", "nOnE", "HS256", "ES256", "RS1", ""]) {
    const forged = Buffer.from(JSON.stringify({ ...decodeProtectedHeader(tokens.victim), alg: algorithm })).toString("base64url");
    token(`of the algorithm "${algorithm}"`, `${forged}.${body}.${signature}`);
    token(`of the algorithm "${algorithm}", unsigned`, `${forged}.${body}.`);
  }
  const changed = (fields: object) =>
    `${Buffer.from(JSON.stringify({ ...decodeProtectedHeader(tokens.victim), ...fields })).toString("base64url")}.${body}.${signature}`;
  token("without a key id", changed({ kid: undefined }));
  token("of an unknown key id", changed({ kid: "another" }));
  token("of a key id with a path", changed({ kid: "../../dev/null" }));
  token("of a key of its own", changed({ jwk: { kty: "oct", k: "AA" } }));
  token("of a key at another address", changed({ jku: "https://evil.example/jwks.json" }));
  token("of a critical extension", changed({ crit: ["exp"] }));

  const { keys } = (await (await fetch(`${issuer}/.well-known/jwks.json`)).json()) as { keys: (JWK & { kid: string })[] };
  for (const key of keys)
    for (const format of ["pem", "der"] as const) {
      const secret = createPublicKey({ key, format: "jwk" }).export({ type: "spki", format } as { type: "spki"; format: "pem" });
      const signer = new SignJWT(decodeJwt(tokens.operator)).setProtectedHeader({ alg: "HS256", kid: key.kid });
      token(`signed with the public key as a password, ${format}`, await signer.sign(Buffer.from(secret)));
    }

  const granted = await fetch(`${issuer}/oauth2/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "password",
      username: "stranger",
      password: "x",
      client_id: clientId,
      scope: `openid ${identity.scope}`,
    }),
  });
  const grant = (await granted.json()) as { id_token?: string; refresh_token?: string };
  if (!grant.refresh_token) throw new Error("the identity provider granted no refresh token");
  token("that is a refresh token", grant.refresh_token);
  // An ID token has no scope, by which the gateway knows it.
  if (grant.id_token) token("that is an ID token", grant.id_token, byGateway(403));
  return found;
}

/** One operation with every bad token in turn. */
export function tokenAttacks(target: Target, scene: Scene, tokens: readonly BadToken[]): Attack[] {
  const good = scene.good(target);
  const plain = good.headers.filter(([name]) => name !== "authorization");
  return tokens.map(({ name, header, expected, secret }) => ({
    name: `token ${name}`,
    request: { ...good, headers: header === undefined ? plain : [["authorization", header] as const, ...plain] },
    expected,
    marks: secret === undefined ? [] : [secret],
  }));
}
