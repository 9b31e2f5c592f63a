import { createHash } from "node:crypto";
import { ParameterFault, StripeFault } from "./fault.ts";
import { IDEMPOTENCY_KEPT_MS, type IdempotentRequest, type Store } from "./store.ts";

const MAX_KEY_LENGTH = 255;

type Answer = NonNullable<IdempotentRequest["answer"]>;

/** What makes two requests the same: the call and its parameters, in whatever order they came. */
export const fingerprintOf = (method: string, path: string, body: string): string =>
  createHash("sha256")
    .update(JSON.stringify([method, path, [...new URLSearchParams(body)].map((pair) => pair.join("=")).sort()]))
    .digest("base64url");

/**
 * Claims a key for a request, or returns the answer that the key already stands for.
 * Throws `idempotency_error` (400) for other parameters, and `idempotency_key_in_use` (409) while the first request runs.
 */
export function claimKey(store: Store, key: string, fingerprint: string): Answer | undefined {
  if (key.length > MAX_KEY_LENGTH)
    throw new ParameterFault(undefined, undefined, `Idempotency keys can be up to ${MAX_KEY_LENGTH} characters long.`);
  const existing = store.idempotency.get(key);
  if (existing && existing.createdMs + IDEMPOTENCY_KEPT_MS > store.nowMs()) {
    if (existing.fingerprint !== fingerprint)
      throw new StripeFault(
        400,
        "idempotency_error",
        `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
      );
    if (!existing.answer)
      throw new StripeFault(
        409,
        "idempotency_error",
        `There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): ${key}.`,
        { code: "idempotency_key_in_use" },
      );
    return existing.answer;
  }
  store.idempotency.set(key, { key, fingerprint, createdMs: store.nowMs() });
  return undefined;
}

/** Keeps the answer under its key, for as long as Stripe does. */
export function keepAnswer(store: Store, key: string, answer: Answer): void {
  const claim = store.idempotency.get(key);
  if (claim) store.idempotency.set(key, { ...claim, answer });
}

/** Frees a key whose request never began: its parameters were refused, or it was turned away. */
export const freeKey = (store: Store, key: string): void => void store.idempotency.delete(key);
