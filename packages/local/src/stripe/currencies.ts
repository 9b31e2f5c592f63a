interface CurrencyRule {
  /** The smallest charge, about 50 US cents: Stripe converts to the account's settlement currency before it compares. */
  readonly minimumMinor: number;
  /** What a card payment costs: basis points of the amount, and a fixed part in minor units. */
  readonly feeBasisPoints: number;
  readonly feeFixedMinor: number;
}

/** The currencies that the sandbox charges in, by Stripe's lower-case codes. All of them have two decimals. */
export const CURRENCIES: Readonly<Record<string, CurrencyRule>> = {
  usd: { minimumMinor: 50, feeBasisPoints: 290, feeFixedMinor: 30 },
  inr: { minimumMinor: 5000, feeBasisPoints: 300, feeFixedMinor: 0 },
  eur: { minimumMinor: 50, feeBasisPoints: 290, feeFixedMinor: 30 },
  gbp: { minimumMinor: 40, feeBasisPoints: 290, feeFixedMinor: 30 },
};

/** Eight digits: the largest amount that Stripe charges. */
export const MAXIMUM_MINOR = 99_999_999;

/** Stripe's fee for a card payment, in minor units. */
export function cardFeeMinor(currency: string, amountMinor: number): number {
  const rule = CURRENCIES[currency];
  return rule ? Math.round((amountMinor * rule.feeBasisPoints) / 10_000) + rule.feeFixedMinor : 0;
}

/** An amount for people, for instance "$12.50". */
export const formatAmount = (currency: string, amountMinor: number): string =>
  new Intl.NumberFormat("en", { style: "currency", currency: currency.toUpperCase() }).format(amountMinor / 100);
