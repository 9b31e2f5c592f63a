import type { Operation } from "./objects.ts";

export interface LoggedRequest {
  readonly id: number;
  /** Epoch milliseconds, by the sandbox's clock. */
  readonly atMs: number;
  readonly operation: Operation;
  /** The number that the call names in a parameter or by its SID. */
  readonly number: string | null;
  /** The answer's status; `dropped` if the connection ended without one; `pending` while the call is under way. */
  readonly status: number | "dropped" | "pending";
}

export interface RequestFilter {
  readonly operation?: Operation;
  readonly number?: string;
}

/** Every call that was made with the right credentials, so that a test can count what Twilio was asked. In memory, the newest 10,000. */
export interface RequestLog {
  begin(request: Pick<LoggedRequest, "atMs" | "operation" | "number">): number;
  finish(id: number, status: LoggedRequest["status"]): void;
  entries(filter?: RequestFilter): readonly LoggedRequest[];
  count(filter?: RequestFilter): number;
  clear(): void;
}

const KEPT = 10_000;

export function createRequestLog(): RequestLog {
  const requests = new Map<number, LoggedRequest>();
  let last = 0;
  const entries = ({ operation, number }: RequestFilter = {}) =>
    [...requests.values()].filter(
      (request) => (operation === undefined || request.operation === operation) && (number === undefined || request.number === number),
    );
  return {
    begin: (request) => {
      last += 1;
      requests.set(last, { id: last, ...request, status: "pending" });
      requests.delete(last - KEPT);
      return last;
    },
    finish: (id, status) => {
      const request = requests.get(id);
      if (request) requests.set(id, { ...request, status });
    },
    entries,
    count: (filter) => entries(filter).length,
    clear: () => requests.clear(),
  };
}
