import { createHash, randomBytes } from "node:crypto";

/** What the app tells its clients of the identity provider. */
interface ClientConfig {
  readonly issuer: string;
  readonly clientId: string;
  readonly scope: string;
}

const random = (): string => randomBytes(32).toString("base64url");

/**
 * Signs in as a browser does: OpenID Connect's authorization code flow with PKCE, and the user's name as `login_hint` where a person
 * would type it. Answers the access token.
 */
export async function signIn(appUrl: string, name: string, signal: AbortSignal): Promise<string> {
  const config = await json<ClientConfig>(await fetch(`${appUrl}/config.json`, { signal }));
  const provider = await json<{ authorization_endpoint: string; token_endpoint: string }>(
    await fetch(`${config.issuer}/.well-known/openid-configuration`, { signal }),
  );
  const [verifier, state, redirectUri] = [random(), random(), `${appUrl}/`];
  const request = new URLSearchParams({
    response_type: "code",
    client_id: config.clientId,
    redirect_uri: redirectUri,
    scope: `openid ${config.scope}`,
    state,
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
    login_hint: name,
  });
  const redirect = await fetch(`${provider.authorization_endpoint}?${request}`, { redirect: "manual", signal });
  const location = redirect.headers.get("location");
  if (location === null) throw new Error(`the identity provider did not lead back to the app: ${await redirect.text()}`);
  const answer = new URL(location).searchParams;
  if (answer.get("state") !== state) throw new Error("the identity provider answered another request than ours");
  const tokens = await json<{ access_token: string }>(
    await fetch(provider.token_endpoint, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "authorization_code",
        code: answer.get("code") ?? "",
        redirect_uri: redirectUri,
        client_id: config.clientId,
        code_verifier: verifier,
      }),
      signal,
    }),
  );
  return tokens.access_token;
}

async function json<Body>(response: Response): Promise<Body> {
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Body;
}
