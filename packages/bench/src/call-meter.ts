import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";

/** What one operation cost. */
export interface OperationCost {
  /** By command. */
  readonly calls: Readonly<Record<string, number>>;
  /** Calls that were on their way at the same time count as one: what the caller waits for. */
  readonly roundTrips: number;
  /** Of the table alone. */
  readonly writeUnits: number;
  /** Of the table and its indexes: a page of a list is read from an index. */
  readonly readUnits: number;
  /** Writes to indexes. */
  readonly indexUnits: number;
  /** Of cancelled transactions, for which AWS bills as if they had been written but no emulator reports. Two units per small item. */
  readonly cancelledUnits: number;
}

interface Capacity {
  readonly Table?: { readonly CapacityUnits?: number };
  readonly GlobalSecondaryIndexes?: Readonly<Record<string, { readonly CapacityUnits?: number }>>;
}

const FREE: OperationCost = { calls: {}, roundTrips: 0, writeUnits: 0, readUnits: 0, indexUnits: 0, cancelledUnits: 0 };
const READS = new Set(["GetItem", "BatchGetItem", "Query"]);

function consumed(cost: OperationCost, isRead: boolean, { Table, GlobalSecondaryIndexes = {} }: Capacity): OperationCost {
  const ofTable = Table?.CapacityUnits ?? 0;
  const ofIndexes = Object.values(GlobalSecondaryIndexes).reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
  return isRead
    ? { ...cost, readUnits: cost.readUnits + ofTable + ofIndexes }
    : { ...cost, writeUnits: cost.writeUnits + ofTable, indexUnits: cost.indexUnits + ofIndexes };
}

/** Tells what a task costs on this client. */
export function createMeter(client: DynamoDBDocumentClient): (task: () => Promise<unknown>) => Promise<OperationCost> {
  let cost = FREE;
  let inFlight = 0;
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const command = String(context.commandName).replace(/Command$/, "");
      const calls = { ...cost.calls, [command]: (cost.calls[command] ?? 0) + 1 };
      cost = { ...cost, calls, roundTrips: cost.roundTrips + (inFlight++ === 0 ? 1 : 0) };
      try {
        const answer = await next({ ...args, input: { ...args.input, ReturnConsumedCapacity: "INDEXES" } });
        const { ConsumedCapacity } = answer.output as { ConsumedCapacity?: Capacity | readonly Capacity[] };
        for (const capacity of [ConsumedCapacity ?? []].flat() as readonly Capacity[]) cost = consumed(cost, READS.has(command), capacity);
        return answer;
      } catch (error) {
        const items = "TransactItems" in args.input ? (args.input.TransactItems as readonly unknown[] | undefined) : undefined;
        if (error instanceof Error && error.name === "TransactionCanceledException")
          cost = { ...cost, cancelledUnits: cost.cancelledUnits + 2 * (items?.length ?? 0) };
        throw error;
      } finally {
        inFlight--;
      }
    },
    { step: "initialize", priority: "low", name: "meter" },
  );
  return async (task) => {
    cost = FREE;
    await task();
    return cost;
  };
}

/** `GetItem + TransactWriteItems`, `2 UpdateItem`. */
export const describeCalls = (calls: OperationCost["calls"]): string =>
  Object.entries(calls)
    .map(([command, count]) => (count === 1 ? command : `${count} ${command}`))
    .join(" + ") || "none";
