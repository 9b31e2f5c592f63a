import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";

/** What the calls of one client cost. Units of indexes stand apart from the table's own. */
export interface Cost {
  /** Calls by command: `GetItem`, `TransactWriteItems` and so on. */
  readonly calls: Readonly<Record<string, number>>;
  readonly readUnits: number;
  readonly writeUnits: number;
  readonly indexReadUnits: number;
  readonly indexWriteUnits: number;
}

interface Capacity {
  readonly Table?: { readonly CapacityUnits?: number };
  readonly GlobalSecondaryIndexes?: Readonly<Record<string, { readonly CapacityUnits?: number }>>;
}

const FREE: Cost = { calls: {}, readUnits: 0, writeUnits: 0, indexReadUnits: 0, indexWriteUnits: 0 };
const READS = new Set(["GetItem", "BatchGetItem", "Query"]);

/** Counts every call of this client, and has DynamoDB say what each consumed. `measure` tells what one task costs. */
export function countCalls(client: DynamoDBDocumentClient): { measure(task: () => Promise<unknown>): Promise<Cost> } {
  let cost = FREE;
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const command = String(context.commandName).replace(/Command$/, "");
      cost = { ...cost, calls: { ...cost.calls, [command]: (cost.calls[command] ?? 0) + 1 } };
      const answer = await next({ ...args, input: { ...args.input, ReturnConsumedCapacity: "INDEXES" } });
      const { ConsumedCapacity: consumed } = answer.output as { ConsumedCapacity?: Capacity | readonly Capacity[] };
      for (const capacity of [consumed ?? []].flat() as readonly Capacity[]) cost = add(cost, READS.has(command), capacity);
      return answer;
    },
    { step: "initialize", priority: "low", name: "count-calls" },
  );
  return {
    async measure(task) {
      cost = FREE;
      await task();
      return cost;
    },
  };
}

function add(cost: Cost, reads: boolean, capacity: Capacity): Cost {
  const ofTable = capacity.Table?.CapacityUnits ?? 0;
  const ofIndexes = Object.values(capacity.GlobalSecondaryIndexes ?? {}).reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
  return reads
    ? { ...cost, readUnits: cost.readUnits + ofTable, indexReadUnits: cost.indexReadUnits + ofIndexes }
    : { ...cost, writeUnits: cost.writeUnits + ofTable, indexWriteUnits: cost.indexWriteUnits + ofIndexes };
}
