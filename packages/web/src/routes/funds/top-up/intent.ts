import type { Currency } from "../../../money/currency.ts";
import { forget, recall, remember } from "../../../session/tab-storage.ts";

export interface Amount {
  readonly currency: Currency;
  readonly amountMinor: number;
}

/**
 * What the customer means to pay, and the `Idempotency-Key` that stands for it. The same amount asked for again, after a lost answer,
 * a reload or the way back from Stripe, is the same intent and can be paid once only; another amount is another intent.
 */
export interface Intent extends Amount {
  readonly key: string;
  readonly topUpId?: string;
}

/** The drafts and intents of one person in this tab. */
export function intentsOf(sub: string) {
  const name = `intent.${sub}`;
  const last = `aira.lastTopUp.${sub}`;
  const current = () => recall<Intent>(name);
  return {
    current,
    /** The current intent if it is for the same amount, else a new one. */
    for({ currency, amountMinor }: Amount): Intent {
      const known = current();
      if (known?.currency === currency && known.amountMinor === amountMinor) return known;
      const intent = { currency, amountMinor, key: crypto.randomUUID() };
      remember(name, intent);
      return intent;
    },
    /** Notes which top-up the intent has become. Its id alone moves no money, so other tabs may know it: a bank's app can come back in a new one. */
    bind(intent: Intent, topUpId: string): void {
      remember(name, { ...intent, topUpId });
      localStorage.setItem(last, topUpId);
    },
    /** The intent is settled or can no longer be paid: the same amount is a new one from here on. */
    forget: () => forget(name),
    lastTopUpId: () => current()?.topUpId ?? localStorage.getItem(last) ?? undefined,
  };
}

export type Intents = ReturnType<typeof intentsOf>;
