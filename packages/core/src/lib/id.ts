import { createHash } from "node:crypto";

/** Every id that Aira makes says what it names. */
export const ID_PREFIXES = {
  topUp: "top",
  hold: "hld",
  adjustment: "adj",
  quarantine: "qtn",
  purchase: "pur",
  number: "num",
  conversation: "con",
  run: "run",
} as const;

// Crockford's base 32, lower case: no i, l, o, u.
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

/**
 * An id that follows from what it is for, so that a retry after any crash means the same business object. 130 bits of
 * SHA-256 over the length-prefixed parts (so that ["ab","c"] and ["a","bc"] differ), in Crockford's base 32.
 */
export function deriveId(kind: keyof typeof ID_PREFIXES, ...parts: readonly string[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  return `${ID_PREFIXES[kind]}_${encode(BigInt(`0x${hash.digest("hex")}`) >> 126n, 26)}`;
}

/** A derived id that sorts by the time it is given: its first ten characters are the milliseconds, as in a ULID. */
export function deriveTimedId(kind: keyof typeof ID_PREFIXES, atMs: number, ...parts: readonly string[]): string {
  const derived = deriveId(kind, ...parts);
  return `${ID_PREFIXES[kind]}_${encode(BigInt(atMs), 10)}${derived.slice(-16)}`;
}

function encode(bits: bigint, length: number): string {
  let text = "";
  for (let place = 0; place < length; place++) text = ALPHABET[Number((bits >> BigInt(5 * place)) & 31n)] + text;
  return text;
}

/** SHA-256 in hex. */
export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
