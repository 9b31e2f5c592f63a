import { AiraError, invariant } from "@aira/core/lib";
import type { DeadLetterQueue } from "@aira/core/queues";
import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { consumers } from "../../../../stacks/consumers.ts";
import { deadQueueVariable, queueVariable } from "../../../../stacks/environment.ts";

/** The most that SQS hands out at once. */
const RECEIVE = 10;
/** With a wait, however short, SQS asks all of its servers: without one, an empty answer means nothing. */
const WAIT_SECONDS = 1;
/** How long before its deadline an invocation waits for SQS no more: what fails then is still answered in words. */
const LAST_CALL_MS = 1_000;

let client: SQSClient | undefined;

/** The one SQS client of a container. Only an operator's functions carry it: the webhook sends by a signed fetch. */
function sqs(): SQSClient {
  // Without the last of these the SDK's own handler only warns of a time limit, and goes on waiting.
  const requestHandler = { connectionTimeout: 1_000, requestTimeout: 5_000, throwOnRequestTimeout: true };
  client ??= new SQSClient({ maxAttempts: 3, requestHandler });
  return client;
}

/** Queues by their name in consumers.ts. */
export const queueNames = (): readonly string[] => Object.keys(consumers);

/** Errors: `queue.not_found`. */
export function requireQueue(name: string): void {
  if (!Object.hasOwn(consumers, name)) throw new AiraError("queue.not_found", "There is no such queue.");
}

/** The names of these follow from those of the queues, so they stand in no list of variables. */
function urlIn(variable: string): string {
  const url = process.env[variable];
  invariant(url, `${variable} is not set`);
  return url;
}

/** One deadline for all tries of all calls, as three tries of one alone could take longer than a function may run. */
const until = (deadlineMs: number) => ({ abortSignal: AbortSignal.timeout(Math.max(0, deadlineMs - LAST_CALL_MS - Date.now())) });

function busy(cause: unknown): never {
  throw new AiraError("service.busy", "The queue does not answer. Please try again in a moment.", { cause, retryAfterSeconds: 1 });
}

/** Approximate numbers of messages in one queue. Errors: `service.busy`. */
async function countsOf(url: string, deadlineMs: number): Promise<{ waiting: number; inFlight: number }> {
  const { Attributes: attributes } = await sqs()
    .send(
      new GetQueueAttributesCommand({
        QueueUrl: url,
        AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesDelayed", "ApproximateNumberOfMessagesNotVisible"],
      }),
      until(deadlineMs),
    )
    .catch(busy);
  const count = (name: "" | "Delayed" | "NotVisible") => Number(attributes?.[`ApproximateNumberOfMessages${name}`] ?? 0);
  return { waiting: count("") + count("Delayed"), inFlight: count("NotVisible") };
}

/** How many messages stand in a queue and in its dead letters. Errors: `service.busy`, before `deadlineMs` at the latest. */
export async function countMessages(
  queue: string,
  deadlineMs: number,
): Promise<{ queue: string; waiting: number; inFlight: number; dead: number }> {
  const [live, dead] = await Promise.all([
    countsOf(urlIn(queueVariable(queue)), deadlineMs),
    countsOf(urlIn(deadQueueVariable(queue)), deadlineMs),
  ]);
  return { queue, ...live, dead: dead.waiting + dead.inFlight };
}

/** The dead letters of a queue at SQS, which is waited for until `deadlineMs` at the latest. */
export function deadLettersOf(queue: string, deadlineMs: number): DeadLetterQueue {
  const inTime = until(deadlineMs);
  const deadUrl = () => urlIn(deadQueueVariable(queue));
  return {
    async receive(hiddenSeconds) {
      const { Messages: messages = [] } = await sqs()
        .send(
          new ReceiveMessageCommand({
            QueueUrl: deadUrl(),
            MaxNumberOfMessages: RECEIVE,
            VisibilityTimeout: hiddenSeconds,
            WaitTimeSeconds: WAIT_SECONDS,
            MessageSystemAttributeNames: ["SentTimestamp", "ApproximateReceiveCount"],
          }),
          inTime,
        )
        .catch(busy);
      return messages.map(({ MessageId: messageId = "", ReceiptHandle: receipt = "", Body: body = "", Attributes: attributes }) => ({
        messageId,
        receipt,
        body,
        sentAtMs: Number(attributes?.SentTimestamp ?? 0),
        receiveCount: Number(attributes?.ApproximateReceiveCount ?? 0),
      }));
    },

    async sendBack({ body }) {
      await sqs().send(new SendMessageCommand({ QueueUrl: urlIn(queueVariable(queue)), MessageBody: body }), inTime);
    },

    async remove(letters) {
      if (letters.length === 0) return;
      const { Failed: failed = [] } = await sqs().send(
        new DeleteMessageBatchCommand({
          QueueUrl: deadUrl(),
          Entries: letters.map(({ receipt }, at) => ({ Id: String(at), ReceiptHandle: receipt })),
        }),
        inTime,
      );
      if (failed.length > 0)
        throw new Error(`SQS did not delete ${failed.length} dead letters: ${failed.map(({ Code }) => Code).join(", ")}`);
    },
  };
}
