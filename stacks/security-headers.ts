/** Where Twilio keeps voicemail. */
export const RECORDINGS = "https://api.twilio.com";

/**
 * What the dashboard's pages may do, with no `unsafe-` exception: own files only, requests to the API (same origin) and to the identity
 * provider, and the sound of voicemail from wherever that is kept.
 */
export function contentSecurityPolicy(identityOrigins: readonly string[], recordings: string): string {
  return Object.entries({
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "media-src": `'self' ${recordings}`,
    "manifest-src": "'self'",
    "connect-src": ["'self'", ...identityOrigins].join(" "),
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
  })
    .map(([directive, sources]) => `${directive} ${sources}`)
    .join("; ");
}

/** Headers that browsers know beyond the standard set. A page of Aira needs no device, and no other window may reach into it. */
export const isolationHeaders = {
  "cross-origin-opener-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
} as const;
