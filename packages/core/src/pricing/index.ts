export { type Exact, minorUnits, parseDecimal } from "./decimal.ts";
export { type ExchangeRates, exchange, parseExchangeRates } from "./exchange.ts";
export { createNumberPrices, type NumberPrices, type NumberPricesOptions } from "./number-prices.ts";
export { PRICE_BOOK, type PriceBook } from "./price-book.ts";
export { type NumberQuote, quoteNumber, type WantedNumber } from "./quote.ts";
export { RATE_CARD, type RateCard, USAGE_KINDS, type UsageKind } from "./rate-card.ts";
export { segmentsOf } from "./segments.ts";
export {
  affordableSeconds,
  type CallLeg,
  type CallUsage,
  type ChargeLine,
  type MessageUsage,
  type PlannedLeg,
  priceCall,
  priceMessage,
  rateOf,
  type UsageCharge,
} from "./usage.ts";
