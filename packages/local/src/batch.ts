import type { Message } from "@aws-sdk/client-sqs";
import type { SQSEvent, SQSRecord } from "aws-lambda";
import { REGION } from "./account.ts";

/** The event that Lambda makes of received messages. */
export function batchEvent(messages: readonly Message[], queueArn: string): SQSEvent {
  return { Records: messages.map((message) => recordOf(message, queueArn)) };
}

/**
 * Which messages of a batch the function's answer leaves undone, by message id, as Lambda reads a partial batch response: an
 * empty answer is complete success; an answer that makes no sense, or names a message that was not in the batch, is complete failure.
 */
export function undone(answer: unknown, messageIds: readonly string[]): ReadonlySet<string> {
  const nothing = new Set<string>();
  const everything = new Set(messageIds);
  if (answer === null || answer === undefined) return nothing;
  if (typeof answer !== "object" || Array.isArray(answer)) return everything;
  const failures = "batchItemFailures" in answer ? answer.batchItemFailures : undefined;
  if (failures === undefined || failures === null) return nothing;
  if (!Array.isArray(failures)) return everything;
  const ids: unknown[] = failures.map((failure) => (failure as { itemIdentifier?: unknown } | null)?.itemIdentifier);
  const known = ids.filter((id): id is string => typeof id === "string" && everything.has(id));
  return known.length === ids.length ? new Set(known) : everything;
}

function recordOf(message: Message, queueArn: string): SQSRecord {
  const attributes = message.Attributes ?? {};
  return {
    messageId: message.MessageId ?? "",
    receiptHandle: message.ReceiptHandle ?? "",
    body: message.Body ?? "",
    attributes: {
      ApproximateReceiveCount: attributes.ApproximateReceiveCount ?? "1",
      SentTimestamp: attributes.SentTimestamp ?? "",
      SenderId: attributes.SenderId ?? "",
      ApproximateFirstReceiveTimestamp: attributes.ApproximateFirstReceiveTimestamp ?? "",
    },
    messageAttributes: Object.fromEntries(
      Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [
        name,
        {
          ...(value.StringValue === undefined ? {} : { stringValue: value.StringValue }),
          ...(value.BinaryValue === undefined ? {} : { binaryValue: Buffer.from(value.BinaryValue).toString("base64") }),
          stringListValues: [],
          binaryListValues: [],
          dataType: value.DataType ?? "String",
        },
      ]),
    ),
    md5OfBody: message.MD5OfBody ?? "",
    eventSource: "aws:sqs",
    eventSourceARN: queueArn,
    awsRegion: REGION,
  };
}
