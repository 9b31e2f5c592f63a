import { AsyncLocalStorage } from "node:async_hooks";
import { randomUUID } from "node:crypto";
import type { Context } from "aws-lambda";
import { ACCOUNT_ID, REGION } from "./account.ts";

/** Lambda's limit on the payload of a synchronous invocation, in bytes, in either direction. */
const PAYLOAD_LIMIT_BYTES = 6 * 1024 * 1024;

export type Handler = (event: unknown, context: Context) => unknown;

/** A function as Lambda would know it. */
export interface LocalFunction {
  readonly name: string;
  readonly handler: Handler;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
}

/** The invocation died as if its container had been killed. */
export class InvocationCrashed extends Error {
  override readonly name = "InvocationCrashed";
}

/** The function did not answer within its own timeout. */
class InvocationTimedOut extends Error {
  override readonly name = "InvocationTimedOut";
}

/** The event is larger than Lambda takes. */
export class EventTooLarge extends Error {
  override readonly name = "EventTooLarge";
}

interface Invocation {
  crash(): void;
}

const current = new AsyncLocalStorage<Invocation>();

/**
 * Runs a function as Lambda does: event and result pass through JSON, the context has a deadline, and a function that is
 * late fails. Rejects with whatever the handler threw, or with one of the errors above.
 */
export async function invoke(fn: LocalFunction, event: unknown): Promise<unknown> {
  const payload = JSON.stringify(event);
  if (Buffer.byteLength(payload) > PAYLOAD_LIMIT_BYTES) throw new EventTooLarge(`${fn.name} was sent more than 6 MB`);
  const answer = JSON.stringify((await run(fn, JSON.parse(payload))) ?? null);
  if (Buffer.byteLength(answer) > PAYLOAD_LIMIT_BYTES) throw new Error(`${fn.name} answered more than 6 MB`);
  return JSON.parse(answer);
}

/**
 * Kills the invocation that this is called from, as if its container had died: the runtime sees a crash at once, and since
 * the promise never settles, the handler's code never goes on. For the fault layer under the SDK clients.
 */
export function crashCurrentInvocation(): Promise<never> {
  const invocation = current.getStore();
  if (!invocation) throw new Error("crashCurrentInvocation() was called outside of an invocation");
  invocation.crash();
  return new Promise<never>(() => {});
}

async function run(fn: LocalFunction, event: unknown): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const timeoutMs = fn.timeoutSeconds * 1_000;
  const context = contextOf(fn, performance.now() + timeoutMs);
  const timer = setTimeout(() => reject(new InvocationTimedOut(`${fn.name} timed out after ${fn.timeoutSeconds} seconds`)), timeoutMs);
  const crash = () => reject(new InvocationCrashed(`${fn.name} was killed`));
  current.run({ crash }, async () => fn.handler(event, context)).then(resolve, reject);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
  }
}

function contextOf(fn: LocalFunction, deadlineMs: number): Context {
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: fn.name,
    functionVersion: "$LATEST",
    invokedFunctionArn: `arn:aws:lambda:${REGION}:${ACCOUNT_ID}:function:${fn.name}`,
    memoryLimitInMB: String(fn.memoryMb),
    awsRequestId: randomUUID(),
    logGroupName: `/aws/lambda/${fn.name}`,
    logStreamName: "local",
    getRemainingTimeInMillis: () => Math.max(0, Math.floor(deadlineMs - performance.now())),
    done: retired,
    fail: retired,
    succeed: retired,
  };
}

function retired(): never {
  throw new Error("context.done, fail and succeed are gone from Lambda's current Node.js: return a value or throw");
}
