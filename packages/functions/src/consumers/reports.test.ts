import { adjust, queryEntries } from "@aira/core/ledger";
import { keys } from "@aira/core/table";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { consumers } from "../../../../stacks/consumers.ts";
import { ledgerPorts } from "../edge/services.ts";
import { batch } from "../fixtures/batch.ts";
import { answered, contextWith, outputOf, requestOf } from "../fixtures/invocation.ts";
import { startQueue } from "../fixtures/services.ts";
import { startPayments } from "../fixtures/stripe.ts";
import { tick } from "../fixtures/tick.ts";
import { handler as list } from "../http/operator-runs.ts";
import { handler as start } from "../http/operator-start-run.ts";
import { handler as verifyLedger } from "../schedules/verify-ledger.ts";
import { handler } from "./reports.ts";

let payments: Awaited<ReturnType<typeof startPayments>>;
let queue: Awaited<ReturnType<typeof startQueue>>;
beforeAll(async () => {
  payments = await startPayments();
  queue = await startQueue();
  vi.stubEnv("REPORTS_QUEUE_URL", queue.url);
});
beforeEach(() => {
  queue.down = false;
  queue.messages.length = 0;
});
afterAll(async () => {
  await queue?.stop();
  await payments?.stop();
});

const claims = { sub: "op-1", "cognito:groups": "[operators]" };
const LONG_MS = 900_000;
const WALLETS = 20;

interface Told {
  readonly runId: string;
  readonly state: string;
}

async function ask(body: object, key: string) {
  const headers = { "content-type": "application/json", "idempotency-key": key };
  const request = requestOf({ method: "POST", headers, body: JSON.stringify(body), claims });
  const { result } = await outputOf(async () => answered(await start(request, contextWith())));
  return result;
}
async function newest(kind: string): Promise<Told> {
  const { result } = await outputOf(async () => answered(await list(requestOf({ query: `kind=${kind}&limit=1`, claims }), contextWith())));
  return (result.body as { runs: Told[] }).runs[0]!;
}
/** Delivers everything that stands in the queue, once. */
const deliver = (remainingMs = LONG_MS, receiveCount = 1) =>
  outputOf(() => handler(batch(queue.messages.splice(0), Date.now(), receiveCount), contextWith(remainingMs)));
const lines = (output: string): Record<string, unknown>[] =>
  output
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line));
const metric = (output: string, name: string) => lines(output).find((line) => name in line)?.[name];

async function fund(count: number) {
  for (let n = 0; n < count; n++)
    await adjust(ledgerPorts(), {
      owner: `canary-owner-${n}`,
      adjustmentId: `adj_${n}`,
      currency: "USD",
      amountMinor: 500,
      reason: "canary-reason",
      actor: "canary-actor",
    });
}

test("a verification is started by its key once, looks at every wallet over as many invocations as it takes, and counts what the schedule counts", async () => {
  await fund(WALLETS);
  const started = await ask({ kind: "ledger_verification", full: true }, "key-1");
  expect(started).toMatchObject({ status: 202, body: { state: "queued", full: true, requestedBy: "operator:op-1", startedAt: null } });
  const repeated = await ask({ kind: "ledger_verification", full: true }, "key-1");
  expect(repeated.body).toEqual(started.body);
  expect(repeated.headers).toMatchObject({ "idempotency-replayed": "true" });
  expect(queue.messages).toHaveLength(1);

  // Just so much time that one step is made.
  const first = await deliver(30_000);
  expect(first.result).toEqual({ batchItemFailures: [] });
  expect(await newest("ledger_verification")).toMatchObject({ state: "running", counts: { wallets: 8 } });
  expect(queue.messages).toHaveLength(1);
  const second = await deliver();
  expect([first, second].map(({ output }) => metric(output, "LedgerViolations"))).toEqual([0, 0]);
  expect(lines(second.output).filter(({ message }) => message === "ledger anchor")).toHaveLength(WALLETS - 8);
  expect(await newest("ledger_verification")).toMatchObject({
    runId: (started.body as Told).runId,
    state: "finished",
    complete: true,
    attempts: 2,
    counts: { wallets: WALLETS, fullWallets: WALLETS, entries: WALLETS, violations: 0 },
    findings: [],
  });
  expect(queue.messages).toEqual([]);
  expect(first.output + second.output).not.toContain("canary");
});

test("a violation is named to the operator, and to the log by nobody's name", async () => {
  const { table } = ledgerPorts();
  const [entry] = (await queryEntries(table, "canary-owner-3", { limit: 1 })).entries;
  await table.write({ update: keys.entry("canary-owner-3", entry!.at, entry!.seq), set: { amountMinor: 501 } });
  await ask({ kind: "ledger_verification", full: true }, "key-2");
  const { output } = await deliver();
  expect(metric(output, "LedgerViolations")).toBe(2);
  expect(output).toContain("ledger violation");
  expect(output).not.toContain("canary");
  const broken = "the hash matches the entry's fields";
  expect(await newest("ledger_verification")).toMatchObject({
    counts: { violations: 2 },
    findingCount: 2,
    findings: [{ type: "violation", owner: "canary-owner-3", seq: 1, broken }, { seq: 1 }],
  });
  // The schedule's run finds them again, and stands in the same list.
  await outputOf(() => verifyLedger(tick, contextWith(300_000)));
  expect(await newest("ledger_verification")).toMatchObject({ requestedBy: "schedule", state: "finished", findingCount: 2 });
});

test("a queue that is down is said so, and the same key sends the same run later", async () => {
  queue.down = true;
  const refused = await ask({ kind: "payment_reconciliation" }, "key-3");
  expect(refused).toMatchObject({ status: 503, body: { code: "service.busy" }, headers: { "retry-after": "1" } });
  const waiting = await newest("payment_reconciliation");
  expect(waiting.state).toBe("queued");
  queue.down = false;
  expect(await ask({ kind: "payment_reconciliation" }, "key-3")).toMatchObject({ status: 202, body: { runId: waiting.runId } });
  expect(queue.messages).toHaveLength(1);
});

test("a reconciliation that cannot reach Stripe goes back to the queue and says why; after the last try it has failed, until its dead letter is brought back", async () => {
  const { runId } = await newest("payment_reconciliation");
  const message = JSON.stringify({ type: "run.requested", kind: "payment_reconciliation", runId });
  payments.stripe.down = true;
  for (const [receiveCount, state] of [
    [1, "queued"],
    [consumers.reports!.maxReceives, "failed"],
  ] as const) {
    queue.messages.push(message);
    const { result, output } = await deliver(LONG_MS, receiveCount);
    expect(result.batchItemFailures).toHaveLength(1);
    expect(output).not.toContain("canary");
    expect(await newest("payment_reconciliation")).toMatchObject({ runId, state, error: expect.stringMatching(/^payment_provider\./) });
  }
  payments.stripe.down = false;
  queue.messages.push(message);
  const { result, output } = await deliver();
  expect(result).toEqual({ batchItemFailures: [] });
  expect(metric(output, "ReconciliationDifferences")).toBe(0);
  expect(await newest("payment_reconciliation")).toMatchObject({
    runId,
    state: "finished",
    error: null,
    counts: { days: 30, reconciled: 30, differences: 0 },
  });
});

test("what asks for no run goes back alone, and is not repeated in the log", async () => {
  const { runId } = await newest("payment_reconciliation");
  queue.messages.push("canary, no JSON", JSON.stringify({ type: "run.requested", kind: "canary", runId }));
  queue.messages.push(JSON.stringify({ type: "run.requested", kind: "payment_reconciliation", runId }));
  const { result, output } = await deliver();
  expect(result.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual(["message-0", "message-1"]);
  expect(output).not.toContain("canary");
});

test.each([
  ["a kind that there is not", { kind: "everything" }, "body.kind"],
  ["no kind", {}, "body.kind"],
  ["a full reconciliation", { kind: "payment_reconciliation", full: true }, "body.full"],
  ["a field more", { kind: "ledger_verification", owner: "x" }, "body"],
])("%s is refused, and nothing is queued", async (_, body, field) => {
  const { status, body: problem } = await ask(body, "key-x");
  expect(status).toBe(400);
  expect((problem as { errors: { field: string }[] }).errors[0]?.field).toContain(field);
  expect(queue.messages).toEqual([]);
});
