import { keys } from "@aira/core/table";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from "aws-lambda";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ledgerPorts } from "../edge/services.ts";
import { answered, contextWith, outputOf, requestOf } from "../fixtures/invocation.ts";
import { type Running, startTable } from "../fixtures/services.ts";
import { handler as reconciliations } from "./operator-reconciliations.ts";
import { handler as totals } from "./operator-totals.ts";

let table: Running;
beforeAll(async () => {
  table = await startTable();
});
afterAll(() => table?.stop());

type Handler = (event: APIGatewayProxyEventV2, context: Context) => Promise<APIGatewayProxyStructuredResultV2>;

async function days<Day>(handler: Handler, from: string, to: string): Promise<Day[]> {
  const request = requestOf({ query: `from=${from}&to=${to}`, claims: { sub: "op-1", "cognito:groups": "[operators]" } });
  const { result } = await outputOf(async () => answered(await handler(request, contextWith())));
  expect(result.status).toBe(200);
  return (result.body as { days: Day[] }).days;
}

test("totals are answered by day, oldest first, both ends included", async () => {
  const counted = {
    byKind: { USD: { credit: { entries: 2, amountMinor: 1_500, heldMinor: 0 } } },
    entries: 2,
    activeWallets: 2,
    wallets: 3,
    closing: { USD: { availableMinor: 1_500, heldMinor: 0 } },
    carries: true,
  };
  for (const day of ["2025-12-30", "2025-12-31", "2026-01-01", "2026-01-02"])
    await ledgerPorts().table.write({ put: { ...keys.totals(day), ...counted } });
  expect(await days(totals, "2025-12-31", "2026-01-01")).toEqual([
    { day: "2025-12-31", ...counted },
    { day: "2026-01-01", ...counted },
  ]);
  expect(await days(totals, "2024-01-01", "2024-12-31")).toEqual([]);
});

const difference = (n: number) => ({
  topUpId: `top_${n}`,
  reason: "in_quarantine",
  currency: "USD",
  atStripeMinor: 500,
  inLedgerMinor: 0,
  paymentIntentIds: [`pi_${n}`],
  quarantineIds: [],
  failedTries: 0,
});

interface Reconciled {
  readonly day: string;
  readonly differenceCount: number;
  readonly differences: readonly unknown[];
}

test("a span of days that all differ lists the first 500 differences and counts the rest; a day alone lists its own", async () => {
  const differences = Array.from({ length: 300 }, (_, n) => difference(n));
  const report = { at: "2026-03-04T00:00:00.000Z", currencies: {}, transactions: 300, foreign: 0, topUps: 300, differenceCount: 300 };
  for (const day of ["2026-03-01", "2026-03-02", "2026-03-03"])
    await ledgerPorts().table.write({ put: { ...keys.reconciliation(day), ...report, differences } });
  const span = await days<Reconciled>(reconciliations, "2026-03-01", "2026-03-03");
  expect(span.map((day) => [day.day, day.differenceCount, day.differences.length])).toEqual([
    ["2026-03-01", 300, 300],
    ["2026-03-02", 300, 200],
    ["2026-03-03", 300, 0],
  ]);
  expect(await days(reconciliations, "2026-03-03", "2026-03-03")).toEqual([{ day: "2026-03-03", ...report, differences }]);
});
