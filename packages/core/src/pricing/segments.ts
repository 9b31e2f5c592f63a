/** GSM 03.38: one septet each. */
const BASIC =
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/** The extension table: two septets each, an escape before the character. */
const EXTENSION = "\f^{}\\[~]|€";

const SEPTETS = new Map([...[...BASIC].map((one) => [one, 1] as const), ...[...EXTENSION].map((one) => [one, 2] as const)]);

/** How many units fit: into a message alone, and into each part of a longer one, which starts with a header of 6 octets. */
const GSM_7 = { alone: 160, part: 153 };
const UCS_2 = { alone: 70, part: 67 };

/**
 * How many SMS segments a text takes: GSM-7 if every character is in GSM 03.38, else UCS-2. Neither an escaped character nor a
 * surrogate pair is split between parts. An empty text is one message too. An estimate for what is about to be sent; what was sent
 * is charged by the count that the provider reports.
 */
export function segmentsOf(text: string): number {
  const characters = [...text];
  const isGsm = characters.every((one) => SEPTETS.has(one));
  const widths = isGsm ? characters.map((one) => SEPTETS.get(one) ?? 1) : characters.map((one) => one.length);
  const { alone, part } = isGsm ? GSM_7 : UCS_2;
  if (widths.reduce((sum, width) => sum + width, 0) <= alone) return 1;
  let parts = 1;
  let used = 0;
  for (const width of widths) {
    if (used + width > part) {
      parts += 1;
      used = 0;
    }
    used += width;
  }
  return parts;
}
