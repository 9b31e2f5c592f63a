import { deriveId, iso } from "@aira/core/lib";
import { keys, lists } from "@aira/core/table";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ledgerPorts } from "../edge/services.ts";
import { answered, contextWith, outputOf, requestOf } from "../fixtures/invocation.ts";
import { type Running, startTable } from "../fixtures/services.ts";
import { handler } from "./operator-quarantine.ts";

let table: Running;
beforeAll(async () => {
  table = await startTable();
});
afterAll(() => table?.stop());

const NOON = Date.parse("2026-03-01T12:00:00Z");
const idOf = (n: number) => deriveId("quarantine", String(n));

async function put(n: number, state: "open" | "closed" = "open"): Promise<void> {
  const [quarantineId, at] = [idOf(n), iso(NOON + n)];
  const place = state === "open" ? { gsi2pk: lists.quarantine, gsi2sk: `${at}#${quarantineId}` } : {};
  const finding = { reason: "amount", topUpId: `top_${n}`, sessionId: `cs_${n}`, expected: "500 USD", found: "900 USD", state, at };
  await ledgerPorts().table.write({ put: { ...keys.quarantine(quarantineId), ...finding, ...place } });
}

interface Page {
  readonly findings: readonly { readonly quarantineId: string }[];
  readonly nextCursor: string | null;
}

async function page(query = ""): Promise<Page> {
  const request = requestOf({ query, claims: { sub: "op-1", "cognito:groups": "[operators]" } });
  const { result } = await outputOf(async () => answered(await handler(request, contextWith())));
  expect(result.status).toBe(200);
  return result.body as Page;
}

test("the open findings are listed oldest first, in pages, with what was expected and what was found", async () => {
  for (const n of [3, 1, 5, 2, 4]) await put(n);
  await put(6, "closed");
  const first = await page("limit=2");
  expect(first.findings[0]).toEqual({
    quarantineId: idOf(1),
    reason: "amount",
    topUpId: "top_1",
    sessionId: "cs_1",
    expected: "500 USD",
    found: "900 USD",
    at: iso(NOON + 1),
  });
  const seen = [...first.findings];
  for (let cursor = first.nextCursor; cursor !== null; ) {
    const next = await page(`limit=2&cursor=${cursor}`);
    seen.push(...next.findings);
    cursor = next.nextCursor;
  }
  expect(seen.map(({ quarantineId }) => quarantineId)).toEqual([1, 2, 3, 4, 5].map(idOf));
  expect((await page("limit=5")).nextCursor).toBeNull();
});

test("a cursor holds when its finding is closed meanwhile", async () => {
  const { nextCursor } = await page("limit=2");
  await put(2, "closed");
  expect((await page(`cursor=${nextCursor}`)).findings.map(({ quarantineId }) => quarantineId)).toEqual([3, 4, 5].map(idOf));
});
