import type { Currency, EntryKind } from "@aira/contract";
import type { Balance, Balances, Entry } from "../ledger/index.ts";
import type { Day } from "./day.ts";

/** Entries of one kind in one currency. Signed sums in minor units. */
export interface KindTotal {
  readonly entries: number;
  /** Change of the available balances. */
  readonly amountMinor: number;
  /** Change of the held balances. */
  readonly heldMinor: number;
}

export type KindTotals = Readonly<Partial<Record<Currency, Readonly<Partial<Record<EntryKind, KindTotal>>>>>>;

/** What all wallets together did on one day, or as many of them as have been read. */
export interface DaySums {
  readonly byKind: KindTotals;
  /** Entries of the day. */
  readonly entries: number;
  /** Wallets with an entry on the day. */
  readonly activeWallets: number;
  /** Wallets with an entry on the day or before. */
  readonly wallets: number;
  /** The sum of their balances at the end of the day, as their entries tell. */
  readonly closing: Balances;
}

export const NO_SUMS: DaySums = { byKind: {}, entries: 0, activeWallets: 0, wallets: 0, closing: {} };

/** One finished day of the platform. */
export interface DayTotals extends DaySums {
  readonly day: Day;
  /**
   * Whether the closing balances of the day before and this day's entries add up to this day's closing balances. If not, the
   * ledger's past has changed since: a wallet is gone, or an entry was added or altered.
   */
  readonly carries: boolean;
}

/** The sums once a wallet's entries of the day, oldest first, are counted too. `opening`: its balances before them. Pure. */
export function withWallet(sums: DaySums, entries: readonly Entry[], opening: Balances): DaySums {
  const closing = entries.at(-1)?.balances ?? opening;
  return {
    byKind: entries.reduce(withEntry, sums.byKind),
    entries: sums.entries + entries.length,
    activeWallets: sums.activeWallets + (entries.length > 0 ? 1 : 0),
    wallets: sums.wallets + 1,
    closing: plus(sums.closing, closing),
  };
}

function withEntry(totals: KindTotals, { currency, kind, amountMinor, heldMinor }: Entry): KindTotals {
  const old = totals[currency]?.[kind] ?? { entries: 0, amountMinor: 0, heldMinor: 0 };
  const total: KindTotal = {
    entries: old.entries + 1,
    amountMinor: old.amountMinor + amountMinor,
    heldMinor: old.heldMinor + heldMinor,
  };
  return { ...totals, [currency]: { ...totals[currency], [kind]: total } };
}

const NOTHING: Balance = { availableMinor: 0, heldMinor: 0 };

const currenciesOf = (...all: readonly object[]): Currency[] => [...new Set(all.flatMap((one) => Object.keys(one)))] as Currency[];

/** Currency by currency. */
export function plus(a: Balances, b: Balances): Balances {
  return Object.fromEntries(
    currenciesOf(a, b).map((currency) => {
      const [x, y] = [a[currency] ?? NOTHING, b[currency] ?? NOTHING];
      return [currency, { availableMinor: x.availableMinor + y.availableMinor, heldMinor: x.heldMinor + y.heldMinor }];
    }),
  );
}

/** What a day changed, by currency. */
export function netOf(byKind: KindTotals): Balances {
  return Object.fromEntries(
    currenciesOf(byKind).map((currency) => {
      const kinds = Object.values(byKind[currency] ?? {});
      return [
        currency,
        {
          availableMinor: kinds.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
          heldMinor: kinds.reduce((sum, { heldMinor }) => sum + heldMinor, 0),
        },
      ];
    }),
  );
}

/** The same money? A currency with nothing in it and one that is absent are the same. */
export function sameMoney(a: Balances, b: Balances): boolean {
  return currenciesOf(a, b).every((currency) => {
    const [x, y] = [a[currency] ?? NOTHING, b[currency] ?? NOTHING];
    return x.availableMinor === y.availableMinor && x.heldMinor === y.heldMinor;
  });
}

/** A day's totals from its sums and the closing balances of the day before it. Pure. */
export const closeDay = (day: Day, sums: DaySums, before: Balances): DayTotals => ({
  day,
  ...sums,
  carries: sameMoney(plus(before, netOf(sums.byKind)), sums.closing),
});
