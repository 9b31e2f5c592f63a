import { ENTRY_KINDS } from "@aira/contract";
import type { StatementFilters } from "../api/shapes.ts";
import { isDay, type Period, type Rules, readAddress, toSpan } from "../filters/address.ts";
import { isCurrency } from "../money/currency.ts";

/** Filters as the address keeps them. */
export interface FilterState extends Period {
  readonly kind: string | null;
  readonly currency: string | null;
  readonly direction: string | null;
  readonly reference: string | null;
}

const RULES: Rules<keyof FilterState> = {
  kind: (value) => Object.hasOwn(ENTRY_KINDS, value),
  currency: isCurrency,
  direction: (value) => value === "in" || value === "out",
  from: isDay,
  to: isDay,
  reference: (value) => value.length > 0 && value.length <= 128,
};

export const readFilters = (query: URLSearchParams): FilterState => readAddress(query, RULES);

export const NO_FILTERS: FilterState = { kind: null, currency: null, direction: null, from: null, to: null, reference: null };

export const countFilters = (state: FilterState): number =>
  [state.kind, state.currency, state.direction, state.from ?? state.to, state.reference].filter((value) => value !== null).length;

/** The same as the API takes it. */
export const toQuery = ({ from, to, ...rest }: FilterState): StatementFilters => ({
  ...(Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null)) as StatementFilters),
  ...toSpan({ from, to }),
});
