import type { Route } from "playwright-core";

interface Problem {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly requestId: string;
}

/** Answers a request as the API does that refuses or fails. */
export const answerProblem = (route: Route, problem: Problem, headers: Readonly<Record<string, string>> = {}): Promise<void> =>
  route.fulfill({
    status: problem.status,
    headers: { ...headers, "content-type": "application/problem+json" },
    body: JSON.stringify({ type: `/problems/${problem.code}`, ...problem }),
  });

export const FAILURE = {
  status: 500,
  code: "internal.failure",
  title: "Something failed on our side",
  detail: "It was not your doing.",
} as const;
