import { useEffect } from "react";

/** What a list that comes page by page has, as TanStack Query's infinite queries do. */
export interface Pages {
  readonly data: { readonly pages: readonly unknown[] } | undefined;
  readonly hasNextPage: boolean;
  readonly isFetching: boolean;
  readonly isFetchingNextPage: boolean;
  readonly isError: boolean;
  fetchNextPage(): unknown;
}

/**
 * Asks for the next page without being told to while too little is to be seen, up to so many pages. A filter may match nothing for long
 * stretches. Answers whether it is at it.
 */
export function useUntilEnough(
  { data, hasNextPage, isFetching, isError, fetchNextPage }: Pages,
  enough: boolean,
  mostPages: number,
): boolean {
  const come = data?.pages.length ?? 0;
  const hungry = !enough && come > 0 && come < mostPages && hasNextPage && !isFetching && !isError;
  useEffect(() => {
    if (hungry) void fetchNextPage();
  }, [hungry, fetchNextPage]);
  return hungry;
}
