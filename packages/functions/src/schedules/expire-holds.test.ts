import { adjust, authorize, readBalances } from "@aira/core/ledger";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ledgerPorts } from "../edge/services.ts";
import { contextWith, outputOf } from "../fixtures/invocation.ts";
import { type Running, startTable } from "../fixtures/services.ts";
import { tick } from "../fixtures/tick.ts";
import { handler } from "./expire-holds.ts";

let table: Running;
beforeAll(async () => {
  table = await startTable();
});
afterAll(() => table?.stop());

test("a hold whose time has passed is given back, once, and another one stays", async () => {
  const owner = "owner-1";
  const ports = ledgerPorts();
  const why = { description: "test", actor: "test" };
  await adjust(ports, { owner, adjustmentId: "adj_1", currency: "USD", amountMinor: 500, reason: "test", actor: "test" });
  await authorize(ports, { ...why, owner, holdId: "hld_1", currency: "USD", amountMinor: 200, expiresAtMs: Date.now() - 1 });
  await authorize(ports, { ...why, owner, holdId: "hld_2", currency: "USD", amountMinor: 100, expiresAtMs: Date.now() + 60_000 });

  const { result } = await outputOf(() => handler(tick, contextWith(300_000)));
  expect(result).toEqual({ expired: 1, left: 0 });
  const again = await outputOf(() => handler(tick, contextWith(300_000)));
  expect(again.result).toEqual({ expired: 0, left: 0 });
  expect((await readBalances(ports, owner)).balances[0]).toMatchObject({ availableMinor: 400, heldMinor: 100 });
});
