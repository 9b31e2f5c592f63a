import middy from "@middy/core";
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import type { Logger } from "./logger.ts";
import { begin, type Observed, observe } from "./observe.ts";
import { asError } from "./redaction.ts";

type QueueEvent = SQSEvent & Observed;

/** One message of a batch. */
export interface Message {
  /** SQS's id of this message. A redriven message has a new one, so it is no business key. */
  readonly messageId: string;
  readonly body: string;
  /** Epoch milliseconds. */
  readonly sentAt: number;
  /** Which delivery this is, from 1. */
  readonly receiveCount: number;
}

export interface ConsumerContext {
  /** Epoch milliseconds: when Lambda will end this invocation. */
  readonly deadline: number;
  readonly log: Logger;
}

/** Carries out a batch and returns the ids of the messages that are to be delivered again. */
type Consume = (messages: readonly Message[], context: ConsumerContext) => Promise<readonly string[]>;

/**
 * The consumer of a queue. What it could not do comes back alone, by the partial batch response. If it throws, everything comes
 * back: Lambda would read an answer without failures as "all done".
 */
export function consumer(queue: string, consume: Consume) {
  const handle = middy<QueueEvent, SQSBatchResponse>()
    .use(observe<QueueEvent, SQSBatchResponse>((response) => ({ failed: response?.batchItemFailures.length })))
    .onError((request) => {
      request.response = failuresOf(request.event.Records.map(({ messageId }) => messageId));
    })
    .handler(async (event: QueueEvent): Promise<SQSBatchResponse> => {
      const failed = await consume(event.Records.map(toMessage), { deadline: event.deadline, log: event.log });
      return failuresOf(failed);
    });
  return (event: SQSEvent, context: Context): Promise<SQSBatchResponse> => handle({ ...event, ...begin(context, { queue }) }, context);
}

/** What became of a message. */
interface Outcome {
  readonly id: string;
  readonly eventType: string | undefined;
  /** `failed`: whether it was done is not certain. */
  readonly outcome: string;
  readonly error: unknown;
}

/** Tells of each outcome, and returns the messages that are not done for certain: one that nothing is told of is not. */
export function undone(messages: readonly Message[], outcomes: readonly Outcome[], log: Logger): readonly string[] {
  for (const { id: messageId, eventType, outcome, error } of outcomes) {
    const line = { messageId, eventType, outcome };
    if (outcome === "failed") log.error("event", { ...line, error: asError(error) });
    else log.info("event", line);
  }
  const done = new Set(outcomes.filter(({ outcome }) => outcome !== "failed").map(({ id }) => id));
  return messages.map(({ messageId }) => messageId).filter((id) => !done.has(id));
}

const toMessage = ({ messageId, body, attributes }: SQSRecord): Message => ({
  messageId,
  body,
  sentAt: Number(attributes.SentTimestamp),
  receiveCount: Number(attributes.ApproximateReceiveCount),
});

const failuresOf = (ids: readonly string[]): SQSBatchResponse => ({ batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) });
