import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useApi } from "../../api/use-api.ts";
import { useUntilEnough } from "../../components/endless/use-until-enough.ts";
import { type ConversationFilters, hasWords, toQuery } from "./filters.ts";
import { LIVE } from "./shapes.ts";

const PAGE = 30;
const ENOUGH = 10;
const MOST_PAGES = 5;
/** While a call goes on, its row is looked at again. */
const LIVE_MS = 5_000;

/** Conversations, newest first, page after page; `shown` are those that have the words looked for. */
export function useConversations(filters: ConversationFilters) {
  const api = useApi();
  const { q, ...asked } = filters;
  const pages = useInfiniteQuery({
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
  const loaded = pages.data?.pages.flatMap((page) => page.conversations) ?? [];
  const shown = q === null ? loaded : loaded.filter((conversation) => hasWords(conversation, q));
  const searching = useUntilEnough(pages, shown.length >= ENOUGH, MOST_PAGES);
  return { pages, loaded, shown, searching };
}
