import { Button, Loader, VisuallyHidden } from "@mantine/core";
import { useIntersection } from "@mantine/hooks";
import { type ReactNode, useEffect } from "react";
import { useMessages } from "../../i18n/language.tsx";
import { ProblemNotice } from "../problem-notice.tsx";
import styles from "./endless-list.module.css";
import { endlessMessages } from "./messages.ts";
import type { Pages } from "./use-until-enough.ts";

interface Props {
  readonly pages: Pages & { readonly error: unknown; readonly isPending: boolean; readonly isPlaceholderData: boolean; refetch(): unknown };
  /** More is being asked for already, since too little has come. */
  readonly searching: boolean;
  /** How many have come. */
  readonly loaded: number;
  /** How many of them are to be seen. */
  readonly shown: number;
  /** That number in words, for who does not see them come. */
  readonly count: string;
  /** Whether coming close to the end asks for more. */
  readonly byItself?: boolean;
  /** While nothing has come yet. */
  readonly skeleton: ReactNode;
  /** The list, or why there is none. */
  readonly children: ReactNode;
}

/** A list that goes on, page by page, as one comes to its end; where a page fails it says why and tries again. */
export function EndlessList({ pages, searching, loaded, shown, count, byItself = true, skeleton, children }: Props) {
  const { error, isPending, isPlaceholderData, isFetchingNextPage, hasNextPage, refetch, fetchNextPage } = pages;
  const messages = useMessages(endlessMessages);
  const { ref, entry } = useIntersection({ rootMargin: "600px" });
  const atEnd = entry?.isIntersecting ?? false;
  const more = byItself && hasNextPage && !isFetchingNextPage && !error && !searching;
  useEffect(() => {
    if (atEnd && more && loaded > 0) void fetchNextPage();
  }, [atEnd, more, loaded, fetchNextPage]);

  if (isPending) return skeleton;
  const problem = error ? (
    <div className={styles.aside}>
      <ProblemNotice error={error} onRetry={() => void (loaded > 0 ? fetchNextPage() : refetch())} />
    </div>
  ) : null;
  if (problem && loaded === 0) return problem;
  return (
    <div aria-busy={isPlaceholderData}>
      {children}
      <VisuallyHidden role="status">{count}</VisuallyHidden>
      {problem}
      {(shown > 0 || hasNextPage) && (
        <div ref={ref} className={styles.foot}>
          {isFetchingNextPage || searching ? (
            <span className={styles.searching}>
              <Loader size={16} /> {messages.searching}
            </span>
          ) : hasNextPage ? (
            <Button variant="default" onClick={() => fetchNextPage()}>
              {messages.older}
            </Button>
          ) : (
            messages.end
          )}
        </div>
      )}
    </div>
  );
}
