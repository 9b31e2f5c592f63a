import { CURRENCIES, type Currency, currencies } from "@aira/contract";
import { type ExchangeRates, exchange, minorUnits, parseDecimal } from "../pricing/index.ts";
import type { ProvidedUsage } from "./usage-provider.ts";

/** A call or text that the provider charged us for, and we nobody. */
export type Uncharged = Pick<ProvidedUsage, "sid" | "kind" | "price" | "priceUnit">;

/** What one day came to so far. Plain data: it is kept between pages. */
export interface Tally {
  readonly calls: number;
  readonly texts: number;
  /** Of other applications on the same account. */
  readonly foreign: number;
  /** Turned away: paid by us, and by nobody to us. */
  readonly free: number;
  /** Without a price so far. */
  readonly unpriced: number;
  readonly unchargedCount: number;
  /** The first of them. */
  readonly uncharged: readonly Uncharged[];
  readonly chargedMinor: Readonly<Partial<Record<Currency, number>>>;
  /** What the provider asks, by the currency that we charge in and the one it asks in: whole 10^-15 of it, as text. */
  readonly asked: Readonly<Partial<Record<Currency, Readonly<Record<string, string>>>>>;
}

export const EMPTY: Tally = {
  calls: 0,
  texts: 0,
  foreign: 0,
  free: 0,
  unpriced: 0,
  unchargedCount: 0,
  uncharged: [],
  chargedMinor: {},
  asked: {},
};

/** How one listed call or text stands in our books. `none`: nothing of it is recorded, on a number of ours. */
export type Standing =
  | { readonly of: "foreign" }
  | { readonly of: "none"; readonly currency: Currency }
  /** `dueMinor`: what should have been charged; `chargedMinor`: what the ledger has. */
  | { readonly of: "ours"; readonly currency: Currency; readonly dueMinor: number; readonly chargedMinor: number };

const MOST_NAMED = 100;
const DECIMALS = 15;

/** The day with one more call or text. Pure. */
export function counted(tally: Tally, usage: ProvidedUsage, standing: Standing): Tally {
  if (standing.of === "foreign") return { ...tally, foreign: tally.foreign + 1 };
  const { currency } = standing;
  const chargedMinor = standing.of === "ours" ? standing.chargedMinor : 0;
  const costsUs = askedOf(usage) > 0n;
  const isFree = standing.of === "ours" && standing.dueMinor === 0;
  const isMissing = costsUs && !usage.isReply && (standing.of === "none" || chargedMinor < standing.dueMinor);
  const before = tally.asked[currency] ?? {};
  return {
    ...tally,
    calls: tally.calls + (usage.kind === "call" ? 1 : 0),
    texts: tally.texts + (usage.kind === "sms" ? 1 : 0),
    free: tally.free + (costsUs && isFree ? 1 : 0),
    unpriced: tally.unpriced + (usage.price === null ? 1 : 0),
    unchargedCount: tally.unchargedCount + (isMissing ? 1 : 0),
    uncharged: isMissing ? [...tally.uncharged, named(usage)].slice(0, MOST_NAMED) : tally.uncharged,
    chargedMinor: { ...tally.chargedMinor, [currency]: (tally.chargedMinor[currency] ?? 0) + chargedMinor },
    asked: {
      ...tally.asked,
      [currency]: { ...before, [usage.priceUnit]: String(BigInt(before[usage.priceUnit] ?? 0) + askedOf(usage)) },
    },
  };
}

const named = ({ sid, kind, price, priceUnit }: ProvidedUsage): Uncharged => ({ sid, kind, price, priceUnit });

/** What we pay for it, in whole 10^-15 of the unit. The provider's prices are below zero when we pay. */
function askedOf({ price }: ProvidedUsage): bigint {
  if (price === null) return 0n;
  const { numerator, denominator } = parseDecimal(price.replace(/^-/, ""), "the provider's price");
  const whole = (numerator * 10n ** BigInt(DECIMALS)) / denominator;
  return price.startsWith("-") ? whole : -whole;
}

export interface CurrencyMargin {
  readonly currency: Currency;
  readonly chargedMinor: number;
  /** What the provider asks, rounded up once. */
  readonly askedMinor: number;
  readonly marginMinor: number;
  /** Of what was charged, like `61.5`; null when nothing was. */
  readonly marginPercent: string | null;
}

/** What the day's calls and texts brought in each currency that they were charged in. Throws for a currency without an exchange rate. */
export function marginsOf({ chargedMinor, asked }: Tally, rates: ExchangeRates): readonly CurrencyMargin[] {
  return currencies.flatMap((currency) => {
    const units = asked[currency];
    if (units === undefined) return [];
    const charged = chargedMinor[currency] ?? 0;
    const askedMinor = Object.entries(units).reduce((sum, [unit, amount]) => sum + minorOf(BigInt(amount), unit, currency, rates), 0);
    const marginMinor = charged - askedMinor;
    const marginPercent = charged === 0 ? null : ((marginMinor * 100) / charged).toFixed(1);
    return [{ currency, chargedMinor: charged, askedMinor, marginMinor, marginPercent }];
  });
}

function minorOf(amount: bigint, unit: string, currency: Currency, rates: ExchangeRates): number {
  const size = { numerator: amount < 0n ? -amount : amount, denominator: 10n ** BigInt(DECIMALS) };
  const minor = Number(minorUnits(exchange(size, unit, currency, rates), CURRENCIES[currency].decimals));
  return amount < 0n ? -minor : minor;
}
