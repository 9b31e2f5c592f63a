import type { Currency, NumberType } from "@aira/contract";
import type { Clock } from "../lib/index.ts";
import type { NumberProvider, ProviderPrice } from "../numbers/provider.ts";
import { parseDecimal } from "./decimal.ts";
import type { ExchangeRates } from "./exchange.ts";
import { PRICE_BOOK, type PriceBook } from "./price-book.ts";
import { type NumberQuote, quoteFixed, quoteNumber } from "./quote.ts";

const TTL_MS = 6 * 3_600_000;
/** After a failed fetch the provider is left alone for a while: a search must not wait for its timeout each time. */
const PAUSE_MS = 60_000;

export interface NumberPricesOptions {
  readonly provider: Pick<NumberProvider, "prices">;
  readonly clock: Clock;
  readonly rates: ExchangeRates;
  readonly book?: PriceBook;
  /** How long a fetched price is believed. Six hours by default. */
  readonly ttlMs?: number;
  /** Hears of each fetch that failed, for log and metric: the customer gets a price anyway. */
  readonly onFailure?: (country: string, cause: unknown) => void;
}

export interface NumberPrices {
  /** Our price, or undefined when nobody has one. Never waits for more than one fetch, and never fails because of the provider. */
  quote(country: string, type: NumberType, currency: Currency): Promise<NumberQuote | undefined>;
}

interface Cached {
  /** Undefined: the provider has none, or never answered. */
  readonly prices: readonly ProviderPrice[] | undefined;
  readonly askAgainAtMs: number;
}

/**
 * Quotes over the provider's prices, cached per country for as long as the container lives. When a fetch fails, the last prices that
 * were fetched hold, else the book's built-in list.
 */
export function createNumberPrices(options: NumberPricesOptions): NumberPrices {
  const { provider, clock, rates, book = PRICE_BOOK, ttlMs = TTL_MS, onFailure } = options;
  const cache = new Map<string, Cached>();
  const fetches = new Map<string, Promise<Cached>>();

  async function fetchPrices(country: string): Promise<Cached> {
    try {
      const prices = await provider.prices(country);
      // A price that can't be read counts as no answer, here rather than in every later quote.
      for (const { type, monthly } of prices ?? []) parseDecimal(monthly, `the provider's price of ${country} ${type}`);
      return { prices, askAgainAtMs: clock() + ttlMs };
    } catch (cause) {
      onFailure?.(country, cause);
      return { prices: cache.get(country)?.prices, askAgainAtMs: clock() + PAUSE_MS };
    }
  }

  function sharedFetch(country: string): Promise<Cached> {
    const running = fetches.get(country);
    if (running) return running;
    const fetching = fetchPrices(country)
      .then((fetched) => {
        cache.set(country, fetched);
        return fetched;
      })
      .finally(() => fetches.delete(country));
    fetches.set(country, fetching);
    return fetching;
  }

  return {
    async quote(country, type, currency) {
      const wanted = { country, type, currency };
      const fixed = quoteFixed(wanted, book);
      if (fixed) return fixed;
      const cached = cache.get(country);
      const { prices } = cached && clock() < cached.askAgainAtMs ? cached : await sharedFetch(country);
      return quoteNumber(wanted, prices, rates, book);
    },
  };
}
