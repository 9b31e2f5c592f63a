/**
 * The contract's table of currencies, which a page without a build cannot import. `floorMinor` and `ceilingMinor` bound
 * one top-up; the API has the last word.
 */
export const CURRENCIES = /** @type {const} */ ({
  USD: { name: "US dollar", decimals: 2, floorMinor: 100, ceilingMinor: 1_000_000, suggestionsMinor: [1_000, 2_500, 5_000, 10_000] },
  INR: {
    name: "Indian rupee",
    decimals: 2,
    floorMinor: 10_000,
    ceilingMinor: 50_000_000,
    suggestionsMinor: [50_000, 100_000, 250_000, 500_000],
  },
});

/** @typedef {keyof typeof CURRENCIES} Currency */

export const currencies = /** @type {Currency[]} */ (Object.keys(CURRENCIES));

/** @param {unknown} value @returns {value is Currency} */
export const isCurrency = (value) => typeof value === "string" && Object.hasOwn(CURRENCIES, value);

/** The customer's languages, best first: they decide how numbers and dates are written. */
export const locales = () => [...navigator.languages];

/**
 * Minor units as a decimal string, without ever passing through a float: -1205 with 2 decimals is "-12.05".
 *
 * @param {number} amountMinor
 * @param {number} decimals
 */
function toDecimal(amountMinor, decimals) {
  const digits = String(Math.abs(amountMinor)).padStart(decimals + 1, "0");
  return `${amountMinor < 0 ? "-" : ""}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/**
 * An amount as the customer's locale writes it. `signed` puts a plus before money in; `short` leaves out ".00".
 *
 * @param {number} amountMinor
 * @param {Currency} currency
 * @param {{ signed?: boolean, short?: boolean, locale?: string | string[] }} [options]
 */
export function formatMoney(amountMinor, currency, { signed = false, short = false, locale = locales() } = {}) {
  const { decimals } = CURRENCIES[currency];
  const format = new Intl.NumberFormat(locale, {
    style: "currency",
    currency,
    minimumFractionDigits: decimals,
    trailingZeroDisplay: short ? "stripIfInteger" : "auto",
    signDisplay: signed ? "exceptZero" : "negative",
  });
  // Intl writes a hyphen; the minus sign is as wide as the plus, so that columns of tabular figures line up.
  return format
    .formatToParts(/** @type {`${number}`} */ (toDecimal(amountMinor, decimals)))
    .map(({ type, value }) => (type === "minusSign" ? value.replace("-", "−") : value))
    .join("");
}

/**
 * An amount as the customer would type it: no symbol, no group separators.
 *
 * @param {number} amountMinor
 * @param {Currency} currency
 * @param {string | string[]} [locale]
 */
export function formatPlain(amountMinor, currency, locale = locales()) {
  const { decimals } = CURRENCIES[currency];
  const format = new Intl.NumberFormat(locale, { useGrouping: false, minimumFractionDigits: decimals });
  return format.format(/** @type {`${number}`} */ (toDecimal(amountMinor, decimals)));
}

/**
 * How numbers and this currency are written in a locale.
 *
 * @param {Currency} currency
 * @param {string | string[]} locale
 */
function writingOf(currency, locale) {
  /** @param {string} type @param {Intl.NumberFormatOptions} [options] */
  const partOf = (type, options) =>
    new Intl.NumberFormat(locale, options).formatToParts(1234567.5).find((part) => part.type === type)?.value;
  const digits = new Intl.NumberFormat(locale, { useGrouping: false });
  const money = /** @type {const} */ ({ style: "currency", currency });
  return {
    group: normalize(partOf("group") ?? ","),
    decimal: normalize(partOf("decimal") ?? "."),
    digits: Array.from({ length: 10 }, (_, digit) => digits.format(digit)),
    symbols: [currency, partOf("currency", money), partOf("currency", { ...money, currencyDisplay: "narrowSymbol" })].flatMap((symbol) =>
      symbol ? [normalize(symbol)] : [],
    ),
  };
}

/**
 * One form for what looks alike: widths, spaces, apostrophes; and without the invisible marks of right-to-left text.
 *
 * @param {string} text
 */
const normalize = (text) =>
  text
    .normalize("NFKC")
    .replace(/\p{Cf}/gu, "")
    .replace(/\s+/g, " ")
    .replaceAll("'", "’");

/** @param {string} text */
const escapeForRegExp = (text) => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");

/**
 * @typedef {{ amountMinor: number }
 *   | { problem: "missing" | "unreadable" | "too_precise" | "too_small" | "too_large", sentence: string }} ParsedAmount
 */

/**
 * Reads what a customer typed, digit by digit, into minor units. The locale's separators and digits are understood, and
 * a point as decimal separator everywhere; whatever could be read in two ways is refused with a sentence, never guessed.
 *
 * @param {string} text
 * @param {Currency} currency
 * @param {string | string[]} [locale]
 * @returns {ParsedAmount}
 */
export function parseAmount(text, currency, locale = locales()) {
  const { decimals, floorMinor, ceilingMinor } = CURRENCIES[currency];
  const money = (/** @type {number} */ minor) => formatMoney(minor, currency, { locale });
  const writing = writingOf(currency, locale);

  let typed = normalize(text);
  for (const [digit, written] of writing.digits.entries()) typed = typed.replaceAll(written, String(digit));
  const symbol = writing.symbols.map(escapeForRegExp).join("|");
  typed = typed.replace(new RegExp(`^ ?(${symbol})|(${symbol}) ?$`, "gi"), "").trim();
  if (typed === "")
    return { problem: "missing", sentence: `Type an amount, for example ${formatPlain(floorMinor * 10, currency, locale)}.` };

  const group = escapeForRegExp(writing.group);
  const decimal = `[.${escapeForRegExp(writing.decimal)}]`;
  // Groups of two are Indian (1,00,000); the last group has three digits everywhere.
  const read = new RegExp(`^(\\d{1,3}(?:${group}\\d{2,3})*${group}\\d{3}|\\d+)(?:${decimal}(\\d*))?$`).exec(typed);
  if (!read)
    return { problem: "unreadable", sentence: `Write the amount in digits, like ${formatPlain(floorMinor * 10, currency, locale)}.` };

  const whole = (read[1] ?? "").replace(/\D/g, "");
  const fraction = read[2] ?? "";
  if (fraction.length > decimals)
    return { problem: "too_precise", sentence: `Write at most ${decimals} digits after the decimal separator.` };

  // Far more digits than the ceiling has would leave the range of exact integers.
  const amountMinor = whole.length > 12 ? Number.MAX_SAFE_INTEGER : Number(whole + fraction.padEnd(decimals, "0"));
  if (amountMinor < floorMinor) return { problem: "too_small", sentence: `At least ${money(floorMinor)}.` };
  if (amountMinor > ceilingMinor) return { problem: "too_large", sentence: `At most ${money(ceilingMinor)} at a time.` };
  return { amountMinor };
}
