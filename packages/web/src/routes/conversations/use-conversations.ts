import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useApi } from "../../api/use-api.ts";
import { type ConversationFilters, hasWords, toQuery } from "./filters.ts";

const PAGE = 30;
/** What is looked for may be far back: so many pages are asked for without being told to. */
const PATIENCE = 5;
const ENOUGH = 10;
/** While a call goes on, its row is looked at again. */
const LIVE_MS = 5_000;

const LIVE = new Set(["queued", "ringing", "in_progress"]);

/** Conversations, newest first, page after page; `shown` are those that have the words looked for. */
export function useConversations(filters: ConversationFilters) {
  const api = useApi();
  const { q, ...asked } = filters;
  const query = useInfiniteQuery({
    queryKey: ["conversations", "list", asked],
    queryFn: ({ pageParam, signal }) =>
      api.listConversations(
        { query: { ...toQuery(filters), limit: PAGE, ...(pageParam === undefined ? {} : { cursor: pageParam }) } },
        { signal },
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) =>
      state.data?.pages[0]?.conversations.some(({ status }) => LIVE.has(status)) && state.data.pages.length === 1 ? LIVE_MS : false,
  });
  const { data, hasNextPage, isFetching, isError, fetchNextPage } = query;
  const loaded = data?.pages.flatMap((page) => page.conversations) ?? [];
  const shown = q === null ? loaded : loaded.filter((conversation) => hasWords(conversation, q));
  const pages = data?.pages.length ?? 0;
  const hungry = shown.length < ENOUGH && pages > 0 && pages < PATIENCE && hasNextPage && !isFetching && !isError;
  useEffect(() => {
    if (hungry) void fetchNextPage();
  }, [hungry, fetchNextPage]);
  return { ...query, loaded, shown, searching: hungry };
}
