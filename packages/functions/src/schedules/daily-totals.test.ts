import { dayAfter, dayOf, readTotals } from "@aira/core/audit";
import { adjust } from "@aira/core/ledger";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ledgerPorts } from "../edge/services.ts";
import { contextWith, outputOf } from "../fixtures/invocation.ts";
import { type Running, startTable } from "../fixtures/services.ts";
import { tick } from "../fixtures/tick.ts";
import { handler } from "./daily-totals.ts";

let table: Running;
beforeAll(async () => {
  table = await startTable();
});
afterAll(() => table?.stop());

test("finished days are counted once, and a second run finds nothing to do", async () => {
  const ports = ledgerPorts();
  const threeDaysAgo = dayAfter(dayOf(Date.now()), -3);
  const then = { ...ports, clock: () => Date.parse(`${threeDaysAgo}T12:00:00Z`) };
  await adjust(then, { owner: "owner-1", adjustmentId: "adj_1", currency: "USD", amountMinor: 500, reason: "test", actor: "test" });
  const { result } = await outputOf(() => handler(tick, contextWith(300_000)));
  const days = await readTotals(ports, threeDaysAgo, dayOf(Date.now()));
  expect(result).toEqual({ days: days.length, notCarried: 0, wallets: 1, complete: true });
  expect(days[0]).toMatchObject({ day: threeDaysAgo, entries: 1, closing: { USD: { availableMinor: 500, heldMinor: 0 } } });
  const again = await outputOf(() => handler(tick, contextWith(300_000)));
  expect(again.result).toEqual({ days: 0, notCarried: 0, wallets: 0, complete: true });
});
