import { CURRENCIES, type Currency } from "./currency.ts";

/** What is wrong with a typed amount. */
type AmountProblem = "missing" | "unreadable" | "too_precise" | "too_small" | "too_large";
export type ParsedAmount = { readonly amountMinor: number } | { readonly problem: AmountProblem };

interface Bounds {
  readonly floorMinor: number;
  readonly ceilingMinor: number;
}

/**
 * Reads a typed amount, digit by digit, into minor units. The locale's separators and digits are understood, and a point as decimal
 * separator everywhere; whatever could be read in two ways is refused, never guessed. Without `bounds`: those of a top-up.
 */
export function parseAmount(
  text: string,
  currency: Currency,
  locale: string | readonly string[],
  bounds: Bounds = CURRENCIES[currency],
): ParsedAmount {
  const { decimals } = CURRENCIES[currency];
  const writing = writingOf(currency, locale);
  let typed = normalize(text);
  for (const [digit, written] of writing.digits.entries()) typed = typed.replaceAll(written, String(digit));
  const symbol = writing.symbols.map(escapeForRegExp).join("|");
  typed = typed.replace(new RegExp(`^ ?(${symbol})|(${symbol}) ?$`, "gi"), "").trim();
  if (typed === "") return { problem: "missing" };

  const group = escapeForRegExp(writing.group);
  const decimal = `[.${escapeForRegExp(writing.decimal)}]`;
  // Groups of two are Indian (1,00,000); the last group has three digits everywhere.
  const read = new RegExp(`^(\\d{1,3}(?:${group}\\d{2,3})*${group}\\d{3}|\\d+)(?:${decimal}(\\d*))?$`).exec(typed);
  if (!read) return { problem: "unreadable" };
  const whole = (read[1] ?? "").replace(/\D/g, "");
  const fraction = read[2] ?? "";
  if (fraction.length > decimals) return { problem: "too_precise" };

  // Far more digits than any ceiling has would leave the range of exact integers.
  const amountMinor = whole.length > 12 ? Number.MAX_SAFE_INTEGER : Number(whole + fraction.padEnd(decimals, "0"));
  if (amountMinor < bounds.floorMinor) return { problem: "too_small" };
  if (amountMinor > bounds.ceilingMinor) return { problem: "too_large" };
  return { amountMinor };
}

/** How numbers and this currency are written in a locale. */
function writingOf(currency: Currency, locale: string | readonly string[]) {
  const locales = locale as string[];
  const partOf = (type: string, options?: Intl.NumberFormatOptions) =>
    new Intl.NumberFormat(locales, options).formatToParts(1234567.5).find((part) => part.type === type)?.value;
  const digits = new Intl.NumberFormat(locales, { useGrouping: false });
  const money = { style: "currency", currency } as const;
  return {
    group: normalize(partOf("group") ?? ","),
    decimal: normalize(partOf("decimal") ?? "."),
    digits: Array.from({ length: 10 }, (_, digit) => digits.format(digit)),
    symbols: [currency, partOf("currency", money), partOf("currency", { ...money, currencyDisplay: "narrowSymbol" })].flatMap((symbol) =>
      symbol ? [normalize(symbol)] : [],
    ),
  };
}

/** One form for what looks alike: widths, spaces, apostrophes; and without the invisible marks of right-to-left text. */
const normalize = (text: string): string =>
  text
    .normalize("NFKC")
    .replace(/\p{Cf}/gu, "")
    .replace(/\s+/g, " ")
    .replaceAll("'", "’");

const escapeForRegExp = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
