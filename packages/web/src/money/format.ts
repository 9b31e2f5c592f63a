import { CURRENCIES, type Currency } from "./currency.ts";

/** Minor units as a decimal string, without ever passing through a float: -1205 with 2 decimals is "-12.05". */
function toDecimal(amountMinor: number, decimals: number): `${number}` {
  const digits = String(Math.abs(amountMinor)).padStart(decimals + 1, "0");
  return `${amountMinor < 0 ? "-" : ""}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}` as `${number}`;
}

interface MoneyStyle {
  /** A plus before money in. */
  readonly signed?: boolean;
  /** Without ".00". */
  readonly short?: boolean;
}

type Locale = string | readonly string[];

/** Making a format costs more than using it a hundred times. */
const formats = new Map<string, Intl.NumberFormat>();

function formatOf(locale: Locale, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const name = JSON.stringify([locale, options]);
  const known = formats.get(name) ?? new Intl.NumberFormat(locale as string[], options);
  formats.set(name, known);
  return known;
}

/** An amount in the locale's parts, for a page that sets the fraction apart. The minus is as wide as the plus, so that columns line up. */
export function moneyParts(
  amountMinor: number,
  currency: Currency,
  locale: Locale,
  { signed = false, short = false }: MoneyStyle = {},
): Intl.NumberFormatPart[] {
  const { decimals } = CURRENCIES[currency];
  return formatOf(locale, {
    style: "currency",
    currency,
    currencyDisplay: "narrowSymbol",
    minimumFractionDigits: decimals,
    trailingZeroDisplay: short ? "stripIfInteger" : "auto",
    signDisplay: signed ? "exceptZero" : "negative",
  })
    .formatToParts(toDecimal(amountMinor, decimals))
    .map(({ type, value }) => ({ type, value: type === "minusSign" ? value.replace("-", "−") : value }));
}

/** An amount as the locale writes it. */
export const formatMoney = (amountMinor: number, currency: Currency, locale: Locale, style?: MoneyStyle): string =>
  moneyParts(amountMinor, currency, locale, style)
    .map(({ value }) => value)
    .join("");

/** An amount as one would type it: no symbol, no group separators. */
export function formatPlain(amountMinor: number, currency: Currency, locale: Locale): string {
  const { decimals } = CURRENCIES[currency];
  const format = formatOf(locale, { useGrouping: false, minimumFractionDigits: decimals });
  return format.format(toDecimal(amountMinor, decimals));
}
