import { forget, recall, remember } from "../../session/tab-storage.ts";
import type { PurchaseTerms } from "./shapes.ts";

/** A purchase that was asked for, and the `Idempotency-Key` that stands for it. */
export interface Attempt {
  readonly key: string;
  readonly terms: PurchaseTerms;
}

/**
 * The purchase attempts of one person in this tab, by number. The same terms asked for again, after a lost answer or a reload, are the same
 * attempt: it buys once. Other terms, such as a new price, are another.
 */
export function attemptsOf(sub: string) {
  const name = `purchases.${sub}`;
  const all = () => recall<Record<string, Attempt>>(name) ?? {};
  return {
    of: (phoneNumber: string): Attempt | undefined => all()[phoneNumber],
    for(terms: PurchaseTerms): Attempt {
      const known = all()[terms.phoneNumber];
      if (known && JSON.stringify(known.terms) === JSON.stringify(terms)) return known;
      const attempt = { key: crypto.randomUUID(), terms };
      remember(name, { ...all(), [terms.phoneNumber]: attempt });
      return attempt;
    },
    /** It is settled, or its key has had its day. */
    end(phoneNumber: string): void {
      const { [phoneNumber]: _, ...rest } = all();
      if (Object.keys(rest).length === 0) forget(name);
      else remember(name, rest);
    },
  };
}

export type Attempts = ReturnType<typeof attemptsOf>;
