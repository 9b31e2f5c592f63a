import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { consumeEvents } from "@aira/core/payments";
import { IdempotencyConfig, makeIdempotent } from "@aws-lambda-powertools/idempotency";
import { DynamoDBPersistenceLayer } from "@aws-lambda-powertools/idempotency/dynamodb";
import { PutCommand, QueryCommand, TransactWriteCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { Context } from "aws-lambda";
import type { Connection } from "./emulator.ts";
import { createStubProvider } from "./stub-provider.ts";
import { openTopUp, portsOver } from "./top-ups.ts";

/** What stands in the books of one owner. */
export interface Books {
  readonly availableMinor: number;
  readonly entries: number;
}

/** One credit, to be delivered as often as a queue delivers it. */
export interface Credit {
  /** Handles one delivery on this connection. Rejects when the message goes back to the queue. */
  readonly deliver: (connection: Connection) => Promise<void>;
  readonly books: () => Promise<Books>;
  /** Lets a day pass: Stripe repeats an event for three. */
  readonly forget: () => Promise<void>;
}

export interface Contestant {
  readonly name: string;
  readonly about: string;
  /** A credit of a wallet that nobody else touches. `calm`: a connection on which nothing goes wrong. */
  readonly prepare: (calm: Connection, tableName: string) => Promise<Credit>;
}

export const AMOUNT_MINOR = 2500;

/** After this a Lambda that died has certainly ended. SQS delivers again later than that, since visibility is six timeouts. */
const LAMBDA_TIMEOUT_MS = 1;

const aira: Contestant = {
  name: "Aira",
  about: "the top-up itself is the guard, in the one transaction with wallet and entry",
  async prepare(calm, tableName) {
    const stub = createStubProvider();
    const owner = randomUUID();
    const topUpId = await openTopUp(portsOver(calm.table, stub), owner, AMOUNT_MINOR);
    const body = stub.pay(topUpId);
    return {
      async deliver({ table }) {
        const [consumed] = await consumeEvents(portsOver(table, stub), [{ id: randomUUID(), body }]);
        if (consumed?.outcome === "failed") throw consumed.error;
      },
      async books() {
        const wallet = await calm.table.get({ pk: `WALLET#${owner}`, sk: "WALLET" }, { consistent: true });
        const balances = wallet?.balances as Record<string, { availableMinor: number }> | undefined;
        return { availableMinor: balances?.USD?.availableMinor ?? 0, entries: await countEntries(calm, tableName, `WALLET#${owner}`) };
      },
      // There is nothing that could be forgotten.
      forget: async () => {},
    };
  },
};

type Write = (connection: Connection, tableName: string, owner: string) => Promise<unknown>;

/** A balance that counts up and an entry beside it, as two calls. */
const twoWrites: Write = async ({ client }, TableName, owner) => {
  await client.send(
    new UpdateCommand({
      TableName,
      Key: { pk: owner, sk: "WALLET" },
      UpdateExpression: "ADD availableMinor :amount",
      ExpressionAttributeValues: { ":amount": AMOUNT_MINOR },
    }),
  );
  await client.send(new PutCommand({ TableName, Item: entryOf(owner) }));
};

/** The same two, both or none. */
const oneTransaction: Write = ({ client }, TableName, owner) =>
  client.send(
    new TransactWriteCommand({
      TransactItems: [
        {
          Update: {
            TableName,
            Key: { pk: owner, sk: "WALLET" },
            UpdateExpression: "ADD availableMinor :amount",
            ExpressionAttributeValues: { ":amount": AMOUNT_MINOR },
          },
        },
        { Put: { TableName, Item: entryOf(owner) } },
      ],
    }),
  );

const entryOf = (owner: string) => ({ pk: owner, sk: `ENTRY#${new Date().toISOString()}#${randomUUID()}`, amountMinor: AMOUNT_MINOR });

function plainBooks(calm: Connection, tableName: string, owner: string): Credit["books"] {
  return async () => {
    const wallet = await calm.table.get({ pk: owner, sk: "WALLET" }, { consistent: true });
    return { availableMinor: (wallet?.availableMinor as number | undefined) ?? 0, entries: await countEntries(calm, tableName, owner) };
  };
}

async function countEntries({ client }: Connection, TableName: string, pk: string): Promise<number> {
  const { Count = 0 } = await client.send(
    new QueryCommand({
      TableName,
      KeyConditionExpression: "pk = :pk AND begins_with(sk, :sk)",
      ExpressionAttributeValues: { ":pk": pk, ":sk": "ENTRY#" },
      ConsistentRead: true,
      Select: "COUNT",
    }),
  );
  return Count;
}

const powertools = (name: string, about: string, write: Write): Contestant => ({
  name,
  about,
  async prepare(calm, tableName) {
    const owner = `POWERTOOLS#${randomUUID()}`;
    const event = { eventId: randomUUID(), owner };
    const layout = { tableName, keyAttr: "pk", sortKeyAttr: "sk", staticPkValue: "POWERTOOLS", expiryAttr: "ttl" } as const;
    return {
      async deliver(connection) {
        const config = new IdempotencyConfig({ eventKeyJmesPath: "eventId" });
        // A fresh persistence layer for each delivery, as for each container.
        const persistenceStore = new DynamoDBPersistenceLayer({ ...layout, awsSdkV3Client: connection.sdk });
        config.registerLambdaContext({ getRemainingTimeInMillis: () => LAMBDA_TIMEOUT_MS } as Context);
        const credit = makeIdempotent(
          async (one: typeof event) => {
            await write(connection, tableName, one.owner);
            return { credited: AMOUNT_MINOR };
          },
          { persistenceStore, config },
        );
        await credit(event);
      },
      books: plainBooks(calm, tableName, owner),
      async forget() {
        const { Items = [] } = await calm.client.send(
          new QueryCommand({
            TableName: tableName,
            KeyConditionExpression: "pk = :pk",
            ExpressionAttributeValues: { ":pk": "POWERTOOLS" },
          }),
        );
        // A record is worth an hour by default: its time of expiry, a day later, has passed.
        for (const { pk, sk } of Items)
          await calm.client.send(
            new UpdateCommand({
              TableName: tableName,
              Key: { pk, sk },
              UpdateExpression: "SET #ttl = :past",
              ExpressionAttributeNames: { "#ttl": "ttl" },
              ExpressionAttributeValues: { ":past": Math.floor(Date.now() / 1000) - 82_800 },
            }),
          );
      },
    };
  },
});

const floor: Contestant = {
  name: "the floor",
  about: "the same transaction with no guard",
  async prepare(calm, tableName) {
    const owner = `BARE#${randomUUID()}`;
    return {
      deliver: async (connection) => void (await oneTransaction(connection, tableName, owner)),
      books: plainBooks(calm, tableName, owner),
      forget: async () => {},
    };
  },
};

/** Four ways to do the same credit. */
export const contestants: readonly Contestant[] = [
  aira,
  powertools("Powertools, two writes", "AWS Powertools Idempotency around an update of the balance and a put of the entry", twoWrites),
  powertools("Powertools, one transaction", "AWS Powertools Idempotency around both in one transaction", oneTransaction),
  floor,
];

/** SQS delivers again only when the Lambda before is certainly over. */
export const untilRedelivery = () => sleep(LAMBDA_TIMEOUT_MS + 2);
