import { CURRENCIES, type Currency, currencies } from "@aira/contract";

export { CURRENCIES, type Currency, currencies };

/** Amounts to choose with one press, within the contract's floor and ceiling. */
export const PRESETS_MINOR: Readonly<Record<Currency, readonly number[]>> = {
  USD: [1_000, 2_500, 5_000, 10_000],
  INR: [50_000, 100_000, 250_000, 500_000],
};

export const isCurrency = (value: unknown): value is Currency => typeof value === "string" && Object.hasOwn(CURRENCIES, value);

/** India's customers pay in rupees as a rule, everybody else in dollars. */
export const usualCurrency = (locales: readonly string[]): Currency =>
  locales.some((locale) => new Intl.Locale(locale).maximize().region === "IN") ? "INR" : "USD";
