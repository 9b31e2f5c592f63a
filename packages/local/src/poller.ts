import { setTimeout as sleep } from "node:timers/promises";
import type { Message } from "@aws-sdk/client-sqs";
import { batchEvent, undone } from "./batch.ts";
import { type Disorder, disturb } from "./disorder.ts";
import { invoke, type LocalFunction } from "./invocation.ts";
import type { QueueSource } from "./queues.ts";
import { seededRandom } from "./random.ts";
import type { Consumer } from "./tables.ts";

const LONG_POLL_SECONDS = 20;
/** SQS hands out at most so many messages per call. */
const SQS_BATCH = 10;
/** Lambda begins with so many batches at once, and adds 300 a minute as long as there are more messages. */
const FIRST_CONCURRENCY = 5;
const ONE_MORE_EVERY_MS = 200;
/** After that many refused receives in a row the queue counts as gone. */
const RECEIVE_ATTEMPTS = 5;

export interface Poller {
  /** Settles with the reason when the queue cannot be read any more. */
  readonly failure: Promise<Error>;
  /** Takes no more messages and waits for the invocations that run. */
  stop(): Promise<void>;
}

interface Options {
  readonly queue: QueueSource;
  readonly consumer: Consumer;
  readonly fn: LocalFunction;
  readonly disorder?: Disorder | undefined;
  readonly log: (line: string) => void;
}

/**
 * Feeds a queue to its function as Lambda's event source mapping does: batches, a window to fill them, at most so many
 * invocations at once, and only what succeeded is deleted. The rest comes back when its visibility timeout ends, and goes to the
 * dead-letter queue by the queue's own redrive policy.
 */
export function startPoller(options: Options): Poller {
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();
  const failure = Promise.withResolvers<Error>();
  const loop = poll(options, stopping.signal, running).catch((error) => {
    if (!stopping.signal.aborted) failure.resolve(error instanceof Error ? error : new Error(String(error)));
  });
  return {
    failure: failure.promise,
    async stop() {
      stopping.abort();
      await loop;
      await Promise.all(running);
    },
  };
}

async function poll(options: Options, signal: AbortSignal, running: Set<Promise<void>>): Promise<void> {
  const { consumer, disorder } = options;
  const random = seededRandom(disorder?.seed ?? 0);
  const concurrency = growing(consumer);
  while (!signal.aborted) {
    const messages = await collect(options, signal);
    const most = concurrency(messages.length, running.size);
    for (const batch of disorder ? disturb(messages, disorder, random) : [messages]) {
      if (batch.length === 0) continue;
      while (running.size >= most) await Promise.race(running);
      const delivery: Promise<void> = deliver(options, batch).finally(() => running.delete(delivery));
      running.add(delivery);
    }
    while (running.size >= most) await Promise.race(running);
  }
}

/** How many invocations may run at once: more and more while full batches find every place but the last taken, up to the row's limit. */
function growing({ batchSize, maxConcurrency }: Consumer): (received: number, running: number) => number {
  let allowed = FIRST_CONCURRENCY;
  let changedMs = performance.now();
  return (received, running) => {
    const now = performance.now();
    if (received < batchSize || running === 0) allowed = FIRST_CONCURRENCY;
    const crowded = received >= batchSize && running + 1 >= allowed;
    if (crowded && now - changedMs < ONE_MORE_EVERY_MS) return Math.min(allowed, maxConcurrency);
    if (crowded) allowed += 1;
    changedMs = now;
    return Math.min(allowed, maxConcurrency);
  };
}

/** One batch: as many messages as there are, and then those that come within the window, up to the batch size. */
async function collect(options: Options, signal: AbortSignal): Promise<Message[]> {
  const { batchSize, batchWindowSeconds } = options.consumer;
  const messages = [...(await receive(options, signal, Math.min(batchSize, SQS_BATCH), LONG_POLL_SECONDS))];
  const windowEnds = performance.now() + batchWindowSeconds * 1_000;
  while (messages.length > 0 && messages.length < batchSize && !signal.aborted) {
    const leftSeconds = Math.ceil((windowEnds - performance.now()) / 1_000);
    if (leftSeconds <= 0) break;
    const most = Math.min(batchSize - messages.length, SQS_BATCH);
    messages.push(...(await receive(options, signal, most, Math.min(leftSeconds, LONG_POLL_SECONDS))));
  }
  return messages;
}

async function receive({ queue }: Options, signal: AbortSignal, most: number, waitSeconds: number): Promise<readonly Message[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await queue.receive(most, waitSeconds, signal);
    } catch (error) {
      if (signal.aborted) return [];
      if (attempt === RECEIVE_ATTEMPTS) throw new Error(`The queue ${queue.arn} cannot be read`, { cause: error });
      await sleep(100 * attempt);
    }
  }
}

async function deliver({ queue, fn, log }: Options, messages: readonly Message[]): Promise<void> {
  const ids = messages.map((message) => message.MessageId ?? "");
  let failed: ReadonlySet<string>;
  try {
    failed = undone(await invoke(fn, batchEvent(messages, queue.arn)), ids);
  } catch (error) {
    log(`${fn.name} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    return;
  }
  const done = messages.filter((message) => !failed.has(message.MessageId ?? ""));
  try {
    queue.remove(done.map((message) => message.ReceiptHandle ?? ""));
  } catch (error) {
    // They come again, which every consumer bears.
    log(`${fn.name}: ${done.length} done messages were not deleted: ${error instanceof Error ? error.message : String(error)}`);
  }
}
