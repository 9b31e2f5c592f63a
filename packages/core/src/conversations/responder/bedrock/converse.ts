import {
  BedrockRuntimeClient,
  ConverseCommand,
  type ConverseCommandInput,
  type ConverseCommandOutput,
} from "@aws-sdk/client-bedrock-runtime";
import type { Clock } from "../../../lib/index.ts";
import { fetchHandler } from "./fetch-handler.ts";

/** What may go better at once. A request that reached the model twice does no harm: nothing is done but answered. */
const RETRIED: ReadonlySet<string> = new Set([
  "ThrottlingException",
  "ModelTimeoutException",
  "ModelNotReadyException",
  "ServiceUnavailableException",
  "InternalServerException",
]);
const ATTEMPTS = 4;
const FIRST_PAUSE_MS = 150;
const LONGEST_PAUSE_MS = 2_000;
/** No model answers in less: a retry that has only so long left is not worth making. */
const LEAST_USEFUL_MS = 200;

/** What one request may take, and what time and chance are. */
export interface Budget {
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** Between 0 and 1. */
  readonly random: () => number;
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
}

export type Converse = (input: ConverseCommandInput, budget: Budget) => Promise<ConverseCommandOutput>;

const noEventStreams = (): never => {
  throw new Error("Converse answers at once: no event streams are read");
};

/**
 * A request to Bedrock's Converse, repeated with jitter while it is throttled, not available or not reached, as long as the budget lasts.
 * The SDK itself repeats nothing: it knows no deadline. Errors: the SDK's.
 */
export function createConverse(region: string): Converse {
  const client = new BedrockRuntimeClient({
    region,
    maxAttempts: 1,
    requestHandler: fetchHandler(),
    eventStreamSerdeProvider: () => ({ serialize: noEventStreams, deserialize: noEventStreams }),
  });
  return async (input, budget) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await client.send(new ConverseCommand(input), { abortSignal: budget.signal });
      } catch (error) {
        const pauseMs = budget.random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt);
        const inTime = budget.clock() + pauseMs + LEAST_USEFUL_MS < budget.deadlineMs;
        if (!isTransient(error) || attempt === ATTEMPTS || !inTime || budget.signal.aborted) throw error;
        await budget.wait(pauseMs, budget.signal);
      }
    }
  };
}

/** `fetch` throws a TypeError when it reaches nobody, or is cut off. */
function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return RETRIED.has(error.name) || error instanceof TypeError || statusOf(error) >= 500;
}

function statusOf(error: Error): number {
  const { httpStatusCode = 0 } = (error as { readonly $metadata?: { readonly httpStatusCode?: number } }).$metadata ?? {};
  return httpStatusCode;
}
