import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { type FilterState, toQuery } from "./filters.ts";
import type { StatementSource } from "./source.ts";

const PAGE = 30;
/** A filter may match nothing for long stretches: so many short pages are asked for without being told to. */
const PATIENCE = 5;

/** The statement, newest first, page after page. */
export function useStatement(source: StatementSource, filters: FilterState) {
  const query = useInfiniteQuery({
    queryKey: ["statement", ...source.key, filters],
    queryFn: ({ pageParam, signal }) =>
      source.page({ ...toQuery(filters), limit: PAGE, ...(pageParam === undefined ? {} : { cursor: pageParam }) }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
  });
  const { data, hasNextPage, isFetching, isError, fetchNextPage } = query;
  const transactions = data?.pages.flatMap((page) => page.transactions) ?? [];
  const pages = data?.pages.length ?? 0;
  const hungry = transactions.length < PAGE / 2 && pages > 0 && pages <= PATIENCE && hasNextPage && !isFetching && !isError;
  useEffect(() => {
    if (hungry) void fetchNextPage();
  }, [hungry, fetchNextPage]);
  return { ...query, transactions, searching: hungry };
}
