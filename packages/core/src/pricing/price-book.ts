import type { Currency, NumberType } from "@aira/contract";

/** A price that the operator sets, whatever the provider asks: also below it. */
interface FixedPrice {
  readonly country: string;
  readonly type: NumberType;
  readonly currency: Currency;
  readonly monthlyMinor: number;
  /** Instead of the currency's set-up fee. */
  readonly setUpMinor?: number;
}

interface CurrencyTerms {
  /** Once, for every number that is bought. */
  readonly setUpMinor: number;
  /** No month costs less, however little the provider asks. */
  readonly leastMonthlyMinor: number;
  /** Prices are whole multiples of this: 1 is each cent, 100 are whole rupees. */
  readonly stepMinor: number;
}

/** What the provider asks a month, as decimal strings. */
interface ListPrices {
  /** When the list was last gone through. */
  readonly asOf: string;
  readonly currency: string;
  readonly monthly: Readonly<Record<string, Partial<Readonly<Record<NumberType, string>>>>>;
}

/** What numbers cost our customers. */
export interface PriceBook {
  /** Percent on top of the provider's price, by `GB:mobile`, else by `GB`, else the default. */
  readonly markUpPercent: { readonly default: string; readonly places: Readonly<Record<string, string>> };
  readonly fixed: readonly FixedPrice[];
  readonly currencies: Readonly<Record<Currency, CurrencyTerms>>;
  /** For when the provider's own prices are not to be had. */
  readonly builtIn: ListPrices;
}

export const PRICE_BOOK: PriceBook = {
  markUpPercent: {
    default: "30",
    places: {
      // Dear numbers: less on top, since the amount is large anyway.
      "AU:mobile": "20",
      "AU:toll_free": "20",
      "DE:toll_free": "20",
      "IT:mobile": "20",
      "JP:toll_free": "20",
    },
  },
  fixed: [
    { country: "US", type: "local", currency: "USD", monthlyMinor: 200 },
    { country: "US", type: "local", currency: "INR", monthlyMinor: 17_900 },
    { country: "CA", type: "local", currency: "USD", monthlyMinor: 200 },
    { country: "CA", type: "local", currency: "INR", monthlyMinor: 17_900 },
  ],
  currencies: {
    USD: { setUpMinor: 100, leastMonthlyMinor: 150, stepMinor: 1 },
    INR: { setUpMinor: 9_000, leastMonthlyMinor: 13_500, stepMinor: 100 },
  },
  // Approximate list prices: they stand in while the Pricing API does not answer. Compare them with Twilio's before going live.
  builtIn: {
    asOf: "2026-11-22",
    currency: "USD",
    monthly: {
      US: { local: "1.15", toll_free: "2.15" },
      CA: { local: "1.15", toll_free: "2.15" },
      GB: { local: "1.15", mobile: "1.15", national: "1.15", toll_free: "2.15" },
      IE: { local: "1.15", mobile: "8.00", national: "1.15", toll_free: "25.00" },
      IN: { local: "3.50", mobile: "3.50", national: "3.50", toll_free: "26.00" },
      AU: { local: "3.00", mobile: "6.50", national: "3.00", toll_free: "16.00" },
      NZ: { local: "3.15", mobile: "15.00", toll_free: "30.00" },
      DE: { local: "1.15", mobile: "15.00", national: "1.15", toll_free: "25.00" },
      AT: { local: "1.15", mobile: "6.00", national: "1.15", toll_free: "25.00" },
      CH: { local: "1.15", mobile: "8.00", national: "1.15", toll_free: "25.00" },
      FR: { local: "1.60", mobile: "15.00", national: "1.60", toll_free: "25.00" },
      BE: { local: "1.15", mobile: "1.50", national: "1.15", toll_free: "25.00" },
      NL: { local: "1.15", mobile: "6.00", national: "1.15", toll_free: "25.00" },
      SE: { local: "1.15", mobile: "3.00", national: "1.15", toll_free: "25.00" },
      DK: { local: "1.15", mobile: "15.00", national: "1.15", toll_free: "25.00" },
      NO: { local: "3.00", mobile: "3.00", national: "3.00", toll_free: "25.00" },
      FI: { local: "1.15", mobile: "5.00", national: "1.15", toll_free: "25.00" },
      ES: { local: "1.15", mobile: "15.00", national: "1.15", toll_free: "25.00" },
      PT: { local: "1.15", mobile: "15.00", national: "1.15", toll_free: "25.00" },
      IT: { local: "2.00", mobile: "30.00", national: "2.00", toll_free: "25.00" },
      PL: { local: "1.15", mobile: "6.00", national: "1.15", toll_free: "25.00" },
      CZ: { local: "1.15", mobile: "6.00", national: "1.15", toll_free: "25.00" },
      BR: { local: "4.25", mobile: "15.00", national: "4.25", toll_free: "25.00" },
      MX: { local: "6.25", mobile: "6.25", toll_free: "30.00" },
      JP: { local: "4.50", mobile: "12.00", national: "4.50", toll_free: "25.00" },
      SG: { local: "4.00", mobile: "8.00", toll_free: "25.00" },
      HK: { local: "6.00", mobile: "15.00", national: "6.00", toll_free: "25.00" },
      IL: { local: "4.25", mobile: "15.00", national: "4.25", toll_free: "25.00" },
      ZA: { local: "1.50", mobile: "10.00", national: "1.50", toll_free: "28.00" },
    },
  },
};
