import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useApi } from "../../api/use-api.ts";
import { usePerson } from "../../session/use-session.ts";

const PAGE = 20;
const AGAIN_MS = 120_000;
/** What is older is no news, also in a browser that has never shown it. */
const NEWS_MS = 30 * 86_400_000;

/** What this person is told of, newest first, and how much of it they have not looked at in this browser. */
export function useNotices() {
  const api = useApi();
  const { sub } = usePerson();
  const name = `aira.noticesSeen.${sub}`;
  // Ids begin with their time.
  const looked = () => localStorage.getItem(name) ?? new Date(Date.now() - NEWS_MS).toISOString();
  const [seen, setSeen] = useState(looked);
  const query = useInfiniteQuery({
    queryKey: ["notices"],
    queryFn: ({ pageParam, signal }) =>
      api.listNotices({ query: { limit: PAGE, ...(pageParam === undefined ? {} : { cursor: pageParam }) } }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    refetchInterval: AGAIN_MS,
  });
  const notices = query.data?.pages.flatMap((page) => page.notices);
  const newest = notices?.[0]?.noticeId;
  return {
    ...query,
    notices,
    isNew: (noticeId: string) => noticeId > seen,
    unread: notices?.filter(({ noticeId }) => noticeId > seen).length ?? 0,
    /** What is shown now counts as looked at from the next time on. */
    look(): void {
      if (newest !== undefined) localStorage.setItem(name, newest);
    },
    forgetNew: () => setSeen(looked()),
  };
}

export type Notices = ReturnType<typeof useNotices>;
