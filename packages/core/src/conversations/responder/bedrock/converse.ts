import {
  BedrockRuntimeClient,
  ConverseCommand,
  type ConverseCommandInput,
  type ConverseCommandOutput,
} from "@aws-sdk/client-bedrock-runtime";
import { type Clock, createSdkHandler } from "../../../lib/index.ts";

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

/** The turn's own deadline comes sooner; this ends what nobody waits for. */
const LIMITS = { connectMs: 1_000, answerMs: 60_000 } as const;

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
    // The SDK's own for Bedrock speaks HTTP/2, opens a connection for each request, and fails behind proxies that don't.
    requestHandler: createSdkHandler(LIMITS),
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

/** Nobody was reached, which is a system error of Node's, or the connection broke. */
const isUnreached = (error: Error): boolean => "syscall" in error || error.name === "TimeoutError";

const isTransient = (error: unknown): boolean =>
  error instanceof Error && (RETRIED.has(error.name) || isUnreached(error) || statusOf(error) >= 500);

function statusOf(error: Error): number {
  const { httpStatusCode = 0 } = (error as { readonly $metadata?: { readonly httpStatusCode?: number } }).$metadata ?? {};
  return httpStatusCode;
}
