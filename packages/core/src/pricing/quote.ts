import { CURRENCIES, type Currency, type NumberPrice, type NumberType } from "@aira/contract";
import type * as z from "zod/mini";
import type { ProviderPrice } from "../numbers/provider.ts";
import { ceilingOf, minorUnits, parseDecimal, raisedBy, toSafeNumber } from "./decimal.ts";
import { type ExchangeRates, exchange } from "./exchange.ts";
import type { PriceBook } from "./price-book.ts";

export interface WantedNumber {
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly type: NumberType;
  readonly currency: Currency;
}

/** What a number costs our customer, and where that comes from: our fixed price, the provider's price, or the built-in list. */
export type NumberQuote = Readonly<z.infer<typeof NumberPrice>> & { readonly source: "fixed" | "provider" | "built_in" };

/**
 * The price of a number: the book's fixed price, else the provider's price (else the built-in list's), in the wallet's currency, with
 * the mark-up, rounded up once to the currency's price point, and never below the book's minimum. Undefined: nobody has a price for it.
 * Throws for a decimal string that is none and for a currency without an exchange rate: a wrong price is worse than none.
 */
export function quoteNumber(
  wanted: WantedNumber,
  providerPrices: readonly ProviderPrice[] | undefined,
  rates: ExchangeRates,
  book: PriceBook,
): NumberQuote | undefined {
  const fixed = quoteFixed(wanted, book);
  if (fixed) return fixed;
  const asked = providerPrices?.filter(({ type }) => type === wanted.type) ?? [];
  const listed = builtInPrices(wanted, book);
  const prices = asked.length > 0 ? asked : listed;
  if (prices.length === 0) return undefined;
  // Of several prices for one type the dearest holds: which one will be charged is not known before.
  const monthlyMinor = Math.max(...prices.map((price) => monthlyMinorOf(price, wanted, rates, book)));
  return quoteOf(wanted.currency, book.currencies[wanted.currency].setUpMinor, monthlyMinor, prices === listed ? "built_in" : "provider");
}

/** The price that the operator has fixed, if there is one: no provider needs to be asked then. */
export function quoteFixed({ country, type, currency }: WantedNumber, book: PriceBook): NumberQuote | undefined {
  const fixed = book.fixed.find((price) => price.country === country && price.type === type && price.currency === currency);
  return fixed && quoteOf(currency, fixed.setUpMinor ?? book.currencies[currency].setUpMinor, fixed.monthlyMinor, "fixed");
}

function builtInPrices({ country, type }: WantedNumber, { builtIn }: PriceBook): readonly ProviderPrice[] {
  const monthly = builtIn.monthly[country]?.[type];
  return monthly === undefined ? [] : [{ type, currency: builtIn.currency, monthly }];
}

function monthlyMinorOf(price: ProviderPrice, { country, type, currency }: WantedNumber, rates: ExchangeRates, book: PriceBook): number {
  const { markUpPercent, currencies } = book;
  const { leastMonthlyMinor, stepMinor } = currencies[currency];
  const percent = markUpPercent.places[`${country}:${type}`] ?? markUpPercent.places[country] ?? markUpPercent.default;
  const cost = parseDecimal(price.monthly, `the provider's price of ${country} ${type}`);
  const marked = raisedBy(cost, parseDecimal(percent, `the mark-up of ${country} ${type}`));
  const exact = minorUnits(exchange(marked, price.currency, currency, rates), CURRENCIES[currency].decimals);
  const step = BigInt(stepMinor);
  const least = BigInt(leastMonthlyMinor);
  return toSafeNumber(ceilingOf(exact > least ? exact : least, step) * step);
}

const quoteOf = (currency: Currency, setUpMinor: number, monthlyMinor: number, source: NumberQuote["source"]): NumberQuote => ({
  currency,
  setUpMinor,
  monthlyMinor,
  dueNowMinor: setUpMinor + monthlyMinor,
  source,
});
