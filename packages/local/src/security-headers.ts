import { contentSecurityPolicy, isolationHeaders, RECORDINGS } from "../../../stacks/security-headers.ts";

/** What a browser may do with the dashboard, as CloudFront says it, but for what needs HTTPS. */
export function securityHeaders(issuer: string, recordings = RECORDINGS): Record<string, string> {
  return {
    "content-security-policy": contentSecurityPolicy([new URL(issuer).origin], recordings),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    ...isolationHeaders,
  };
}
