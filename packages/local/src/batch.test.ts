import { expect, test } from "vitest";
import { batchEvent, undone } from "./batch.ts";

const ids = ["a", "b", "c"];

// Lambda's documentation of partial batch responses, "Success and failure conditions".
test.each([
  ["null", null, []],
  ["undefined", undefined, []],
  ["an empty object", {}, []],
  ["an empty list", { batchItemFailures: [] }, []],
  ["a list that is null", { batchItemFailures: null }, []],
  ["one failure", { batchItemFailures: [{ itemIdentifier: "b" }] }, ["b"]],
  ["an empty identifier", { batchItemFailures: [{ itemIdentifier: "" }] }, ids],
  ["an identifier that is null", { batchItemFailures: [{ itemIdentifier: null }] }, ids],
  ["a wrong key name", { batchItemFailures: [{ id: "b" }] }, ids],
  ["an identifier that was not in the batch", { batchItemFailures: [{ itemIdentifier: "b" }, { itemIdentifier: "z" }] }, ids],
  ["a list that is none", { batchItemFailures: "b" }, ids],
  ["a list of nothing", { batchItemFailures: [null] }, ids],
  ["text", "done", ids],
  ["a bare list", [], ids],
])("an answer of %s leaves undone what Lambda says", (_what, answer, expected) => {
  expect([...undone(answer, ids)]).toEqual(expected);
});

test("a record has the shape of Lambda's SQS event", () => {
  const event = batchEvent(
    [
      {
        MessageId: "059f36b4",
        ReceiptHandle: "AQEB",
        Body: "Test message.",
        MD5OfBody: "e4e68fb7bd0e697a0ae8f1bb342846b3",
        Attributes: {
          ApproximateReceiveCount: "1",
          SentTimestamp: "1545082649183",
          SenderId: "AIDA",
          ApproximateFirstReceiveTimestamp: "1545082649185",
        },
        MessageAttributes: {
          kind: { DataType: "String", StringValue: "x" },
          raw: { DataType: "Binary", BinaryValue: new Uint8Array([1, 2]) },
        },
      },
    ],
    "arn:aws:sqs:us-east-1:000000000000:payments",
  );
  expect(event.Records).toEqual([
    {
      messageId: "059f36b4",
      receiptHandle: "AQEB",
      body: "Test message.",
      attributes: {
        ApproximateReceiveCount: "1",
        SentTimestamp: "1545082649183",
        SenderId: "AIDA",
        ApproximateFirstReceiveTimestamp: "1545082649185",
      },
      messageAttributes: {
        kind: { stringValue: "x", stringListValues: [], binaryListValues: [], dataType: "String" },
        raw: { binaryValue: "AQI=", stringListValues: [], binaryListValues: [], dataType: "Binary" },
      },
      md5OfBody: "e4e68fb7bd0e697a0ae8f1bb342846b3",
      eventSource: "aws:sqs",
      eventSourceARN: "arn:aws:sqs:us-east-1:000000000000:payments",
      awsRegion: "us-east-1",
    },
  ]);
});
