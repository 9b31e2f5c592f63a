import { CURRENCIES, type Currency } from "@aira/contract";

/** An amount as a decimal number, like `-12.50`: exact, and without the currency. */
export function decimalOf(amountMinor: number, currency: Currency): `${number}` {
  const { decimals } = CURRENCIES[currency];
  const digits = String(Math.abs(amountMinor)).padStart(decimals + 1, "0");
  return `${amountMinor < 0 ? "-" : ""}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}` as `${number}`;
}

/** Minor units of a decimal number like `12.5`: digit by digit, no floats. Undefined when it has more decimals than the currency, or isn't one. */
export function minorOf(decimal: string, currency: Currency): number | undefined {
  const { decimals } = CURRENCIES[currency];
  const [, whole, fraction = ""] = /^(\d{1,9})(?:\.(\d+))?$/.exec(decimal) ?? [];
  if (whole === undefined || fraction.length > decimals) return undefined;
  return Number(whole + fraction.padEnd(decimals, "0"));
}
