import { randomUUID } from "node:crypto";
import { adjust } from "@aira/core/ledger";
import type { PaymentPorts } from "@aira/core/payments";
import { numberWorld } from "@aira/local/testing/number-world";
import { QueryCommand, TransactWriteCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { type Bench, withResources } from "../bench.ts";
import { createMeter, describeCalls, type OperationCost } from "../call-meter.ts";
import { type Connection, startEmulator } from "../emulator.ts";
import { conversationOperations, FIRST_ANSWER, TEXT } from "../operations/conversations.ts";
import { moneyOperations } from "../operations/money.ts";
import { LISTING, LOOKUP, numberOperations, PURCHASE, PURCHASE_REQUEST } from "../operations/numbers.ts";
import type { FLOORS, Stage } from "../operations/operation.ts";
import { units } from "../report/format.ts";
import type { Section, Verdict } from "../report/section.ts";
import { createStubProvider } from "../stub-provider.ts";
import { targets } from "../targets.ts";
import { portsOver } from "../top-ups.ts";

export interface CallFigures {
  readonly operations: readonly {
    readonly name: string;
    readonly floor: keyof typeof FLOORS;
    readonly cost: OperationCost;
    readonly vendorCalls: number;
  }[];
  readonly floors: Readonly<Record<keyof typeof FLOORS, OperationCost>>;
}

/** The units of one operation, as AWS bills them. */
export const billedWriteUnits = ({ writeUnits, indexUnits, cancelledUnits }: OperationCost): number =>
  writeUnits + indexUnits + cancelledUnits;

const operations = [...moneyOperations, ...numberOperations, ...conversationOperations];

/** Nothing is sent before what is sent is known, so each is a round trip of its own. */
function withSends(cost: OperationCost, sent: number): OperationCost {
  if (sent === 0) return cost;
  return { ...cost, calls: { ...cost.calls, SendMessage: sent }, roundTrips: cost.roundTrips + sent };
}

/** Runs every operation once, on an emulator that reports capacity as AWS documents it, and counts. */
export function measureCalls(bench: Bench): Promise<CallFigures> {
  return withResources(bench, async (own) => {
    bench.progress("counting calls");
    const emulator = await startEmulator(own);
    const connection = emulator.connect();
    const meter = createMeter(connection.client);
    const stub = createStubProvider();
    const ports = portsOver(connection.table, stub);
    const owner = randomUUID();
    for (let n = 0; n < 60; n++)
      await adjust(ports, { owner, adjustmentId: randomUUID(), currency: "USD", amountMinor: 10_000, reason: "bench", actor: "bench" });

    let sent = 0;
    const numbers = numberWorld();
    const send = async () => void sent++;
    const measured: CallFigures["operations"][number][] = [];
    for (const { name, floor, prepare } of operations) {
      const stage: Stage = { ports, stub, numbers, send, owner, newcomer: randomUUID() };
      const task = await prepare(stage);
      const before = stub.calls() + numbers.log.count();
      sent = 0;
      const cost = withSends(await meter(task), sent);
      measured.push({ name, floor, cost, vendorCalls: stub.calls() + numbers.log.count() - before });
    }
    return { operations: measured, floors: await measureFloors(connection, emulator.tableName, meter, ports, owner) };
  });
}

async function measureFloors(
  { client }: Connection,
  TableName: string,
  meter: ReturnType<typeof createMeter>,
  ports: PaymentPorts,
  owner: string,
): Promise<CallFigures["floors"]> {
  const bare = (entries: number) =>
    client.send(
      new TransactWriteCommand({
        TransactItems: [
          {
            Update: {
              TableName,
              Key: { pk: "BARE", sk: "WALLET" },
              UpdateExpression: "ADD availableMinor :amount",
              ExpressionAttributeValues: { ":amount": 100 },
            },
          },
          ...Array.from({ length: entries }, () => ({
            Put: { TableName, Item: { pk: "BARE", sk: `ENTRY#${randomUUID()}`, amountMinor: 100, at: new Date().toISOString() } },
          })),
        ],
      }),
    );
  const one = (n: number) =>
    client.send(
      new UpdateCommand({
        TableName,
        Key: { pk: "BARE", sk: `ITEM#${n}` },
        UpdateExpression: "SET n = :n",
        ExpressionAttributeValues: { ":n": n },
      }),
    );
  const key = { pk: `WALLET#${owner}`, sk: "WALLET" };
  return {
    "wallet + entry": await meter(() => bare(1)),
    "wallet + 10 entries": await meter(() => bare(10)),
    item: await meter(() => one(1)),
    "two items": await meter(() => Promise.all([one(1), one(2)])),
    read: await meter(() => ports.table.get(key)),
    page: await meter(() =>
      client.send(
        new QueryCommand({
          TableName,
          KeyConditionExpression: "pk = :pk AND begins_with(sk, :sk)",
          ExpressionAttributeValues: { ":pk": key.pk, ":sk": "ENTRY#" },
          Limit: 50,
          ScanIndexForward: false,
        }),
      ),
    ),
    none: await meter(async () => {}),
  };
}

export function callSection({ operations: measured, floors }: CallFigures): Section {
  const worst = measured.some(({ cost }) => cost.cancelledUnits > 0);
  return {
    title: "Calls, round trips and capacity",
    method: [
      "Each operation once, through the product's own code, on dynoxide, which reports capacity as AWS documents it. Calls that are on their way at the same time",
      "are one round trip. Units are write units, those of indexes included, and read units; a half is an eventually consistent read. The floor is the same data written",
      "or read bare: without guard, condition or record of the request.",
    ],
    tables: [
      {
        head: ["operation", "SDK calls", "vendor calls", "round trips", "floor's", "write units", "floor's", "read units", "floor's"],
        rows: measured.map(({ name, floor, cost, vendorCalls }) => {
          const least = floors[floor];
          return [
            name,
            describeCalls(cost.calls),
            String(vendorCalls),
            String(cost.roundTrips),
            String(least.roundTrips),
            units(billedWriteUnits(cost)),
            units(billedWriteUnits(least)),
            units(cost.readUnits),
            units(least.readUnits),
          ];
        }),
      },
    ],
    notes: [
      "A guard costs one item more in the transaction (2 units) and the read that the decision is made on (half a unit): that buys exactly once, the chain of hashes and the running balance.",
      "The floor of the list of 100 numbers is a page of 50 entries; numbers are larger, and read from an index of their owner's. Vendor calls are Stripe's and Twilio's; prices of numbers are kept for hours, so a search finds them there.",
      "The schedule of numbers asks 16 shards what is due, which is 8 read units in each run; the rows with something due have that in them.",
      ...(worst
        ? ["A cancelled transaction is counted with the units that AWS bills for it, two for each of its items; no emulator reports them."]
        : []),
    ],
    verdicts: callVerdicts(measured),
  };
}

const TRANSACTION = "TransactWriteItems";
const isRead = (command: string): boolean => command === "GetItem" || command === "BatchGetItem" || command === "Query";
const countOf = (calls: OperationCost["calls"], counts: (command: string) => boolean): number =>
  Object.entries(calls).reduce((sum, [command, count]) => (counts(command) ? sum + count : sum), 0);
const all = () => true;

/** What was promised of single operations, beside what they cost. */
function callVerdicts(measured: CallFigures["operations"]): Verdict[] {
  const costOf = (name: string): OperationCost => {
    const found = measured.find((one) => one.name === name);
    if (!found) throw new Error(`there is no operation "${name}"`);
    return found.cost;
  };
  const atMost = (promise: string, value: number, { atMost: most }: { readonly atMost: number }, beside = ""): Verdict => {
    return { promise, target: `at most ${most}`, measured: `${units(value)}${beside}`, met: value <= most };
  };
  const bought = costOf(PURCHASE);
  const asked = costOf(PURCHASE_REQUEST);
  const recordUnits = billedWriteUnits(asked) - billedWriteUnits(bought);
  const { purchase, lookup, listing, answer } = targets.operations;
  return [
    atMost(
      "purchase of a number: transactions",
      countOf(bought.calls, (command) => command === TRANSACTION),
      purchase.transactions,
    ),
    atMost("purchase of a number: reads", countOf(bought.calls, isRead), purchase.reads),
    atMost(
      "purchase of a number: write units of the table",
      bought.writeUnits,
      purchase.writeUnits,
      ` (beside it ${units(bought.indexUnits)} of indexes, ${units(recordUnits)} of the request's record)`,
    ),
    atMost("owner of a number that is called: calls", countOf(costOf(LOOKUP).calls, all), lookup.calls),
    atMost("owner of a number that is called: read units", costOf(LOOKUP).readUnits, lookup.readUnits),
    atMost("a list of 100 numbers: calls", countOf(costOf(LISTING).calls, all), listing.calls),
    atMost("first answer of a call: SDK calls", countOf(costOf(FIRST_ANSWER).calls, all), answer.calls),
    atMost("answer to a text: SDK calls", countOf(costOf(TEXT).calls, all), answer.calls),
  ];
}
