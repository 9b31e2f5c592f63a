import { setTimeout as sleep } from "node:timers/promises";
import type { LedgerPorts } from "@aira/core/ledger";
import { createSdkHandler, SynchronousSigner, systemClock } from "@aira/core/lib";
import { createTable, type Table } from "@aira/core/table";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { emulatorCredentials, REGION } from "../account.ts";
import { seededRandom } from "../random.ts";
import { startTable } from "../table.ts";
import type { Emulator } from "../table-emulators.ts";

const TABLE_NAME = "aira-test";
/** Far beyond what a busy machine takes: here no answer is late. */
const LIMITS = { connectMs: 30_000, answerMs: 30_000 } as const;

/** An emulator of its own with the project's table, in memory. */
export interface TableUnderTest {
  readonly tableName: string;
  /** One client for the whole file, without retries: what goes wrong is seen at once. */
  readonly client: DynamoDBDocumentClient;
  readonly table: Table;
  /** Another client of the same table, to lay counters or faults under. */
  connect(): { readonly client: DynamoDBDocumentClient; readonly table: Table };
  stop(): Promise<void>;
}

/** Starts the emulator on a free port; for `beforeAll`, once per test file. */
export async function startTableUnderTest(emulators?: readonly Emulator[]): Promise<TableUnderTest> {
  const started = await startTable({ port: 0, tableName: TABLE_NAME, ...(emulators ? { emulators } : {}) });
  const clients: DynamoDBDocumentClient[] = [];
  const connect = () => {
    const client = DynamoDBDocumentClient.from(
      new DynamoDBClient({
        endpoint: started.endpoint,
        region: REGION,
        credentials: emulatorCredentials,
        maxAttempts: 1,
        // As the handlers' own client: leaner by a good part of a call.
        signerConstructor: SynchronousSigner,
        requestHandler: createSdkHandler(LIMITS),
      }),
      { marshallOptions: { removeUndefinedValues: true } },
    );
    clients.push(client);
    return { client, table: createTable(client, TABLE_NAME) };
  };
  return {
    tableName: TABLE_NAME,
    ...connect(),
    connect,
    async stop() {
      // A document client only closes with the client below it.
      for (const client of clients) client.destroy();
      await started.stop();
    },
  };
}

/** The ledger's ports over a table: the machine's clock, real short waits, jitter from a seed. */
export const ledgerPorts = (table: Table, seed = 1): LedgerPorts => ({
  table,
  clock: systemClock,
  random: seededRandom(seed),
  wait: (ms) => sleep(ms),
});

let owners = 0;

/** An owner whom no other test has: as good as a fresh table, and free. */
export const freshOwner = (name = "owner"): string => `${name}-${++owners}`;
