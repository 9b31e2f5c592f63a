import type { Client } from "@aira/contract/client";
import { ProblemError } from "@aira/contract/client";
import { QueryClient } from "@tanstack/react-query";
import { createContext, use } from "react";

export const ApiContext = createContext<Client | undefined>(undefined);

/** The typed client: there is no other way to the API. */
export function useApi(): Client {
  const api = use(ApiContext);
  if (!api) throw new Error("there is an API above every page");
  return api;
}

const MOST_RETRIES = 2;

/** Worth another try by itself: a busy service. Without a network the page says so at once and offers the retry. */
const passes = (error: unknown): boolean => error instanceof ProblemError && error.problem.status === 503;

export const createQueryClient = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: {
        networkMode: "always",
        staleTime: 10_000,
        retry: (failures, error) => failures < MOST_RETRIES && passes(error),
        retryDelay: (failures, error) =>
          error instanceof ProblemError && error.retryAfterSeconds !== undefined ? error.retryAfterSeconds * 1_000 : 500 * 2 ** failures,
      },
      // Nothing that moves money is repeated behind the person's back.
      mutations: { networkMode: "always", retry: false },
    },
  });
