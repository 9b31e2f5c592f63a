import { ENTRY_KINDS } from "@aira/contract";
import type { StatementFilters } from "../api/shapes.ts";
import { isCurrency } from "../money/currency.ts";

/** Filters as the address keeps them: days of this person's calendar, both included. */
export interface FilterState {
  readonly kind: string | null;
  readonly currency: string | null;
  readonly direction: string | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly reference: string | null;
}

const NAMES = ["kind", "currency", "direction", "from", "to", "reference"] as const;
const DAY = /^\d{4}-\d\d-\d\d$/;

const VALID: Readonly<Record<(typeof NAMES)[number], (value: string) => boolean>> = {
  kind: (value) => Object.hasOwn(ENTRY_KINDS, value),
  currency: isCurrency,
  direction: (value) => value === "in" || value === "out",
  from: (value) => DAY.test(value) && !Number.isNaN(Date.parse(value)),
  to: (value) => DAY.test(value) && !Number.isNaN(Date.parse(value)),
  reference: (value) => value.length > 0 && value.length <= 128,
};

/** What the address asks for. What it cannot mean is left out. */
export const readFilters = (query: URLSearchParams): FilterState =>
  Object.fromEntries(
    NAMES.map((name) => {
      const value = query.get(name);
      return [name, value !== null && VALID[name](value) ? value : null];
    }),
  ) as unknown as FilterState;

export function writeFilters(query: URLSearchParams, change: Partial<FilterState>): URLSearchParams {
  const next = new URLSearchParams(query);
  for (const [name, value] of Object.entries(change)) {
    if (value === null || value === "") next.delete(name);
    else next.set(name, value);
  }
  return next;
}

export const NO_FILTERS: FilterState = { kind: null, currency: null, direction: null, from: null, to: null, reference: null };

export const countFilters = (state: FilterState): number =>
  [state.kind, state.currency, state.direction, state.from ?? state.to, state.reference].filter((value) => value !== null).length;

/** The same as the API takes it. A day begins and ends by this device's clock; `to` is excluded there, so it is the next day's beginning. */
export const toQuery = ({ from, to, ...rest }: FilterState): StatementFilters =>
  Object.fromEntries(
    Object.entries({
      ...rest,
      from: from === null ? null : beginningOf(from, 0),
      to: to === null ? null : beginningOf(to, 1),
    }).filter(([, value]) => value !== null),
  ) as StatementFilters;

function beginningOf(day: string, later: number): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date + later).toISOString();
}
