import { randomUUID } from "node:crypto";
import type { PaymentPorts } from "@aira/core/payments";
import { type Answer, answerOnce, type RunAnswer } from "@aira/core/requests";
import type { NumberWorld } from "@aira/local/testing/number-world";
import type { StubProvider } from "../stub-provider.ts";

/** What an operation is measured on. */
export interface Stage {
  readonly ports: PaymentPorts;
  readonly stub: StubProvider;
  /** Twilio in memory behind the real adapter, and a clock that can be pushed. */
  readonly numbers: NumberWorld;
  /** Takes what would go to the telephony queue. Each is one call more. */
  readonly send: () => Promise<void>;
  /** An owner with 60 entries and money. */
  readonly owner: string;
  /** An owner whom nobody has posted to. */
  readonly newcomer: string;
}

/** Prepares, unmeasured, and returns the task to measure. */
type Prepare = (stage: Stage) => Promise<() => Promise<unknown>>;

export interface OperationRow {
  readonly name: string;
  /** The same data written or read with nothing around it. */
  readonly floor: keyof typeof FLOORS;
  readonly prepare: Prepare;
}

export const FLOORS = {
  "wallet + entry": "one transaction of the wallet and the entry",
  "wallet + 10 entries": "one transaction of the wallet and ten entries",
  item: "one write",
  "two items": "two writes",
  read: "one read",
  page: "one page of 50",
  none: "nothing",
} as const;

/** As the HTTP edge runs an operation that is named by a key: inside the request's record. */
export function asRequest(
  { ports }: Stage,
  { owner, route, input }: { readonly owner: string; readonly route: string; readonly input: unknown },
  run: () => Promise<RunAnswer>,
): () => Promise<Answer> {
  const request = { owner, route, key: randomUUID(), input, deadline: Date.now() + 10_000 };
  const warn = (text: string, cause: unknown) => {
    throw new Error(text, { cause });
  };
  return () => answerOnce({ ...ports, warn }, request, run);
}
