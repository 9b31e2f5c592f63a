import { spawnSync } from "node:child_process";
import { DescribeTableCommand, DescribeTimeToLiveCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { afterEach, expect, test } from "vitest";
import { table as shape } from "../../../stacks/table.ts";
import { emulatorCredentials, REGION } from "./account.ts";
import { startTable, type Table } from "./table.ts";
import { dynamoDbLocal, type Emulator } from "./table-emulators.ts";

let started: Table | undefined;
afterEach(async () => {
  await started?.stop();
  started = undefined;
});

const talker = (script: string): Emulator => ({
  name: "talker",
  store: "none",
  storeIsFolder: false,
  ready: /listening/,
  run: () => ({ command: process.execPath, args: ["-e", script] }),
});

test("the table is the one of stacks/table.ts", async () => {
  started = await startTable({ port: 0, tableName: "aira-local" });
  const client = new DynamoDBClient({ endpoint: started.endpoint, region: REGION, credentials: emulatorCredentials });
  const { Table: made } = await client.send(new DescribeTableCommand({ TableName: "aira-local" }));
  const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName: "aira-local" }));
  client.destroy();
  const keys = (key: { partitionKey: string; sortKey: string }) => [
    { AttributeName: key.partitionKey, KeyType: "HASH" },
    { AttributeName: key.sortKey, KeyType: "RANGE" },
  ];
  expect(made?.KeySchema).toEqual(keys(shape.primary));
  const indexes = Object.fromEntries(
    (made?.GlobalSecondaryIndexes ?? []).map((index) => [index.IndexName, [index.KeySchema, index.Projection?.ProjectionType]]),
  );
  expect(indexes).toEqual({ gsi1: [keys(shape.indexes.gsi1), "ALL"], gsi2: [keys(shape.indexes.gsi2), "KEYS_ONLY"] });
  expect(TimeToLiveDescription).toMatchObject({ AttributeName: "ttl", TimeToLiveStatus: "ENABLED" });
});

test("a table that is there is left alone, and emptied when asked", async () => {
  started = await startTable({ port: 0, tableName: "aira-local" });
  const { endpoint } = started;
  const client = new DynamoDBClient({ endpoint, region: REGION, credentials: emulatorCredentials });
  const Key = { pk: { S: "NOTE" }, sk: { S: "1" } };
  const kept = async () => (await client.send(new GetItemCommand({ TableName: "aira-local", Key }))).Item !== undefined;
  await client.send(new PutItemCommand({ TableName: "aira-local", Item: Key }));
  await startTable({ port: 0, tableName: "aira-local", endpoint });
  expect(await kept()).toBe(true);
  await startTable({ port: 0, tableName: "aira-local", endpoint, fresh: true });
  expect(await kept()).toBe(false);
  client.destroy();
});

test.runIf(spawnSync("java", ["-version"]).status === 0)("Amazon's DynamoDB Local serves where dynoxide cannot", async () => {
  started = await startTable({ port: 0, tableName: "aira-local", emulators: [dynamoDbLocal()] });
  const client = new DynamoDBClient({ endpoint: started.endpoint, region: REGION, credentials: emulatorCredentials });
  const { Table: made } = await client.send(new DescribeTableCommand({ TableName: "aira-local" }));
  client.destroy();
  expect(made?.TableStatus).toBe("ACTIVE");
});

test("an emulator that cannot run is passed over, and when none can, the sentence says what to do and why", async () => {
  const broken = { ...talker("console.error('Exec format error'); process.exit(126)"), name: "first" };
  const missing: Emulator = { ...broken, name: "second", run: () => ({ command: "/nowhere/emulator", args: [] }) };
  await expect(startTable({ port: 0, tableName: "aira-local", emulators: [broken, missing] })).rejects.toThrow(
    /No table emulator runs on this machine: install a Java runtime.*AWS_ENDPOINT_URL_DYNAMODB.*first: Exec format error; second: .*not found/,
  );
});

test("an emulator that is stopped is no failure", async () => {
  started = await startTable({ port: 0, tableName: "aira-local" });
  let failed = false;
  started.failure.then(() => {
    failed = true;
  });
  await started.stop();
  await new Promise((resolve) => setImmediate(resolve));
  expect(failed).toBe(false);
});

test("an endpoint that does not answer is named", async () => {
  await expect(startTable({ port: 0, tableName: "aira-local", endpoint: "http://127.0.0.1:1" })).rejects.toThrow(
    "The table at http://127.0.0.1:1 does not answer",
  );
});
