import type { Operation } from "@aira/contract";
import { AiraError } from "@aira/core/lib";
import type { MiddlewareObj } from "@middy/core";
import type { APIGatewayProxyEventV2 } from "aws-lambda";

/** Who asks, as the access token says. */
export interface Caller {
  /** The token's `sub`: whose everything is. Never a parameter. */
  readonly owner: string;
  readonly groups: readonly string[];
}

export interface WithCaller {
  caller?: Caller;
}

/** What the gateway's authorizer adds to an event on a protected route. */
interface Authorized {
  readonly requestContext: { readonly authorizer?: { readonly jwt?: { readonly claims?: Readonly<Record<string, unknown>> } } };
}

/** OpenID Connect: a subject is ASCII. Spaces and control characters would only serve to confuse. */
const OWNER = /^[\x21-\x7e]{1,128}$/;

/** HTTP API hands an array claim over as the text "[a b]". Split at nothing else: a group may have a comma in its name. */
function listOf(claim: unknown): readonly string[] {
  if (Array.isArray(claim)) return claim.map(String);
  if (typeof claim !== "string") return [];
  return claim
    .replace(/^\[(.*)\]$/s, "$1")
    .split(/\s+/)
    .filter(Boolean);
}

/**
 * The caller of a protected operation. Signature, issuer, audience, expiry and scope were checked by the gateway's
 * authorizer; it can't tell an ID token from an access token, so that is done here. Errors: `auth.required`.
 */
export function callerOf(event: APIGatewayProxyEventV2 & Authorized): Caller {
  const claims = event.requestContext.authorizer?.jwt?.claims;
  const sub = claims?.sub;
  if (typeof sub !== "string" || !OWNER.test(sub)) throw new AiraError("auth.required", "Send a valid access token.");
  if (claims?.token_use !== undefined && claims.token_use !== "access")
    throw new AiraError("auth.required", "Send an access token. This is a token of another use.");
  return { owner: sub, groups: listOf(claims?.["cognito:groups"]) };
}

/** Puts the caller on the event of a protected operation. Errors: `auth.required`, `auth.forbidden`. */
export function identified<Event extends APIGatewayProxyEventV2 & WithCaller>({ auth, group }: Operation): MiddlewareObj<Event> {
  return {
    before: ({ event }) => {
      if (auth !== "jwt") return;
      const caller = callerOf(event);
      if (group !== undefined && !caller.groups.includes(group))
        throw new AiraError("auth.forbidden", `This is for the group ${group}, which your access token does not name.`);
      event.caller = caller;
    },
  };
}
