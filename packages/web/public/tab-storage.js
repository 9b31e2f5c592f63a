const PREFIX = "aira.";

/**
 * What this tab remembers until it is closed: it survives a reload and the way to Stripe or the identity provider and
 * back, and no other tab sees it.
 *
 * @template T
 * @param {string} name
 * @returns {T | undefined}
 */
export function recall(name) {
  const text = sessionStorage.getItem(PREFIX + name);
  return text === null ? undefined : JSON.parse(text);
}

/**
 * @param {string} name
 * @param {unknown} value Must survive JSON.
 */
export function remember(name, value) {
  sessionStorage.setItem(PREFIX + name, JSON.stringify(value));
}

/** @param {string} name */
export function forget(name) {
  sessionStorage.removeItem(PREFIX + name);
}

export function forgetAll() {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
}
