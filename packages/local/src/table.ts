import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ResourceNotFoundException,
  UpdateTimeToLiveCommand,
  waitUntilTableNotExists,
} from "@aws-sdk/client-dynamodb";
import { table as shape } from "../../../stacks/table.ts";
import { emulatorCredentials, REGION } from "./account.ts";
import { type Child, startChild } from "./child.ts";
import { freePort, portInUse, requireFreePort } from "./ports.ts";
import { StartFailure } from "./start-failure.ts";
import { type Emulator, findEmulators } from "./table-emulators.ts";

const START_TIMEOUT_MS = 15_000;
/** How often a free port may be snatched away between finding and using it. */
const PORT_ATTEMPTS = 5;

export interface Table {
  readonly endpoint: string;
  /** Settles with the reason when the emulator ends without being asked to. */
  readonly failure: Promise<Error>;
  stop(): Promise<void>;
}

interface Options {
  readonly port: number;
  readonly tableName: string;
  /** Undefined: in memory. */
  readonly dataDir?: string | undefined;
  /** A DynamoDB of the developer's own, instead of an emulator. */
  readonly endpoint?: string | undefined;
  /** Empty the table there. An emulator's files are forgotten with the data folder. */
  readonly fresh?: boolean | undefined;
  readonly emulators?: readonly Emulator[];
}

/**
 * Starts the first table emulator that runs on this machine, or takes the given endpoint, and creates the table of
 * stacks/table.ts if it is not there. Throws `StartFailure` with a sentence when none runs.
 */
export async function startTable(options: Options): Promise<Table> {
  if (options.endpoint !== undefined) {
    await createTable(options.endpoint, options.tableName, { patienceMs: 0, fresh: options.fresh ?? false });
    return { endpoint: options.endpoint, failure: new Promise(() => {}), stop: async () => {} };
  }
  if (options.port !== 0) await requireFreePort("table", options.port);
  if (options.dataDir !== undefined) await mkdir(options.dataDir, { recursive: true });
  const reasons: string[] = [];
  for (const emulator of options.emulators ?? findEmulators()) {
    const started = await start(emulator, options);
    if ("reason" in started) {
      reasons.push(`${emulator.name}: ${started.reason}`);
      continue;
    }
    const { child, endpoint } = started;
    try {
      await createTable(endpoint, options.tableName, { patienceMs: START_TIMEOUT_MS, fresh: false });
    } catch (error) {
      await child.stop();
      throw error;
    }
    let stopping = false;
    return {
      endpoint,
      failure: new Promise((resolve) => {
        child.ended.then(() => {
          if (!stopping) resolve(new Error(`The table emulator (${emulator.name}) ended by itself. ${child.output()}`.trim()));
        });
      }),
      async stop() {
        stopping = true;
        await child.stop();
      },
    };
  }
  throw new StartFailure(
    [
      "No table emulator runs on this machine: install a Java runtime (17 or newer) for Amazon's DynamoDB Local,",
      "or set AWS_ENDPOINT_URL_DYNAMODB to a DynamoDB of your own.",
      `(${reasons.join("; ")})`,
    ].join(" "),
  );
}

async function start(emulator: Emulator, options: Options): Promise<{ child: Child; endpoint: string } | { reason: string }> {
  const store = options.dataDir === undefined ? undefined : join(options.dataDir, emulator.store);
  if (store !== undefined && emulator.storeIsFolder) await mkdir(store, { recursive: true });
  let reason = "";
  for (let attempt = 0; attempt < (options.port === 0 ? PORT_ATTEMPTS : 1); attempt++) {
    const port = options.port || (await freePort());
    const { command, args, cwd } = emulator.run(port, store);
    const child = startChild(command, args, cwd === undefined ? {} : { cwd });
    if (await listens(child, emulator)) return { child, endpoint: `http://127.0.0.1:${port}` };
    await child.stop();
    reason = child.output() || "it did not say that it listens";
    if (!/address (already )?in use|EADDRINUSE/i.test(reason)) return { reason };
    if (options.port !== 0) throw portInUse("table", options.port);
  }
  return { reason };
}

/** The emulator's own word that it listens. To ask the port would mistake another process for it. */
async function listens(child: Child, emulator: Emulator): Promise<boolean> {
  const until = performance.now() + START_TIMEOUT_MS;
  while (!child.hasEnded() && performance.now() < until) {
    if (emulator.ready.test(child.output())) return true;
    await sleep(5);
  }
  return false;
}

async function createTable(
  endpoint: string,
  tableName: string,
  { patienceMs, fresh }: { readonly patienceMs: number; readonly fresh: boolean },
): Promise<void> {
  const client = new DynamoDBClient({ endpoint, region: REGION, credentials: emulatorCredentials });
  try {
    const kept = await indexesOf(client, tableName, endpoint, patienceMs);
    if (kept === undefined) return await create(client, tableName);
    if (fresh) {
      await client.send(new DeleteTableCommand({ TableName: tableName }));
      await waitUntilTableNotExists({ client, maxWaitTime: 60 }, { TableName: tableName });
      return await create(client, tableName);
    }
    const wanted = Object.keys(shape.indexes).sort().join(", ");
    if (kept !== wanted)
      throw new StartFailure(
        `The kept table has the indexes ${kept || "none"}, the app needs ${wanted}: start once with --fresh to forget it`,
      );
  } finally {
    client.destroy();
  }
}

async function indexesOf(client: DynamoDBClient, tableName: string, endpoint: string, patienceMs: number): Promise<string | undefined> {
  // DynamoDB Local says that it starts a moment before it answers.
  const until = performance.now() + patienceMs;
  for (;;) {
    try {
      const { Table: described } = await client.send(new DescribeTableCommand({ TableName: tableName }));
      return (described?.GlobalSecondaryIndexes ?? [])
        .map((index) => index.IndexName)
        .sort()
        .join(", ");
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return undefined;
      const refused = error instanceof Error && "code" in error && error.code === "ECONNREFUSED";
      if (!refused || performance.now() > until)
        throw new StartFailure(`The table at ${endpoint} does not answer: ${error instanceof Error ? error.message : String(error)}`, {
          cause: error,
        });
      await sleep(100);
    }
  }
}

const PROJECTIONS = { all: "ALL", keys_only: "KEYS_ONLY" } as const;

async function create(client: DynamoDBClient, tableName: string): Promise<void> {
  const keys = [shape.primary, ...Object.values(shape.indexes)];
  const attributes = new Set(keys.flatMap((key) => [key.partitionKey, key.sortKey]));
  const schema = (key: { partitionKey: string; sortKey: string }) => [
    { AttributeName: key.partitionKey, KeyType: "HASH" as const },
    { AttributeName: key.sortKey, KeyType: "RANGE" as const },
  ];
  await client.send(
    new CreateTableCommand({
      TableName: tableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [...attributes].map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
      KeySchema: schema(shape.primary),
      GlobalSecondaryIndexes: Object.entries(shape.indexes).map(([IndexName, index]) => ({
        IndexName,
        KeySchema: schema(index),
        Projection: { ProjectionType: PROJECTIONS[index.projection] },
      })),
    }),
  );
  await client.send(
    new UpdateTimeToLiveCommand({ TableName: tableName, TimeToLiveSpecification: { AttributeName: shape.ttl, Enabled: true } }),
  );
}
