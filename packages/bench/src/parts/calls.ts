import { randomUUID } from "node:crypto";
import { adjust, authorize, balancesAt, capture, chargeUsage, debit, freeze, listEntries, readBalances, release } from "@aira/core/ledger";
import { consumeEvents, createCheckoutSession, type PaymentPorts, readTopUp } from "@aira/core/payments";
import { answerOnce } from "@aira/core/requests";
import { QueryCommand, TransactWriteCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { type Bench, withResources } from "../bench.ts";
import { createMeter, describeCalls, type OperationCost } from "../call-meter.ts";
import { type Connection, startEmulator } from "../emulator.ts";
import { units } from "../report/format.ts";
import type { Section } from "../report/section.ts";
import { createStubProvider, type StubProvider } from "../stub-provider.ts";
import { openTopUp, portsOver } from "../top-ups.ts";

/** What an operation is measured on. */
interface Stage {
  readonly ports: PaymentPorts;
  readonly stub: StubProvider;
  /** An owner with 60 entries and money. */
  readonly owner: string;
  /** An owner whom nobody has posted to. */
  readonly newcomer: string;
}

/** Prepares, unmeasured, and returns the task to measure. */
type Prepare = (stage: Stage) => Promise<() => Promise<unknown>>;

interface OperationRow {
  readonly name: string;
  /** The same data written or read with nothing around it. */
  readonly floor: keyof typeof FLOORS;
  readonly prepare: Prepare;
}

const FLOORS = {
  "wallet + entry": "one transaction of the wallet and the entry",
  "wallet + 10 entries": "one transaction of the wallet and ten entries",
  item: "one write",
  read: "one read",
  page: "one page of 50",
  none: "nothing",
} as const;

const money = { currency: "USD", amountMinor: 100 } as const;
const why = { description: "Bench", actor: "bench" } as const;
const message = (body: string) => ({ id: randomUUID(), body });

async function paidEvents({ ports, stub }: Stage, owner: string, count: number) {
  const messages = [];
  for (let n = 0; n < count; n++) messages.push(message(stub.pay(await openTopUp(ports, owner, money.amountMinor))));
  return messages;
}

const checkout = (owner: string, key: string) => ({ owner, idempotencyKey: key, currency: "USD", amountMinor: 2500 }) as const;

/** As the HTTP edge runs it: inside the request's record. */
function checkoutRequest({ ports }: Stage, owner: string, key: string) {
  const request = { owner, route: "POST /api/payment/create-checkout-session", key, input: money, deadline: Date.now() + 10_000 };
  const warn = (text: string, cause: unknown) => {
    throw new Error(text, { cause });
  };
  return () =>
    answerOnce({ ...ports, warn }, request, async () => ({
      status: 201,
      body: JSON.stringify(await createCheckoutSession(ports, checkout(owner, key))),
    }));
}

async function openHold({ ports, owner }: Stage) {
  const hold = { owner, holdId: randomUUID(), ...money, ...why };
  await authorize(ports, hold);
  return hold;
}

const operations: readonly OperationRow[] = [
  {
    name: "credit of a paid top-up",
    floor: "wallet + entry",
    prepare: async (stage) => {
      const messages = await paidEvents(stage, stage.owner, 1);
      return () => consumeEvents(stage.ports, messages);
    },
  },
  {
    name: "the first credit of a wallet",
    floor: "wallet + entry",
    prepare: async (stage) => {
      const messages = await paidEvents(stage, stage.newcomer, 1);
      return () => consumeEvents(stage.ports, messages);
    },
  },
  {
    name: "ten credits of one wallet in a batch",
    floor: "wallet + 10 entries",
    prepare: async (stage) => {
      const messages = await paidEvents(stage, stage.owner, 10);
      return () => consumeEvents(stage.ports, messages);
    },
  },
  {
    name: "a credit's event once more",
    floor: "none",
    prepare: async (stage) => {
      const messages = await paidEvents(stage, stage.owner, 1);
      await consumeEvents(stage.ports, messages);
      return () => consumeEvents(stage.ports, messages);
    },
  },
  {
    name: "refund of a top-up",
    floor: "wallet + entry",
    prepare: async (stage) => {
      const topUpId = await openTopUp(stage.ports, stage.owner, money.amountMinor);
      await consumeEvents(stage.ports, [message(stage.stub.pay(topUpId))]);
      const refund = message(stage.stub.refund(topUpId, 40));
      return () => consumeEvents(stage.ports, [refund]);
    },
  },
  {
    name: "debit",
    floor: "wallet + entry",
    prepare:
      async ({ ports, owner }) =>
      () =>
        debit(ports, { owner, id: randomUUID(), ...money, ...why }),
  },
  {
    name: "debit, declined",
    floor: "none",
    prepare: async ({ ports, newcomer }) => {
      await adjust(ports, {
        owner: newcomer,
        adjustmentId: randomUUID(),
        currency: "USD",
        amountMinor: 1,
        reason: "bench",
        actor: "bench",
      });
      return () => debit(ports, { owner: newcomer, id: randomUUID(), ...money, ...why }).catch(() => undefined);
    },
  },
  {
    name: "usage",
    floor: "wallet + entry",
    prepare:
      async ({ ports, owner }) =>
      () =>
        chargeUsage(ports, { owner, id: randomUUID(), ...money, ...why }),
  },
  {
    name: "hold: authorize",
    floor: "wallet + entry",
    prepare:
      async ({ ports, owner }) =>
      () =>
        authorize(ports, { owner, holdId: randomUUID(), ...money, ...why }),
  },
  {
    name: "hold: authorize with a time of expiry",
    floor: "wallet + entry",
    prepare:
      async ({ ports, owner }) =>
      () =>
        authorize(ports, { owner, holdId: randomUUID(), ...money, ...why, expiresAtMs: Date.now() + 3_600_000 }),
  },
  {
    name: "hold: capture",
    floor: "wallet + entry",
    prepare: async (stage) => {
      const hold = await openHold(stage);
      return () => capture(stage.ports, { ...hold, captureMinor: 60 });
    },
  },
  {
    name: "hold: release",
    floor: "wallet + entry",
    prepare: async (stage) => {
      const hold = await openHold(stage);
      return () => release(stage.ports, hold);
    },
  },
  {
    name: "adjustment",
    floor: "wallet + entry",
    prepare:
      async ({ ports, owner }) =>
      () =>
        adjust(ports, { owner, adjustmentId: randomUUID(), ...money, reason: "bench", actor: "bench" }),
  },
  {
    name: "freeze",
    floor: "wallet + entry",
    prepare:
      async ({ ports, newcomer }) =>
      () =>
        freeze(ports, { owner: newcomer, adjustmentId: randomUUID(), reason: "bench", actor: "bench" }),
  },
  {
    name: "balance",
    floor: "read",
    prepare:
      async ({ ports, owner }) =>
      () =>
        readBalances(ports, owner),
  },
  {
    name: "balance as of a time",
    floor: "read",
    prepare:
      async ({ ports, owner }) =>
      () =>
        balancesAt(ports, owner, Date.now()),
  },
  {
    name: "statement, a page of 50",
    floor: "page",
    prepare:
      async ({ ports, owner }) =>
      () =>
        listEntries(ports, owner, { limit: 50 }),
  },
  {
    name: "create a checkout session",
    floor: "item",
    prepare: async (stage) => checkoutRequest(stage, stage.owner, randomUUID()),
  },
  {
    name: "create a checkout session, a new customer",
    floor: "item",
    prepare: async (stage) => checkoutRequest(stage, stage.newcomer, randomUUID()),
  },
  {
    name: "the same request once more",
    floor: "none",
    prepare: async (stage) => {
      const request = checkoutRequest(stage, stage.owner, randomUUID());
      await request();
      return request;
    },
  },
  {
    name: "state of a top-up",
    floor: "read",
    prepare: async ({ ports, owner }) => {
      const topUpId = await openTopUp(ports, owner, money.amountMinor);
      return () => readTopUp(ports, { owner, topUpId });
    },
  },
];

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

    const measured: CallFigures["operations"][number][] = [];
    for (const { name, floor, prepare } of operations) {
      const task = await prepare({ ports, stub, owner, newcomer: randomUUID() });
      const before = stub.calls();
      const cost = await meter(task);
      measured.push({ name, floor, cost, vendorCalls: stub.calls() - before });
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
  const key = { pk: `WALLET#${owner}`, sk: "WALLET" };
  return {
    "wallet + entry": await meter(() => bare(1)),
    "wallet + 10 entries": await meter(() => bare(10)),
    item: await meter(() =>
      client.send(
        new UpdateCommand({
          TableName,
          Key: { pk: "BARE", sk: "ITEM" },
          UpdateExpression: "SET n = :n",
          ExpressionAttributeValues: { ":n": 1 },
        }),
      ),
    ),
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
        head: ["operation", "SDK calls", "Stripe calls", "round trips", "floor's", "write units", "floor's", "read units", "floor's"],
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
      ...(worst
        ? ["A cancelled transaction is counted with the units that AWS bills for it, two for each of its items; no emulator reports them."]
        : []),
    ],
    verdicts: [],
  };
}
