import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { createCheckoutSession, type PaymentPorts } from "@aira/core/payments";
import type { Item, Table } from "@aira/core/table";
import { BatchWriteCommand } from "@aws-sdk/lib-dynamodb";
import type { Connection } from "./emulator.ts";
import { createStubProvider, type StubProvider } from "./stub-provider.ts";

/** Ports over a table, with a vendor that answers at once. */
export const portsOver = (table: Table, stub: StubProvider, stage = "bench"): PaymentPorts => ({
  table,
  clock: Date.now,
  random: Math.random,
  wait: (ms) => sleep(ms),
  provider: stub.provider,
  stage,
  publicUrl: "https://bench.example",
});

/** Opens a top-up through the product's own operation and returns its id. */
export async function openTopUp(ports: PaymentPorts, owner: string, amountMinor: number): Promise<string> {
  const { topUpId } = await createCheckoutSession(ports, { owner, idempotencyKey: randomUUID(), currency: "USD", amountMinor });
  return topUpId;
}

/** A paid top-up whose event has not been sent yet. */
export interface PaidTopUp {
  readonly topUpId: string;
  readonly owner: string;
  readonly amountMinor: number;
  /** The body of Stripe's event. */
  readonly event: string;
}

/** A table that takes every write and remembers the items: what the product would have stored. */
function recordingTable(items: Map<string, Item>): Table {
  const nameOf = ({ pk, sk }: { readonly pk: string; readonly sk: string }) => JSON.stringify([pk, sk]);
  const refuse = () => Promise.reject(new Error("opening a top-up neither queries nor transacts"));
  return {
    get: async (key) => items.get(nameOf(key)),
    async write(write) {
      if ("put" in write) items.set(nameOf(write.put), write.put);
      else if ("update" in write) items.set(nameOf(write.update), { ...items.get(nameOf(write.update)), ...write.set });
      return { outcome: "committed" };
    },
    getMany: refuse,
    query: refuse,
    transact: refuse,
  };
}

const BATCH = 25;

/** Opens and pays one top-up per owner listed, by the product's own operation, and writes what it stored in batches. */
export async function seedPaidTopUps(
  { client }: Connection,
  tableName: string,
  stage: string,
  owners: readonly string[],
  amountMinor: number,
): Promise<readonly PaidTopUp[]> {
  const items = new Map<string, Item>();
  const stub = createStubProvider();
  const ports = portsOver(recordingTable(items), stub, stage);
  const paid: PaidTopUp[] = [];
  for (const owner of owners) {
    const topUpId = await openTopUp(ports, owner, amountMinor);
    paid.push({ topUpId, owner, amountMinor, event: stub.pay(topUpId) });
  }
  const all = [...items.values()];
  const batches = Array.from({ length: Math.ceil(all.length / BATCH) }, (_, n) => all.slice(n * BATCH, (n + 1) * BATCH));
  const next = batches.values();
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (const batch of next)
        await client.send(new BatchWriteCommand({ RequestItems: { [tableName]: batch.map((Item) => ({ PutRequest: { Item } })) } }));
    }),
  );
  return paid;
}
