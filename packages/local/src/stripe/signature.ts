import { createHmac } from "node:crypto";

/**
 * The `Stripe-Signature` header of a body: its time in epoch seconds and one `v1` per secret, HMAC-SHA256 over `<time>.<body>`.
 * Stripe signs with both secrets while an endpoint's secret is being rotated.
 */
export function signatureHeader(body: string, secrets: readonly string[], timestampSeconds: number): string {
  const signatures = secrets.map((secret) => `v1=${createHmac("sha256", secret).update(`${timestampSeconds}.${body}`).digest("hex")}`);
  return [`t=${timestampSeconds}`, ...signatures].join(",");
}
