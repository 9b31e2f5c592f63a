import { createRemoteJWKSet, decodeProtectedHeader, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from "jose";

/** What the authorizer hands to the function as `requestContext.authorizer.jwt`. */
export interface Authorization {
  /** Every claim as a string, arrays as `[a b]`. */
  readonly claims: Record<string, string>;
  /** The scopes of the token that the route accepts. */
  readonly scopes: string[];
}

/** A refusal in API Gateway's terms. `challenge` is its `www-authenticate` header. */
export interface Refusal {
  readonly status: 401 | 403;
  readonly challenge: string;
}

interface AuthorizerOptions {
  readonly issuer: string;
  readonly audience: string;
  readonly scope: string;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

export type Authorizer = (header: string | undefined) => Promise<Authorization | Refusal>;

const ALGORITHMS = ["RS256", "RS384", "RS512"];
const DISCOVERY_TIMEOUT_MS = 5_000;

/**
 * API Gateway's JWT authorizer: signature by the issuer's published keys, issuer, expiry, start and issue time, then the
 * audience (`client_id` counts only where `aud` is absent, as in Cognito's access tokens), then the scope.
 */
export function createAuthorizer(options: AuthorizerOptions): Authorizer {
  const { issuer, audience, scope, clock } = options;
  let keys: Promise<JWTVerifyGetKey> | undefined;
  return async (header) => {
    const token = (header ?? "").replace(/^bearer\s+/i, "").trim();
    if (token === "") return { status: 401, challenge: "Bearer" };
    keys ??= discoverKeys(issuer);
    let getKey: JWTVerifyGetKey;
    try {
      getKey = await keys;
    } catch {
      // The next request asks again.
      keys = undefined;
      return invalid("OIDC discovery endpoint communication error");
    }
    const claims = await verify(token, getKey, issuer, clock());
    if (typeof claims === "string") return invalid(claims);
    const audiences = claims.aud === undefined ? [claims.client_id] : [claims.aud].flat();
    if (!audiences.includes(audience)) return invalid("the token does not have a valid audience");
    if (!scopesOf(claims).includes(scope))
      return {
        status: 403,
        challenge: `Bearer scope="${scope}" error="insufficient_scope" error_description="the token does not have a valid scope"`,
      };
    return { claims: Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, claimText(value)])), scopes: [scope] };
  };

  function invalid(description: string): Refusal {
    return { status: 401, challenge: `Bearer scope="${scope}" error="invalid_token" error_description="${description}"` };
  }
}

/** The claims, or what is wrong with the token. */
async function verify(token: string, getKey: JWTVerifyGetKey, issuer: string, nowMs: number): Promise<JWTPayload | string> {
  try {
    if (decodeProtectedHeader(token).kid === undefined) return "the token names no key";
    const { payload } = await jwtVerify(token, getKey, {
      issuer,
      algorithms: ALGORITHMS,
      requiredClaims: ["exp"],
      currentDate: new Date(nowMs),
    });
    if (payload.iat !== undefined && payload.iat * 1_000 > nowMs + 1_000) return "the token is issued in the future";
    return payload;
  } catch (error) {
    if (error instanceof errors.JWTExpired) return "the token has expired";
    if (error instanceof errors.JWTClaimValidationFailed) return `the token does not have a valid ${error.claim} claim`;
    if (error instanceof errors.JWKSNoMatchingKey) return "the token names no key of the issuer";
    if (error instanceof errors.JOSEAlgNotAllowed) return "the token's signing method is not accepted";
    if (error instanceof errors.JWSSignatureVerificationFailed) return "the token's signature does not verify";
    // Whatever else is wrong with it, it is no token of ours.
    return "the token is malformed";
  }
}

async function discoverKeys(issuer: string): Promise<JWTVerifyGetKey> {
  const response = await fetch(`${issuer}/.well-known/openid-configuration`, { signal: AbortSignal.timeout(DISCOVERY_TIMEOUT_MS) });
  if (!response.ok) throw new Error(`the issuer's discovery document answered ${response.status}`);
  const { jwks_uri } = (await response.json()) as { jwks_uri: string };
  return createRemoteJWKSet(new URL(jwks_uri));
}

function scopesOf(claims: JWTPayload): readonly string[] {
  const scopes = claims.scope ?? claims.scp;
  if (Array.isArray(scopes)) return scopes.map(String);
  return typeof scopes === "string" ? scopes.split(" ") : [];
}

/** As Go prints them, which is what API Gateway is written in. */
function claimText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(claimText).join(" ")}]`;
  if (typeof value === "object" && value !== null) {
    const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `map[${fields.map(([name, field]) => `${name}:${claimText(field)}`).join(" ")}]`;
  }
  return String(value);
}
