import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  ResourceNotFoundException,
  TransactionCanceledException,
} from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { describe, expect, test } from "vitest";
import { createTable, type Table } from "./table.ts";

const $metadata = {};

/** A table whose every call ends in this error. */
function failing(error: unknown): Table {
  const client = DynamoDBDocumentClient.from(
    new DynamoDBClient({ region: "us-east-1", credentials: { accessKeyId: "local", secretAccessKey: "local" } }),
  );
  client.middlewareStack.add(() => () => Promise.reject(error), { step: "initialize", priority: "high" });
  return createTable(client, "test");
}

/** A table whose calls are answered by this. */
function answering(answer: (input: unknown) => unknown): Table {
  const client = DynamoDBDocumentClient.from(
    new DynamoDBClient({ region: "us-east-1", credentials: { accessKeyId: "local", secretAccessKey: "local" } }),
  );
  client.middlewareStack.add(
    () =>
      async ({ input }) => ({ output: { ...(answer(input) as object), $metadata }, response: {} }),
    {
      step: "initialize",
      priority: "low",
    },
  );
  return createTable(client, "test");
}

const cancelled = (...codes: string[]) =>
  new TransactionCanceledException({
    message: "Transaction cancelled",
    $metadata,
    CancellationReasons: codes.map((Code) =>
      Code === "ConditionalCheckFailed" ? { Code, Item: { pk: { S: "A" }, n: { N: "7" } } } : { Code },
    ),
  });
const named = (name: string) => Object.assign(new Error("injected"), { name });
const put = { put: { pk: "A", sk: "A" } };

describe("a cancelled transaction is classified item by item", () => {
  test.each([
    [["TransactionConflict", "None"], "contended"],
    [["None", "ThrottlingError"], "contended"],
    [["ProvisionedThroughputExceeded", "TransactionConflict"], "contended"],
    [["ConditionalCheckFailed", "None"], "refused"],
    [["ConditionalCheckFailed", "TransactionConflict"], "refused"],
  ])("%j is %s", async (codes, outcome) => {
    expect((await failing(cancelled(...codes)).transact([put, put])).outcome).toBe(outcome);
  });

  test("the item that refused comes back as an item, at its place", async () => {
    const result = await failing(cancelled("None", "ConditionalCheckFailed")).transact([put, put]);
    expect(result).toEqual({ outcome: "refused", found: new Map([[1, { pk: "A", n: 7 }]]) });
  });

  test.each(["ItemCollectionSizeLimitExceeded", "ValidationError", "AccessDenied", "InventedLater"])(
    "a reason that is on no list (%s) is a failure, also beside known ones",
    async (code) => {
      await expect(failing(cancelled("ConditionalCheckFailed", code, "TransactionConflict")).transact([put])).rejects.toThrow(
        "Transaction cancelled",
      );
    },
  );
});

test("a single write's refusal carries its item, or that there is none", async () => {
  const refusal = (Item?: { pk: { S: string } }) =>
    failing(new ConditionalCheckFailedException({ message: "no", $metadata, ...(Item ? { Item } : {}) })).write(put);
  expect(await refusal({ pk: { S: "A" } })).toEqual({ outcome: "refused", found: new Map([[0, { pk: "A" }]]) });
  expect(await refusal()).toEqual({ outcome: "refused", found: new Map([[0, undefined]]) });
});

test.each(["TimeoutError", "InternalServerError", "ECONNRESET", "SomethingNew"])(
  "%s may have been carried out: a write is unknown, a read is busy",
  async (name) => {
    const table = failing(named(name));
    expect(await table.write(put)).toMatchObject({ outcome: "unknown", cause: { name } });
    expect(await table.transact([put])).toMatchObject({ outcome: "unknown" });
    await expect(table.get({ pk: "A", sk: "A" })).rejects.toMatchObject({ code: "service.busy" });
  },
);

test.each([
  named("ValidationException"),
  named("AccessDeniedException"),
  named("IdempotentParameterMismatchException"),
  new ResourceNotFoundException({ message: "no table", $metadata }),
  new TypeError("a mistake of ours"),
])("%s is a failure, of writes and reads alike: repeating it is of no use", async (error) => {
  const table = failing(error);
  await expect(table.write(put)).rejects.toBe(error);
  await expect(table.transact([put])).rejects.toBe(error);
  await expect(table.get({ pk: "A", sk: "A" })).rejects.toBe(error);
  await expect(table.query({ pk: "A" })).rejects.toBe(error);
});

describe("several items at once", () => {
  const keys = ["A", "B", "C"].map((pk) => ({ pk, sk: "1" }));
  const marshalled = keys.map(({ pk, sk }) => ({ pk: { S: pk }, sk: { S: sk } }));

  test("what a throttled table left over is asked for again", async () => {
    const asked: unknown[] = [];
    const table = answering((input) => {
      const { Keys } = (input as { RequestItems: { test: { Keys: typeof marshalled } } }).RequestItems.test;
      asked.push(Keys.length);
      const [first, ...left] = Keys;
      return { Responses: { test: [first] }, UnprocessedKeys: left.length > 0 ? { test: { Keys: left } } : {} };
    });
    expect(await table.getMany(keys)).toEqual(keys);
    expect(asked).toEqual([3, 2, 1]);
  });

  test("a table that goes on leaving keys unread is busy", async () => {
    const table = answering(() => ({ Responses: {}, UnprocessedKeys: { test: { Keys: marshalled } } }));
    await expect(table.getMany(keys)).rejects.toMatchObject({ code: "service.busy" });
  });
});
