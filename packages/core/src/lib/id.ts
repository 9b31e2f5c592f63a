import { createHash } from "node:crypto";

/** Every id that Aira makes says what it names. */
export const ID_PREFIXES = { topUp: "top", hold: "hld", adjustment: "adj", quarantine: "qtn" } as const;

// Crockford's base 32, lower case: no i, l, o, u.
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

/**
 * An id that follows from what it is for, so that a retry after any crash means the same business object. 130 bits of
 * SHA-256 over the length-prefixed parts (so that ["ab","c"] and ["a","bc"] differ), in Crockford's base 32.
 */
export function deriveId(kind: keyof typeof ID_PREFIXES, ...parts: readonly string[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  let bits = BigInt(`0x${hash.digest("hex")}`) >> 126n;
  let text = "";
  for (let i = 0; i < 26; i++) {
    text = ALPHABET[Number(bits & 31n)] + text;
    bits >>= 5n;
  }
  return `${ID_PREFIXES[kind]}_${text}`;
}

/** SHA-256 in hex. */
export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
