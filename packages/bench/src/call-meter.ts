import { countCalls } from "@aira/local/testing/call-counter";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";

/** What one operation cost. */
export interface OperationCost {
  /** By command. */
  readonly calls: Readonly<Record<string, number>>;
  /** Calls that were on their way at the same time count as one: what the caller waits for. */
  readonly roundTrips: number;
  readonly writeUnits: number;
  readonly readUnits: number;
  readonly indexUnits: number;
  /** Of cancelled transactions, for which AWS bills as if they had been written but no emulator reports. Two units per small item. */
  readonly cancelledUnits: number;
}

/** Tells what a task costs on this client. */
export function createMeter(client: DynamoDBDocumentClient): (task: () => Promise<unknown>) => Promise<OperationCost> {
  const counter = countCalls(client);
  let inFlight = 0;
  let roundTrips = 0;
  let cancelledUnits = 0;
  client.middlewareStack.add(
    (next) => async (args) => {
      if (inFlight++ === 0) roundTrips++;
      try {
        return await next(args);
      } catch (error) {
        const items = "TransactItems" in args.input ? (args.input.TransactItems as readonly unknown[] | undefined) : undefined;
        if (error instanceof Error && error.name === "TransactionCanceledException") cancelledUnits += 2 * (items?.length ?? 0);
        throw error;
      } finally {
        inFlight--;
      }
    },
    { step: "initialize", priority: "low", name: "round-trips" },
  );
  return async (task) => {
    roundTrips = 0;
    cancelledUnits = 0;
    const { calls, readUnits, writeUnits, indexReadUnits, indexWriteUnits } = await counter.measure(task);
    return { calls, roundTrips, readUnits, writeUnits, indexUnits: indexReadUnits + indexWriteUnits, cancelledUnits };
  };
}

/** `GetItem + TransactWriteItems`, `2 UpdateItem`. */
export const describeCalls = (calls: OperationCost["calls"]): string =>
  Object.entries(calls)
    .map(([command, count]) => (count === 1 ? command : `${count} ${command}`))
    .join(" + ") || "none";
