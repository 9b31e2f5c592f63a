import { Money } from "../../../components/money.tsx";
import { isCurrency } from "../../../money/currency.ts";

/** Stripe's account may settle in a currency that no wallet has. */
export function Amount({ amountMinor, currency }: { readonly amountMinor: number; readonly currency: string }) {
  return isCurrency(currency) ? <Money amountMinor={amountMinor} currency={currency} /> : `${amountMinor} ${currency}`;
}
