import { useRef } from "react";

/**
 * The `Idempotency-Key` of what is about to be posted: the same terms keep the key, so that trying again after a lost answer posts
 * once; other terms, or a new dialog, are another operation.
 */
export function useOnceKey() {
  const kept = useRef({ terms: "", key: "" });
  return (terms: unknown): string => {
    const text = JSON.stringify(terms);
    if (kept.current.terms !== text) kept.current = { terms: text, key: crypto.randomUUID() };
    return kept.current.key;
  };
}
