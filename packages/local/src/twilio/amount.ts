const MICROS = 1_000_000;

/** A decimal text such as `1.15` as millionths, without floats. Throws a sentence for anything else. */
export function microsOf(text: string): number {
  const [, sign, whole = "", fraction = ""] = /^(-?)(\d{1,9})(?:\.(\d{1,6}))?$/.exec(text) ?? [];
  if (sign === undefined) throw new TypeError(`an amount must be a decimal number with at most six places, not ${text.slice(0, 40)}`);
  const micros = Number(whole) * MICROS + Number(fraction.padEnd(6, "0"));
  return sign === "-" ? -micros : micros;
}

/** Millionths as a decimal text with at least two places. */
export function decimalOf(micros: number): string {
  const whole = Math.floor(Math.abs(micros) / MICROS);
  const fraction = String(Math.abs(micros) % MICROS)
    .padStart(6, "0")
    .replace(/0{1,4}$/, "");
  return `${micros < 0 ? "-" : ""}${whole}.${fraction}`;
}
