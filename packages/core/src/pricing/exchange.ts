import { InvariantError, invariant } from "../lib/index.ts";
import { dividedBy, type Exact, parseDecimal, times } from "./decimal.ts";

/** What one US dollar costs in each currency. */
export type ExchangeRates = ReadonlyMap<string, Exact>;

const ONE: Exact = { numerator: 1n, denominator: 1n };

/**
 * Reads the variable `EXCHANGE_RATES`, like `INR=88.50,EUR=0.92`: what a US dollar costs. The dollar itself is always there, at 1.
 * Throws a sentence that names the currency for a rate that is no decimal, is zero or stands there twice.
 */
export function parseExchangeRates(text: string): ExchangeRates {
  const rates = new Map([["USD", ONE]]);
  for (const part of text.split(",").map((one) => one.trim())) {
    if (part === "") continue;
    const [, currency = "", rate = ""] = /^([A-Z]{3})=(.*)$/s.exec(part) ?? [];
    if (currency === "") throw new InvariantError("EXCHANGE_RATES must be a list of currency=rate, like INR=88.50");
    const field = `EXCHANGE_RATES: the rate of ${currency}`;
    invariant(!rates.has(currency), currency === "USD" ? `${field} is always 1` : `${field} stands there twice`);
    const value = parseDecimal(rate, field);
    invariant(value.numerator > 0n, `${field} must be above zero`);
    rates.set(currency, value);
  }
  return rates;
}

/** The same worth in another currency, exactly. Throws for a currency that `EXCHANGE_RATES` has no rate for. */
export function exchange(amount: Exact, from: string, to: string, rates: ExchangeRates): Exact {
  if (from === to) return amount;
  return times(dividedBy(amount, rateOf(from, rates)), rateOf(to, rates));
}

function rateOf(currency: string, rates: ExchangeRates): Exact {
  const rate = rates.get(currency);
  if (!rate) throw new InvariantError(`EXCHANGE_RATES has no rate for ${currency}`);
  return rate;
}
