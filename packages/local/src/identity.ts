import type { IncomingMessage, ServerResponse } from "node:http";
import {
  type MutableRedirectUri,
  type MutableResponse,
  type MutableToken,
  OAuth2Issuer,
  OAuth2Service,
  type TokenRequestIncomingMessage,
} from "oauth2-mock-server";
import { splitTarget } from "./gateway-event.ts";
import { openServer } from "./http-server.ts";
import { loadKey } from "./identity-key.ts";
import { accessClaims, mintToken, type TokenRequest } from "./identity-tokens.ts";
import { loginPage, loginPolicy, refusalPage, USER_NAME } from "./login-page.ts";

export type { TokenRequest } from "./identity-tokens.ts";

const ENDPOINTS = {
  jwks: "/.well-known/jwks.json",
  authorize: "/oauth2/authorize",
  token: "/oauth2/token",
  endSession: "/logout",
  userinfo: "/oauth2/userInfo",
  revoke: "/oauth2/revoke",
};
const CODE_LIFETIME_MS = 5 * 60_000;
const OPERATOR = "operator";

interface Login {
  readonly sub: string;
  readonly groups: readonly string[];
  readonly scope: string;
  readonly clientId: string;
  /** When the person said who they are, epoch seconds: a refresh does not change it. */
  readonly authTime: number;
}

interface Code extends Login {
  readonly redirectUri: string;
  readonly expiresAt: number;
}

export interface Identity {
  readonly issuer: string;
  readonly clientId: string;
  readonly scope: string;
  /** Makes any access token, good or bad, for tests. */
  mint(request: TokenRequest): Promise<string>;
  stop(): Promise<void>;
}

interface Options {
  readonly port: number;
  /** Undefined: a new key on every start. */
  readonly dataDir?: string | undefined;
  readonly clientId: string;
  /** The API's scope. */
  readonly scope: string;
  /** The app's origins: a redirect leads nowhere else. */
  readonly appOrigins: readonly string[];
}

/**
 * An OpenID Connect provider that issues what Cognito would: access tokens with `client_id`, `token_use` and groups and without
 * `aud`; code flow with PKCE (S256 only), refresh, and the password grant for curl. It asks for a name, never for a password.
 */
export async function startIdentity(options: Options): Promise<Identity> {
  const { clientId, scope, appOrigins } = options;
  const issuer = new OAuth2Issuer();
  await loadKey(issuer, options.dataDir);
  const server = await openServer("identity", options.port);
  issuer.url = server.url;
  const service = new OAuth2Service(issuer, ENDPOINTS);
  const codes = new Map<string, Code>();
  const refreshes = new Map<string, Login>();

  const loginOf = ({ body }: TokenRequestIncomingMessage): Login | undefined => {
    const { grant_type: grant, code } = body;
    if (grant === "authorization_code") return codes.get(code ?? "");
    if (grant === "refresh_token") return refreshes.get(String((body as { refresh_token?: unknown }).refresh_token));
    if (grant !== "password") return undefined;
    const { username } = body;
    if (typeof username !== "string" || !USER_NAME.test(username) || body.client_id !== clientId) return undefined;
    return login(username, body.scope ?? scope, clientId);
  };

  service.on("beforeAuthorizeRedirect", ({ url }: MutableRedirectUri, request: IncomingMessage) => {
    const query = new URLSearchParams(splitTarget(request.url ?? "").rawQueryString);
    const user = login(query.get("login_hint") ?? "", query.get("scope") ?? "openid", clientId);
    codes.set(url.searchParams.get("code") ?? "", {
      ...user,
      redirectUri: query.get("redirect_uri") ?? "",
      expiresAt: Date.now() + CODE_LIFETIME_MS,
    });
  });
  service.on("beforeTokenSigning", ({ payload }: MutableToken, request: TokenRequestIncomingMessage) => {
    const user = loginOf(request);
    if (!user) return;
    const { iss, iat, exp, nonce, aud } = payload;
    // The library has given the id token an audience and the access token none.
    const claims =
      aud === undefined
        ? { ...accessClaims(user), auth_time: user.authTime }
        : {
            sub: user.sub,
            "cognito:username": user.sub,
            aud: user.clientId,
            token_use: "id",
            email: emailOf(user.sub),
            email_verified: true,
            auth_time: user.authTime,
          };
    for (const name of Object.keys(payload)) delete payload[name];
    Object.assign(payload, { iss, iat, exp, ...(nonce === undefined ? {} : { nonce }), ...claims });
  });
  service.on("beforeResponse", (response: MutableResponse, request: TokenRequestIncomingMessage) => {
    const user = loginOf(request);
    const wrong = user ? wrongGrant(request, codes) : "the grant is not known";
    if (request.body.code !== undefined) codes.delete(request.body.code);
    if (!user || wrong !== undefined) {
      Object.assign(response, { statusCode: 400, body: { error: "invalid_grant", error_description: wrong } });
      return;
    }
    if (response.body === "") return;
    response.body.scope = user.scope;
    if (request.body.grant_type === "refresh_token") delete response.body.refresh_token;
    else refreshes.set(String(response.body.refresh_token), user);
  });

  server.handle((request, response) => {
    const { path, rawQueryString } = splitTarget(request.url ?? "/");
    const query = new URLSearchParams(rawQueryString);
    if (request.method === "GET" && path === ENDPOINTS.authorize) {
      const refusal = refuseAuthorization(query);
      if (refusal !== undefined) return html(response, 400, refusalPage(refusal));
      const user = query.get("login_hint");
      if (user === null) return html(response, 200, loginPage(query));
      if (!USER_NAME.test(user))
        return html(response, 400, refusalPage("A user name has letters, digits and . _ @ - only, at most 64 of them."));
    }
    if (request.method === "GET" && path === ENDPOINTS.endSession) {
      const target = query.get("logout_uri") ?? query.get("post_logout_redirect_uri");
      if (target === null || !leadsToApp(target)) return html(response, 400, refusalPage("logout_uri must be an address of the app."));
      return void response.writeHead(302, { location: target }).end();
    }
    service.requestHandler(request, response);
  });

  return {
    issuer: server.url,
    clientId,
    scope,
    async mint(request) {
      const [key] = issuer.keys.toJSON(true);
      if (!key) throw new Error("the identity provider has a key");
      return mintToken(request, server.url, clientId, scope, key);
    },
    stop: () => server.close(),
  };

  function leadsToApp(uri: string): boolean {
    return URL.canParse(uri) && appOrigins.includes(new URL(uri).origin) && !uri.includes("#");
  }

  /** Why the request is answered by a page and not by a redirect: it may be somebody else's. */
  function refuseAuthorization(query: URLSearchParams): string | undefined {
    if (!leadsToApp(query.get("redirect_uri") ?? ""))
      return `redirect_uri must be an address of the app, which is ${appOrigins.join(" or ")}.`;
    if (query.get("client_id") !== clientId) return `client_id must be ${clientId}.`;
    if (query.get("response_type") !== "code") return "response_type must be code.";
    if (!query.get("code_challenge") || query.get("code_challenge_method") !== "S256")
      return "code_challenge must be there, and code_challenge_method must be S256.";
    const known = ["openid", "email", "profile", scope];
    if (!(query.get("scope") ?? "openid").split(" ").every((each) => known.includes(each)))
      return `scope must be made of ${known.join(", ")}.`;
    return undefined;
  }

  function html(response: ServerResponse, status: number, body: string): void {
    response
      .writeHead(status, {
        "content-type": "text/html; charset=utf-8",
        "cache-control": "no-store",
        "content-security-policy": loginPolicy(appOrigins),
      })
      .end(body);
  }
}

function wrongGrant({ body }: TokenRequestIncomingMessage, codes: ReadonlyMap<string, Code>): string | undefined {
  if (body.grant_type !== "authorization_code") return undefined;
  const code = codes.get(body.code ?? "");
  if (!code || code.expiresAt < Date.now()) return "the code is not known any more";
  if (body.code_verifier === undefined) return "code_verifier must be there";
  if ((body as { redirect_uri?: unknown }).redirect_uri !== code.redirectUri) return "redirect_uri is not the one of the authorization";
  return body.client_id === code.clientId ? undefined : "client_id is not the one of the authorization";
}

const login = (sub: string, scope: string, clientId: string): Login => ({
  sub,
  groups: sub === OPERATOR ? ["operators"] : [],
  scope,
  clientId,
  authTime: Math.floor(Date.now() / 1_000),
});

const emailOf = (sub: string): string => (sub.includes("@") ? sub : `${sub}@example.com`);
