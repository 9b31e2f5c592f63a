const PREFIX = "aira.";

/**
 * What this tab remembers until it is closed: it survives a reload and the way to Stripe or the identity provider and back, and no
 * other tab sees it.
 */
export function recall<T>(name: string): T | undefined {
  const text = sessionStorage.getItem(PREFIX + name);
  return text === null ? undefined : (JSON.parse(text) as T);
}

/** `value` must survive JSON. */
export const remember = (name: string, value: unknown): void => sessionStorage.setItem(PREFIX + name, JSON.stringify(value));

export const forget = (name: string): void => sessionStorage.removeItem(PREFIX + name);

export function forgetAll(): void {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
}
