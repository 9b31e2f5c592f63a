import {
  BatchGetCommand,
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { AiraError } from "../lib/index.ts";
import { Bindings, type Condition } from "./condition.ts";
import type { Key } from "./keys.ts";

/** An item as the document client reads it. Each noun's store file parses its own. */
export type Item = Readonly<Record<string, unknown>>;

/** One conditional write. `update` names the fields that it sets and leaves every other field alone. */
export type Write =
  | { readonly put: Item & Key; readonly if?: Condition }
  | { readonly update: Key; readonly set: Readonly<Record<string, unknown>>; readonly remove?: readonly string[]; readonly if?: Condition }
  | { readonly delete: Key; readonly if?: Condition };

/**
 * What became of a write.
 * `refused`: a condition failed; `found` has, by position, the item that refused (undefined: there is none).
 * `contended`: nothing was written, and the same write may go through at once (conflict, throttling).
 * `unknown`: no answer, so it may have been written; only reading its guard can tell.
 */
export type WriteResult =
  | { readonly outcome: "committed" }
  | { readonly outcome: "refused"; readonly found: ReadonlyMap<number, Item | undefined> }
  | { readonly outcome: "contended"; readonly cause: unknown }
  | { readonly outcome: "unknown"; readonly cause: unknown };

export interface Page {
  readonly items: readonly Item[];
  /** Where the next page starts; undefined at the end. */
  readonly lastKey: Item | undefined;
}

export interface QueryOptions {
  readonly pk: string;
  readonly index?: "gsi1" | "gsi2";
  readonly prefix?: string;
  /** Both ends included. */
  readonly between?: readonly [from: string, to: string];
  readonly newestFirst?: boolean;
  readonly limit?: number;
  readonly after?: Item | undefined;
  readonly consistent?: boolean;
}

/** The single table. */
export interface Table {
  /** One item. Eventually consistent unless asked: good enough to try, never to refuse. Throws `service.busy`. */
  get(key: Key, options?: { readonly consistent?: boolean }): Promise<Item | undefined>;
  /** Up to 100 items in one call, by position; undefined where there is none. Consistent or not as `get`. Throws `service.busy`. */
  getMany(keys: readonly Key[], options?: { readonly consistent?: boolean }): Promise<readonly (Item | undefined)[]>;
  /** One page of one partition. Throws `service.busy`. */
  query(options: QueryOptions): Promise<Page>;
  /** One write with its condition. Never throws for an outcome that DynamoDB defines. */
  write(write: Write): Promise<WriteResult>;
  /** All of the writes or none, at most 100. */
  transact(writes: readonly Write[]): Promise<WriteResult>;
}

/** Nothing was written, and asking again may succeed. */
const CONTENDED = new Set([
  "TransactionConflictException",
  "TransactionInProgressException",
  "ThrottlingException",
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "ReplicatedWriteConflictException",
]);

/** The same, as a reason inside a cancelled transaction. */
const CONTENDED_REASONS = new Set(["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded", "RequestLimitExceeded"]);

/** DynamoDB says for certain that the request was not carried out, and that repeating it is of no use. */
const DEFINITE = new Set([
  "ValidationException",
  "AccessDeniedException",
  "ResourceNotFoundException",
  "IdempotentParameterMismatchException",
  "ItemCollectionSizeLimitExceededException",
  "UnrecognizedClientException",
  "MissingAuthenticationTokenException",
  "IncompleteSignatureException",
]);

interface SdkError {
  readonly name?: string;
  readonly Item?: Record<string, never>;
  readonly CancellationReasons?: readonly { readonly Code?: string; readonly Item?: Record<string, never> }[];
}

/** Turns what the SDK threw into an outcome, or throws it again when it is a failure of ours. */
function outcomeOf(error: unknown): WriteResult {
  const { name = "", Item: item, CancellationReasons: reasons } = error as SdkError;
  if (name === "ConditionalCheckFailedException") return { outcome: "refused", found: new Map([[0, item ? unmarshall(item) : undefined]]) };
  if (name === "TransactionCanceledException" && reasons) {
    const codes = reasons.map((reason) => reason.Code ?? "None");
    const strange = codes.find((code) => code !== "None" && code !== "ConditionalCheckFailed" && !CONTENDED_REASONS.has(code));
    if (strange) throw error;
    const found = new Map<number, Item | undefined>();
    // lib-dynamodb leaves the items of cancellation reasons marshalled.
    for (const [at, reason] of reasons.entries())
      if (reason.Code === "ConditionalCheckFailed") found.set(at, reason.Item ? unmarshall(reason.Item) : undefined);
    return found.size > 0 ? { outcome: "refused", found } : { outcome: "contended", cause: error };
  }
  if (CONTENDED.has(name)) return { outcome: "contended", cause: error };
  if (DEFINITE.has(name) || !(error instanceof Error)) throw error;
  // A timeout, a reset, a 5xx: it may have been carried out. So may anything that is not on a list above.
  if (error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError) throw error;
  return { outcome: "unknown", cause: error };
}

function readFailure(error: unknown): never {
  const { name = "" } = error as SdkError;
  if (DEFINITE.has(name) || error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError) throw error;
  throw busy(error);
}

const busy = (cause: unknown) =>
  new AiraError("service.busy", "The service is busy. Please try again in a moment.", { cause, retryAfterSeconds: 1 });

const nameOf = ({ pk, sk }: Pick<Key, "pk" | "sk">): string => JSON.stringify([pk, sk]);

/** How often what a throttled table left over is asked for. */
const BATCH_TRIES = 3;

type TransactItem = NonNullable<TransactWriteCommandInput["TransactItems"]>[number];

function compile(write: Write, TableName: string): TransactItem {
  const bindings = new Bindings();
  const condition = write.if ? { ConditionExpression: bindings.condition(write.if) } : {};
  const rest = () => ({ TableName, ...condition, ...bindings.attributes(), ReturnValuesOnConditionCheckFailure: "ALL_OLD" as const });
  if ("put" in write) return { Put: { Item: write.put, ...rest() } };
  if ("delete" in write) return { Delete: { Key: write.delete, ...rest() } };
  const UpdateExpression = bindings.update(write.set, write.remove);
  return { Update: { Key: write.update, UpdateExpression, ...rest() } };
}

/** The table over one document client. */
export function createTable(client: DynamoDBDocumentClient, tableName: string): Table {
  return {
    async get(key, options) {
      const answer = await client
        .send(new GetCommand({ TableName: tableName, Key: { pk: key.pk, sk: key.sk }, ConsistentRead: options?.consistent ?? false }))
        .catch(readFailure);
      return answer.Item;
    },

    async getMany(keys, options) {
      const found = new Map<string, Item>();
      // One key twice is a mistake to DynamoDB.
      let left: Record<string, unknown>[] = [...new Map(keys.map(({ pk, sk }) => [nameOf({ pk, sk }), { pk, sk }])).values()];
      for (let tries = 0; left.length > 0; tries++) {
        if (tries === BATCH_TRIES) throw busy(new Error(`the table left ${left.length} keys unread`));
        if (tries > 0) await new Promise((done) => setTimeout(done, Math.random() * 50 * 2 ** tries));
        const { Responses = {}, UnprocessedKeys = {} } = await client
          .send(new BatchGetCommand({ RequestItems: { [tableName]: { Keys: left, ConsistentRead: options?.consistent ?? false } } }))
          .catch(readFailure);
        for (const item of Responses[tableName] ?? []) found.set(nameOf(item as unknown as Key), item);
        left = UnprocessedKeys[tableName]?.Keys ?? [];
      }
      return keys.map((key) => found.get(nameOf(key)));
    },

    async query(options) {
      const bindings = new Bindings();
      const [pk, sk] = options.index ? [`${options.index}pk`, `${options.index}sk`] : ["pk", "sk"];
      const parts = [`${bindings.name(pk)} = ${bindings.value(options.pk)}`];
      if (options.between)
        parts.push(`${bindings.name(sk)} BETWEEN ${bindings.value(options.between[0])} AND ${bindings.value(options.between[1])}`);
      else if (options.prefix) parts.push(`begins_with(${bindings.name(sk)}, ${bindings.value(options.prefix)})`);
      const answer = await client
        .send(
          new QueryCommand({
            TableName: tableName,
            ...(options.index ? { IndexName: options.index } : {}),
            KeyConditionExpression: parts.join(" AND "),
            ...bindings.attributes(),
            ScanIndexForward: !options.newestFirst,
            ConsistentRead: options.consistent ?? false,
            ...(options.limit ? { Limit: options.limit } : {}),
            ...(options.after ? { ExclusiveStartKey: { ...options.after } } : {}),
          }),
        )
        .catch(readFailure);
      return { items: answer.Items ?? [], lastKey: answer.LastEvaluatedKey };
    },

    async write(write) {
      const item = compile(write, tableName);
      try {
        if (item.Put) await client.send(new PutCommand(item.Put));
        else if (item.Update) await client.send(new UpdateCommand(item.Update));
        else if (item.Delete) await client.send(new DeleteCommand(item.Delete));
        return { outcome: "committed" };
      } catch (error) {
        return outcomeOf(error);
      }
    },

    async transact(writes) {
      try {
        await client.send(new TransactWriteCommand({ TransactItems: writes.map((write) => compile(write, tableName)) }));
        return { outcome: "committed" };
      } catch (error) {
        return outcomeOf(error);
      }
    },
  };
}
