// GSM 03.38: these take one septet each, the extension table's two. Anything else makes the whole text UCS-2.
const BASIC = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
);
const EXTENDED = new Set("\f^{}\\[~]|€");

/** How many segments a text is sent in, which is what it is charged by. */
export function segmentsOf(body: string): number {
  const characters = [...body];
  const gsm = characters.every((character) => BASIC.has(character) || EXTENDED.has(character));
  const units = gsm ? characters.reduce((sum, character) => sum + (EXTENDED.has(character) ? 2 : 1), 0) : body.length;
  const [alone, together] = gsm ? [160, 153] : [70, 67];
  return units <= alone ? 1 : Math.ceil(units / together);
}
