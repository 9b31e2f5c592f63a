import { useInfiniteQuery } from "@tanstack/react-query";
import { useUntilEnough } from "../components/endless/use-until-enough.ts";
import { type FilterState, toQuery } from "./filters.ts";
import type { StatementSource } from "./source.ts";

const PAGE = 30;
const ENOUGH = PAGE / 2;
const MOST_PAGES = 6;

/** The statement, newest first, page after page. */
export function useStatement(source: StatementSource, filters: FilterState) {
  const pages = useInfiniteQuery({
    queryKey: ["statement", ...source.key, filters],
    queryFn: ({ pageParam, signal }) =>
      source.page({ ...toQuery(filters), limit: PAGE, ...(pageParam === undefined ? {} : { cursor: pageParam }) }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
  });
  const transactions = pages.data?.pages.flatMap((page) => page.transactions) ?? [];
  const searching = useUntilEnough(pages, transactions.length >= ENOUGH, MOST_PAGES);
  return { pages, transactions, searching };
}
