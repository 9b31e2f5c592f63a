import { randomUUID } from "node:crypto";
import { generateKeyPair, importJWK, type JWK, SignJWT, UnsecuredJWT } from "jose";

const TOKEN_SECONDS = 3_600;

/** A token to make by hand, for tests. Every field has the value of a good access token unless it is given. */
export interface TokenRequest {
  readonly sub: string;
  readonly scope?: string;
  /** `client_id`, as Cognito's access tokens carry it. */
  readonly clientId?: string;
  /** `aud`, which they do not carry. */
  readonly audience?: string | string[];
  readonly issuer?: string;
  readonly groups?: readonly string[];
  /** Negative: it has expired. */
  readonly expiresInSeconds?: number;
  /** `nbf`, from now. */
  readonly notBeforeSeconds?: number;
  /** Claims to add or replace. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** By the issuer's key; by another key under the issuer's key id; or not at all (`alg: none`). */
  readonly signedBy?: "issuer" | "stranger" | "nobody";
}

/** The claims of an access token as Cognito issues them, but for times. */
export function accessClaims(login: {
  readonly sub: string;
  readonly groups: readonly string[];
  readonly scope: string;
  readonly clientId: string;
}) {
  return {
    sub: login.sub,
    ...(login.groups.length > 0 ? { "cognito:groups": login.groups } : {}),
    client_id: login.clientId,
    token_use: "access",
    scope: login.scope,
    username: login.sub,
    version: 2,
    jti: randomUUID(),
  };
}

/** Makes any token, good or bad. */
export async function mintToken(request: TokenRequest, issuer: string, clientId: string, scope: string, key: JWK): Promise<string> {
  const now = Math.floor(Date.now() / 1_000);
  const payload = {
    ...accessClaims({
      sub: request.sub,
      groups: request.groups ?? [],
      scope: request.scope ?? scope,
      clientId: request.clientId ?? clientId,
    }),
    iss: request.issuer ?? issuer,
    iat: now + Math.min(0, request.expiresInSeconds ?? 0),
    exp: now + (request.expiresInSeconds ?? TOKEN_SECONDS),
    ...(request.notBeforeSeconds === undefined ? {} : { nbf: now + request.notBeforeSeconds }),
    ...(request.audience === undefined ? {} : { aud: request.audience }),
    ...request.claims,
  };
  if (request.signedBy === "nobody") return new UnsecuredJWT(payload).encode();
  const signingKey = request.signedBy === "stranger" ? (await generateKeyPair("RS256")).privateKey : await importJWK(key, "RS256");
  return new SignJWT(payload).setProtectedHeader({ alg: "RS256", typ: "JWT", kid: key.kid ?? "" }).sign(signingKey);
}
