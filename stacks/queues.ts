import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Queue as PlainQueue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Duration } from "aws-cdk-lib/core";
import { type App, type FunctionProps, Queue, type Stack } from "sst/constructs";
import { type Consumer, consumers } from "./consumers.ts";

export interface QueuePair {
  readonly queue: Queue;
  readonly dead: IQueue;
}

/** Encrypted at rest with SQS's own keys, and reachable by TLS alone. */
const guarded = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true } as const;
const retention = Duration.days(4);
/** A dead letter keeps the time of its first sending: with the source's retention it could be gone before anybody looks. */
const deadRetention = Duration.days(14);

/** A dead-letter queue. */
export function createDeadLetterQueue(stack: Stack, name: string): IQueue {
  const app = stack.node.root as App;
  return new PlainQueue(stack, name, { ...guarded, queueName: app.logicalPrefixedName(name), retentionPeriod: deadRetention });
}

/** A queue and its dead-letter queue per row of consumers.ts. */
export function createQueues(stack: Stack): Readonly<Record<string, QueuePair>> {
  return Object.fromEntries(
    Object.entries(consumers).map(([name, consumer]) => {
      const dead = createDeadLetterQueue(stack, `${name}-dead`);
      const queue = new Queue(stack, name, {
        cdk: {
          queue: {
            ...guarded,
            retentionPeriod: retention,
            visibilityTimeout: Duration.seconds(consumer.visibilitySeconds),
            deadLetterQueue: { queue: dead, maxReceiveCount: consumer.maxReceives },
          },
        },
      });
      return [name, { queue, dead }];
    }),
  );
}

/** Puts the row's function behind its queue. Messages fail one by one, never their whole batch. */
export function addConsumer(stack: Stack, queue: Queue, consumer: Consumer, props: FunctionProps): void {
  queue.addConsumer(stack, {
    function: props,
    cdk: {
      eventSource: {
        batchSize: consumer.batchSize,
        maxBatchingWindow: Duration.seconds(consumer.batchWindowSeconds),
        maxConcurrency: consumer.maxConcurrency,
        reportBatchItemFailures: true,
      },
    },
  });
}
