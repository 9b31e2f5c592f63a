import { randomUUID } from "node:crypto";
import { adjust, authorize, balancesAt, capture, chargeUsage, debit, freeze, listEntries, readBalances, release } from "@aira/core/ledger";
import { consumeEvents, createCheckoutSession, readTopUp } from "@aira/core/payments";
import { openTopUp } from "../top-ups.ts";
import { asRequest, type OperationRow, type Stage } from "./operation.ts";

const money = { currency: "USD", amountMinor: 100 } as const;
const why = { description: "Bench", actor: "bench" } as const;
const message = (body: string) => ({ id: randomUUID(), body });

async function paidEvents({ ports, stub }: Stage, owner: string, count: number) {
  const messages = [];
  for (let n = 0; n < count; n++) messages.push(message(stub.pay(await openTopUp(ports, owner, money.amountMinor))));
  return messages;
}

const checkout = (owner: string, key: string) => ({ owner, idempotencyKey: key, currency: "USD", amountMinor: 2500 }) as const;

function checkoutRequest(stage: Stage, owner: string, key: string) {
  return asRequest(stage, { owner, route: "POST /api/payment/create-checkout-session", input: money }, async () => ({
    status: 201,
    body: JSON.stringify(await createCheckoutSession(stage.ports, checkout(owner, key))),
  }));
}

async function openHold({ ports, owner }: Stage) {
  const hold = { owner, holdId: randomUUID(), ...money, ...why };
  await authorize(ports, hold);
  return hold;
}

/** What happens to a wallet, and what fills it. */
export const moneyOperations: readonly OperationRow[] = [
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
