import webhooks from "twilio/lib/webhooks/webhooks.js";

/** A form as it was signed: a name that stands more than once has all of its values. */
type Form = Readonly<Record<string, string | readonly string[]>>;

/** A form's fields, blank ones too, with their values as they came. */
export function readTwilioForm(bytes: Buffer): Form {
  const pairs = new URLSearchParams(bytes.toString("utf8"));
  return Object.fromEntries(
    [...new Set(pairs.keys())].map((name) => {
      const values = pairs.getAll(name);
      return [name, values.length === 1 ? (values[0] ?? "") : values];
    }),
  );
}

/**
 * Did Twilio sign this? One of the tokens has to verify: two are there while they are rotated. The address is the configured one: what a
 * header says of the host is anybody's word. Whatever the SDK throws at is not signed.
 */
export function isSignedByTwilio(tokens: readonly string[], signature: string | undefined, url: string, form: Form): boolean {
  // An HMAC-SHA1 in base64: anything else is not worth the hashing.
  if (signature === undefined || !/^[A-Za-z0-9+/]{27}=$/.test(signature)) return false;
  try {
    return tokens.some((token) => token !== "" && webhooks.validateRequest(token, signature, url, form));
  } catch (error) {
    if (error instanceof Error) return false;
    throw error;
  }
}
