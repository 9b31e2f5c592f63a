const DEVANAGARI_ZERO = 0x0966;

/** Digits of Devanagari as ASCII ones. */
export const asciiDigits = (text: string): string =>
  text.replace(/[०-९]/g, (digit) => String((digit.codePointAt(0) ?? DEVANAGARI_ZERO) - DEVANAGARI_ZERO));

/**
 * A text as words, so that spelling matters less: lower case, one space between, no punctuation; in Devanagari without the dot below
 * (फ़ोन, फोन) and with one sign for nasal vowels (पाँच, पांच). Currency signs become words.
 */
export function normalise(text: string): string {
  return (
    asciiDigits(text.normalize("NFKD"))
      .toLowerCase()
      .replace(/[\u0300-\u036f\u093c\u200b-\u200f\u2060'’`]/g, "")
      // The short i of Devanagari and others are composed again; what was taken out stays out.
      .normalize("NFC")
      .replace(/ँ/g, "ं")
      .replace(/\$/g, " dollar ")
      .replace(/₹/g, " rupee ")
      .replace(/[^\p{L}\p{M}\p{N}]+/gu, " ")
      .trim()
  );
}
