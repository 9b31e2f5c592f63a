import { useMemo } from "react";
import { useSearchParams } from "react-router";
import { writeAddress } from "./address.ts";

/** Filters that stand in the address, and how to change some of them. `read` must stay the same from one drawing to the next. */
export function useAddressFilters<Filters extends object>(read: (query: URLSearchParams) => Filters) {
  const [query, setQuery] = useSearchParams();
  const filters = useMemo(() => read(query), [query, read]);
  const change = (next: Partial<Filters>) =>
    setQuery((old) => writeAddress(old, next as Record<string, string | null>), { replace: true, preventScrollReset: true });
  return [filters, change] as const;
}
