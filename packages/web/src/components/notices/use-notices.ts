import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useApi } from "../../api/use-api.ts";
import { usePerson } from "../../session/use-session.ts";

const PAGE = 20;
const AGAIN_MS = 120_000;

/** What this person is told of, newest first, and how much of it they have not looked at in this browser. */
export function useNotices() {
  const api = useApi();
  const { sub } = usePerson();
  const name = `aira.noticesSeen.${sub}`;
  const [seen, setSeen] = useState(() => localStorage.getItem(name) ?? "");
  const query = useInfiniteQuery({
    queryKey: ["notices"],
    queryFn: ({ pageParam, signal }) =>
      api.listNotices({ query: { limit: PAGE, ...(pageParam === undefined ? {} : { cursor: pageParam }) } }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    refetchInterval: AGAIN_MS,
  });
  const notices = query.data?.pages.flatMap((page) => page.notices);
  const newest = notices?.[0]?.noticeId ?? "";
  return {
    ...query,
    notices,
    /** Ids begin with their time. */
    isNew: (noticeId: string) => noticeId > seen,
    unread: notices?.filter(({ noticeId }) => noticeId > seen).length ?? 0,
    /** What is shown now counts as looked at from the next time on. */
    look(): void {
      localStorage.setItem(name, newest);
    },
    forgetNew: () => setSeen(localStorage.getItem(name) ?? ""),
  };
}

export type Notices = ReturnType<typeof useNotices>;
