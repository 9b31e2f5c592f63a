import { createTable, type Table } from "@aira/core/table";
import { emulatorCredentials, REGION } from "@aira/local/account";
import { startTable } from "@aira/local/table";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";

const TABLE_NAME = "aira-bench";

/** One client of the table: as the SDK gives it, as document client, and as the core sees it. They share what is laid under them. */
export interface Connection {
  readonly sdk: DynamoDBClient;
  readonly client: DynamoDBDocumentClient;
  readonly table: Table;
}

/** An emulator of its own, in memory, with the project's table. */
export interface Emulator {
  readonly tableName: string;
  readonly endpoint: string;
  connect(): Connection;
}

/** A client without retries of its own: what goes wrong is seen at once, and a count is a count. */
export function connectTo(endpoint: string, tableName: string, own: AsyncDisposableStack): Connection {
  const sdk = new DynamoDBClient({ endpoint, region: REGION, credentials: emulatorCredentials, maxAttempts: 1 });
  own.defer(() => sdk.destroy());
  const client = DynamoDBDocumentClient.from(sdk, { marshallOptions: { removeUndefinedValues: true } });
  return { sdk, client, table: createTable(client, tableName) };
}

/** Starts the local runtime's table emulator on a free port. It ends with `own`. */
export async function startEmulator(own: AsyncDisposableStack): Promise<Emulator> {
  const { endpoint, stop } = await startTable({ port: 0, tableName: TABLE_NAME });
  own.defer(stop);
  return { tableName: TABLE_NAME, endpoint, connect: () => connectTo(endpoint, TABLE_NAME, own) };
}
