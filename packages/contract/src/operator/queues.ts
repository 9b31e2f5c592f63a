import * as z from "zod/mini";
import type { Operation } from "../operation.ts";
import { operator } from "./group.ts";

const QueueName = z.string().check(z.regex(/^[a-z][a-z0-9-]{0,63}$/));

/** Numbers as SQS tells them: approximate while messages move. */
export const QueueCounts = z.object({
  queue: QueueName,
  waiting: z.int(),
  inFlight: z.int(),
  /** Messages in its dead-letter queue. */
  dead: z.int(),
});

export const QueuesOutput = z.object({ queues: z.array(QueueCounts) });

/** A dead letter by what leads to its cause, and by nothing of a customer. */
export const DeadLetter = z.object({
  messageId: z.string(),
  firstSentAt: z.iso.datetime(),
  /** By consumers and by looks like this one. */
  receiveCount: z.int(),
  /** Null where the message holds no event. */
  eventType: z.nullable(z.string()),
  eventId: z.nullable(z.string()),
});

export const DeadLettersOutput = z.object({ deadLetters: z.array(DeadLetter) });

const queueOf = z.strictObject({ queue: QueueName });

export const listQueues = {
  ...operator,
  method: "GET",
  path: "/api/operator/queues",
  summary: "How many messages stand in each queue and in its dead letters",
  output: QueuesOutput,
  status: 200,
  errors: [],
} as const satisfies Operation;

export const listDeadLetters = {
  ...operator,
  method: "GET",
  path: "/api/operator/queues/{queue}/dead-letters",
  summary: "A look at up to ten dead letters",
  description: "They stay where they are. SQS hands out any ten, in no order.",
  params: queueOf,
  output: DeadLettersOutput,
  status: 200,
  errors: ["queue.not_found"],
} as const satisfies Operation;

export const redriveQueue = {
  ...operator,
  method: "POST",
  path: "/api/operator/queues/{queue}/redrive",
  summary: "Bring the dead letters back to their queue",
  description:
    "Safe to interrupt and to repeat: each goes back before it is taken away, so one may come twice, which every consumer bears. One that fails again meanwhile is left. `complete` is false when time ran out before the dead letters did.",
  params: queueOf,
  output: z.object({ moved: z.int(), complete: z.boolean() }),
  status: 200,
  errors: ["queue.not_found"],
} as const satisfies Operation;
