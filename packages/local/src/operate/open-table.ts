import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Clock, createSdkHandler, readVariable, systemClock } from "@aira/core/lib";
import { createTable, keys, type Table } from "@aira/core/table";
import { DescribeTableCommand, DynamoDBClient, type DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";
import { emulatorCredentials, REGION } from "../account.ts";
import { TABLE_NAME } from "../environment.ts";
import { PROJECT } from "../project.ts";
import { StartFailure } from "../start-failure.ts";
import { startTable } from "../table.ts";
import { isInUse } from "./database-lock.ts";
import type { Surroundings } from "./tool.ts";

/** Which table a tool works on. Without a name: this machine's. */
export interface TableChoice {
  readonly table?: string | undefined;
  readonly region?: string | undefined;
}

/** What every tool takes beside its own options. */
export const TABLE_OPTIONS = { table: { type: "string" }, region: { type: "string" }, help: { type: "boolean", short: "h" } } as const;

export const TABLE_HELP = `  --table NAME   a table on AWS, with the credentials of the environment; without it the local data
  --region R     its region; default: AWS_REGION`;

export interface OpenTable extends AsyncDisposable {
  readonly table: Table;
  /** Where it is, for the operator. */
  readonly where: string;
  /** The data folder, for a table of this machine. */
  readonly dataDir: string | undefined;
  readonly clock: Clock;
}

/**
 * Opens the table on AWS that was named, or this machine's: through the running `npm start` when it has the data open, else with an
 * emulator of its own, which ends with the tool. Throws `StartFailure` with a sentence.
 */
export async function openTable(choice: TableChoice, { environment }: Pick<Surroundings, "environment">): Promise<OpenTable> {
  if (choice.table !== undefined) return openOnAws(choice.table, choice.region ?? environment.AWS_REGION);
  if (choice.region !== undefined) throw new StartFailure("--region goes with --table: the local table is in none");
  const dataDir = resolve(PROJECT, readVariable("DATA_DIR", environment) ?? ".aira");
  const own = readVariable("AWS_ENDPOINT_URL_DYNAMODB", environment);
  if (own !== undefined) return openAt(own, `${TABLE_NAME} at ${own}`, dataDir);

  const port = readVariable("TABLE_PORT", environment);
  const running = `http://127.0.0.1:${port}`;
  const stores = { sqlite: join(dataDir, "table.db"), java: join(dataDir, "table-java") };
  if (!existsSync(stores.sqlite) && !existsSync(stores.java))
    throw new StartFailure(`There is no table in ${dataDir}: run \`npm start\` once, or set DATA_DIR to the folder that has it`);
  const inUse = existsSync(stores.sqlite) ? isInUse(stores.sqlite) : await hasTable(running);
  if (inUse) {
    if (await hasTable(running)) return openAt(running, `${TABLE_NAME} of the running npm start (${running})`, dataDir);
    throw new StartFailure(
      `The table in ${dataDir} is in use by a running \`npm start\` that does not answer on port ${port}: set TABLE_PORT to its port, or end it first`,
    );
  }
  const started = await startTable({ port: 0, tableName: TABLE_NAME, dataDir });
  const opened = openAt(started.endpoint, `${TABLE_NAME} in ${dataDir}`, dataDir);
  return {
    ...opened,
    async [Symbol.asyncDispose]() {
      await opened[Symbol.asyncDispose]();
      await started.stop();
    },
  };
}

function connect(config: DynamoDBClientConfig): DynamoDBDocumentClient {
  const requestHandler = createSdkHandler({ connectMs: 3_000, answerMs: 10_000 });
  const client = new DynamoDBClient({ maxAttempts: 5, requestHandler, ...config });
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
}

const opened = (client: DynamoDBDocumentClient, tableName: string, where: string, dataDir: string | undefined): OpenTable => ({
  table: createTable(client, tableName),
  where,
  dataDir,
  clock: systemClock,
  async [Symbol.asyncDispose]() {
    client.destroy();
  },
});

const openAt = (endpoint: string, where: string, dataDir: string): OpenTable =>
  opened(connect({ endpoint, region: REGION, credentials: emulatorCredentials }), TABLE_NAME, where, dataDir);

async function openOnAws(tableName: string, region: string | undefined): Promise<OpenTable> {
  if (region === undefined) throw new StartFailure("--region is not set, and neither is AWS_REGION: name the table's region");
  const client = connect({ region });
  try {
    // The first read tells what is wrong with name, region or credentials, in place of the first of many.
    await client.send(new GetCommand({ TableName: tableName, Key: keys.cursor("none") }));
  } catch (error) {
    client.destroy();
    throw new StartFailure(`The table ${tableName} in ${region} can't be read: ${reasonOf(error)}`, { cause: error });
  }
  return opened(client, tableName, `${tableName} in ${region}`, undefined);
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "ResourceNotFoundException") return "there is none of this name";
  if (error.name === "CredentialsProviderError") return "the environment has no AWS credentials";
  return `${error.name}: ${error.message}`;
}

/** Does the local table answer there? */
async function hasTable(endpoint: string): Promise<boolean> {
  const client = new DynamoDBClient({
    endpoint,
    region: REGION,
    credentials: emulatorCredentials,
    maxAttempts: 1,
    requestHandler: createSdkHandler({ connectMs: 500, answerMs: 2_000 }),
  });
  try {
    await client.send(new DescribeTableCommand({ TableName: TABLE_NAME }));
    return true;
  } catch {
    // Nobody there, or somebody else: either way it is not our table.
    return false;
  } finally {
    client.destroy();
  }
}
