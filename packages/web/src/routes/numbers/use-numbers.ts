import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { useApi } from "../../api/use-api.ts";

/** Between two looks at something that is on its way. */
const LOOK_AGAIN_MS = 5_000;

/** This person's numbers, newest first. While one is on its way, they are asked for again and again. */
export function useNumbers() {
  const api = useApi();
  const query = useInfiniteQuery({
    queryKey: ["numbers", "list"],
    queryFn: ({ pageParam, signal }) => api.listNumbers({ query: pageParam === undefined ? {} : { cursor: pageParam } }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    refetchInterval: ({ state }) =>
      state.data?.pages.some(({ numbers }) => numbers.some((number) => number.state === "pending" || number.state === "releasing"))
        ? LOOK_AGAIN_MS
        : false,
  });
  return { ...query, numbers: query.data?.pages.flatMap((page) => page.numbers) };
}

export function useNumber(numberId: string) {
  const api = useApi();
  return useQuery({
    queryKey: ["numbers", "one", numberId],
    queryFn: ({ signal }) => api.getNumber({ params: { numberId } }, { signal }),
    refetchInterval: ({ state }) => (state.data?.state === "pending" || state.data?.state === "releasing" ? LOOK_AGAIN_MS : false),
  });
}

export function useWallet() {
  const api = useApi();
  return useQuery({ queryKey: ["balances"], queryFn: ({ signal }) => api.getBalance({}, { signal }) });
}

/** What is shown of numbers and of money is asked for anew. */
export function useRefreshed() {
  const queries = useQueryClient();
  return useCallback(() => {
    for (const name of ["numbers", "balances", "statement", "history"]) void queries.invalidateQueries({ queryKey: [name] });
  }, [queries]);
}
