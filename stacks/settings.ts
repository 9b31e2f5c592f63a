import { InvariantError, readVariable, requireVariable } from "@aira/core/lib";

/** What an operator decides at deployment, by variables. */
export interface Settings {
  /** An OpenID Connect issuer to use instead of Cognito. */
  readonly oidc: { readonly issuer: string; readonly audience: string } | undefined;
  /** The scope that an access token must carry. */
  readonly scope: string;
  /** Origins of other web clients that may call the API. Empty: none. */
  readonly corsOrigins: readonly string[];
}

/** Cognito names a custom scope `<resource server>/<scope>`. */
export const cognitoScope = { resourceServer: "aira", name: "api" } as const;

/** Reads and checks the variables of the deployment. Throws a sentence that names the variable and its rule. */
export function readSettings(environment: Readonly<Record<string, string | undefined>> = process.env): Settings {
  const issuer = readVariable("OIDC_ISSUER", environment);
  const audience = readVariable("OIDC_AUDIENCE", environment);
  const scope = requireVariable("OIDC_SCOPE", environment);
  const corsOrigins = (readVariable("CORS_ORIGINS", environment) ?? "").split(",").flatMap((part) => part.trim() || []);
  return { oidc: givenIssuer(issuer, audience, scope), scope, corsOrigins };
}

function givenIssuer(issuer: string | undefined, audience: string | undefined, scope: string): Settings["oidc"] {
  if (issuer === undefined && audience === undefined) {
    if (scope !== `${cognitoScope.resourceServer}/${cognitoScope.name}`) {
      throw new InvariantError(
        `OIDC_SCOPE must be set together with OIDC_ISSUER: Cognito's scope is ${cognitoScope.resourceServer}/${cognitoScope.name}`,
      );
    }
    return undefined;
  }
  if (issuer === undefined)
    throw new InvariantError("OIDC_ISSUER must be set when OIDC_AUDIENCE is: an audience alone names nobody who signs");
  if (audience === undefined) {
    throw new InvariantError(
      "OIDC_AUDIENCE must be set when OIDC_ISSUER is: without it, tokens for the issuer's other clients would be accepted",
    );
  }
  // API Gateway fetches the issuer's keys over HTTPS only, and says so no earlier than at the deployment's end.
  if (!issuer.startsWith("https://")) throw new InvariantError("OIDC_ISSUER must be an https URL for a deployment");
  return { issuer, audience };
}
