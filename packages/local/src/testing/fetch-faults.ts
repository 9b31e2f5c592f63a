import { setTimeout as sleep } from "node:timers/promises";
import type { Crash, FaultPlan } from "./fault-plan.ts";

/** What can go wrong with a call to a vendor's API. `slow` answers, late. */
export const FETCH_FAULTS = [
  "rate_limited",
  "server_error",
  "reset",
  "timeout_before",
  "timeout_after",
  "crash_before",
  "crash_after",
  "slow",
] as const;
export type FetchFault = (typeof FETCH_FAULTS)[number];

export interface FetchCall {
  readonly method: string;
  readonly path: string;
}

export interface FetchFaultOptions {
  readonly crash: Crash;
  /** How late a slow answer is. Default 20. */
  readonly slowMs?: number;
}

/** The same vendor over a bad line. The clients' own timeouts are not waited for: what they would raise is raised at once. */
export function faultyFetch(inner: typeof fetch, plan: FaultPlan<FetchCall, FetchFault>, options: FetchFaultOptions): typeof fetch {
  const { crash, slowMs = 20 } = options;
  let calls = 0;
  return async (input, init) => {
    const request = new Request(input, init);
    const fault = plan({ method: request.method, path: new URL(request.url).pathname, n: calls++ });
    switch (fault) {
      case "rate_limited":
        return failure(429, "Too many requests made to the API too quickly", { "retry-after": "1" });
      case "server_error":
        return failure(500, "Something went wrong on our end");
      case "reset":
        throw new TypeError("fetch failed", { cause: Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" }) });
      case "timeout_before":
        throw aborted();
      case "timeout_after":
        await inner(request);
        throw aborted();
      case "crash_before":
        return crash();
      case "crash_after":
        await inner(request);
        return crash();
      case "slow":
        await sleep(slowMs);
        return inner(request);
      default:
        return inner(request);
    }
  };
}

/** As a vendor's gateway answers when the call came to nothing. */
function failure(status: number, message: string, headers: Record<string, string> = {}): Response {
  return Response.json({ error: { type: "api_error", message } }, { status, headers });
}

/** As `fetch` rejects when the client's own timer has aborted it. */
const aborted = (): Error => new DOMException("This operation was aborted", "AbortError");
