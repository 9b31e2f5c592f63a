import { randomUUID } from "node:crypto";
import { AiraError, type Clock, sha256 } from "../lib/index.ts";
import type { Table, WriteResult } from "../table/index.ts";
import { claim, found, giveBack, keep, load, type RequestName } from "./request.store.ts";
import { type Answer, canonical, judge, type RequestRecord, type RunAnswer, type Verdict } from "./request.ts";

export type { Answer, RunAnswer } from "./request.ts";

/** What the requests need from outside. */
export interface RequestPorts {
  readonly table: Table;
  readonly clock: Clock;
  /** Between 0 and 1, for jitter. */
  readonly random: () => number;
  readonly wait: (ms: number) => Promise<void>;
  /** Told when the bookkeeping of a request failed and the request itself did not. */
  readonly warn: (message: string, cause: unknown) => void;
}

/** One request that is to be carried out once. */
export interface NamedRequest extends RequestName {
  /** What is asked for, as validated: a repeat must mean the same. */
  readonly input: unknown;
  /** Epoch milliseconds after which this execution is certainly over. */
  readonly deadline: number;
}

const ATTEMPTS = 5;

/**
 * Runs an operation once per owner, route and key, and gives every repeat within 24 hours its answer.
 *
 * Only a settled success is kept. Whatever `run` throws gives the key back, since a refusal may depend on a state that changes
 * (too little money, busy, unknown), and an invalid request may be corrected; so does an answer that is not settled. A crash leaves the key taken until `deadline`;
 * then a repeat runs the operation again, which continues it, because business ids derive from the same owner, route and
 * key. So this record is a convenience, never what keeps money right.
 *
 * Errors: `idempotency.in_progress`, `idempotency.key_reused`, `service.busy`, and whatever `run` throws.
 */
export async function answerOnce(
  ports: RequestPorts,
  request: NamedRequest,
  run: () => Promise<RunAnswer>,
): Promise<Answer & { readonly replayed: boolean }> {
  const nonce = randomUUID();
  const earlier = await take(ports, request, nonce);
  if (earlier) return { ...earlier, replayed: true };
  const release = () => tidy(ports, "The key of a request was not given back", () => giveBack(ports.table, request, nonce));
  const { unsettled, ...answer } = await run().catch(async (error: unknown) => {
    await release();
    throw error;
  });
  if (unsettled) await release();
  else await tidy(ports, "The answer of a request was not kept", () => keep(ports.table, request, nonce, answer));
  return { ...answer, replayed: false };
}

/** Owner, route and key are in it, so that two names that meet in one table key could still not share an answer. */
const fingerprintOf = ({ owner, route, key, input }: NamedRequest): string => sha256(canonical([owner, route, key, input]));

/** Takes the key for this execution, or returns the answer that it stands for. */
async function take(ports: RequestPorts, request: NamedRequest, nonce: string): Promise<Answer | undefined> {
  const fingerprint = fingerprintOf(request);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const now = ports.clock();
    const result = await claim(ports.table, request, { nonce, fingerprint, lockedUntil: request.deadline, now });
    if (result.outcome === "committed") return undefined;
    const record = await standing(ports, request, result);
    const verdict: Verdict = judge(record, { nonce, fingerprint, now });
    if (verdict.is === "mine") return undefined;
    if (verdict.is === "replay") return verdict.answer;
    if (verdict.is === "running")
      throw new AiraError("idempotency.in_progress", "The first request with this Idempotency-Key is still running.", {
        retryAfterSeconds: 1,
      });
    if (verdict.is === "reused")
      throw new AiraError("idempotency.key_reused", "This Idempotency-Key was used with another request. Send a new key.", {
        errors: [{ field: "header.idempotency-key", rule: "one key, one request", detail: "Use a new key for another request." }],
      });
    await ports.wait(ports.random() * 50 * attempt);
  }
  throw new AiraError("service.busy", "The service is busy. Please try again in a moment.", { retryAfterSeconds: 1 });
}

/** The record that stands after a claim that did not commit for certain. */
async function standing(ports: RequestPorts, request: NamedRequest, result: WriteResult): Promise<RequestRecord | undefined> {
  if (result.outcome === "refused") return found(result);
  if (result.outcome === "unknown") return load(ports.table, request);
  return undefined;
}

/** The client's answer is already decided: trouble here is told, not thrown. Nobody waits for a key longer than its deadline. */
async function tidy(ports: RequestPorts, failure: string, write: () => Promise<WriteResult>): Promise<void> {
  try {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const result = await write();
      if (result.outcome === "committed" || result.outcome === "refused") return;
      if (attempt === ATTEMPTS) ports.warn(failure, result.cause);
      else await ports.wait(ports.random() * 50 * attempt);
    }
  } catch (cause) {
    ports.warn(failure, cause);
  }
}
