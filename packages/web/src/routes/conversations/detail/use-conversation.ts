import { useInfiniteQuery } from "@tanstack/react-query";
import { useApi } from "../../../api/use-api.ts";
import { LIVE } from "../shapes.ts";

const PAGE = 50;
const LIVE_MS = 3_000;

export const conversationKey = (conversationId: string) => ["conversations", "one", conversationId] as const;

/** One conversation, its messages oldest first; earlier ones come page by page. A call that goes on is followed. */
export function useConversation(conversationId: string, enabled = true) {
  const api = useApi();
  const query = useInfiniteQuery({
    queryKey: conversationKey(conversationId),
    queryFn: ({ pageParam, signal }) =>
      api.getConversation(
        { params: { conversationId }, query: { limit: PAGE, ...(pageParam === undefined ? {} : { cursor: pageParam }) } },
        { signal },
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    refetchInterval: ({ state }) => (LIVE.has(state.data?.pages[0]?.conversation.status ?? "") ? LIVE_MS : false),
    enabled,
  });
  return {
    ...query,
    conversation: query.data?.pages[0]?.conversation,
    messages: query.data?.pages.flatMap((page) => page.messages).toReversed() ?? [],
  };
}

export type ReadConversation = ReturnType<typeof useConversation>;
