import { type Operation, operatorOperations, type Problem } from "@aira/contract";
import { type Client, createClient } from "@aira/contract/client";
import { debit } from "@aira/core/ledger";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { consumers } from "../../../../stacks/consumers.ts";
import { type Runtime, startRuntime } from "../../../local/src/runtime.ts";
import { ledgerPorts } from "../edge/services.ts";
import { outputOf } from "../fixtures/invocation.ts";

vi.setConfig({ testTimeout: 90_000 });

let app: Runtime;
let operator: Client;
let customer: Client;
beforeAll(async () => {
  // A message that fails is dead within two seconds.
  const payments = { ...consumers.payments!, maxReceives: 2, visibilitySeconds: 1 };
  app = await startRuntime({ tables: { consumers: { ...consumers, payments } }, environment: { LOG_LEVEL: "ERROR" }, log: () => {} });
  const clientOf = (sub: string, groups: readonly string[] = []) =>
    createClient({ baseUrl: app.url, token: async () => (await app.identity?.mint({ sub, groups })) ?? "" });
  operator = clientOf("op-1", ["operators"]);
  customer = clientOf("demo");
});
afterAll(() => app?.stop());

let keys = 0;
const key = () => ({ idempotencyKey: `journey-${++keys}` });
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => "no refusal",
    (error) => error.problem?.code ?? error.code,
  );
const eventually = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 20_000, interval: 50 });
const available = async () => (await operator.getWallet({ params: { owner: "demo" } })).balances[0]?.availableMinor;

async function topUp(amountMinor: number, pay: (sessionId: string) => unknown): Promise<string> {
  const { url } = await customer.createCheckoutSession({ body: { currency: "USD", amountMinor } }, key());
  const sessionId = new URL(url).pathname.split("/").at(-1) ?? "";
  pay(sessionId);
  return sessionId;
}

test("an operator's routes are closed to who has no token, and to customers", async () => {
  const token = await app.identity?.mint({ sub: "demo" });
  for (const { method, path } of Object.values<Operation>(operatorOperations)) {
    const url = `${app.url}${path.replace(/\{\w+\}/, "demo")}`;
    expect((await fetch(url, { method })).status, path).toBe(401);
    const answer = await fetch(url, { method, headers: { authorization: `Bearer ${token}` } });
    expect([answer.status, ((await answer.json()) as Problem).code], path).toEqual([403, "auth.forbidden"]);
  }
});

test("an operator corrects a balance, and stops and allows spending", async () => {
  await topUp(1_000, (sessionId) => app.stripe?.state.pay(sessionId, "card"));
  await eventually(async () => expect(await available()).toBe(1_000));
  const body = { owner: "demo", currency: "USD", amountMinor: -250, reason: "Charged twice by hand" } as const;
  const adjusted = await operator.adjustWallet({ body }, key());
  expect(await available()).toBe(750);
  const shown = { transactionId: adjusted.transactionId, kind: "adjustment", description: "Charged twice by hand", amountMinor: -250 };
  expect((await customer.listTransactions()).transactions[0]).toMatchObject({ ...shown, actor: "operator" });
  expect((await operator.listWalletTransactions({ params: { owner: "demo" } })).transactions[0]).toMatchObject({
    ...shown,
    actor: "operator:op-1",
  });
  expect((await customer.listTransactionsCsv()).csv).toContain(
    ",adjustment,Charged twice by hand,USD,-2.50,0.00,7.50,0.00,adjustment,adj_",
  );

  const spend = (id: string) =>
    debit(ledgerPorts(), { owner: "demo", id, currency: "USD", amountMinor: 50, description: "Number", actor: "demo" });
  const params = { owner: "demo" };
  await operator.freezeWallet({ params, body: { reason: "Stolen card" } }, key());
  expect(await codeOf(spend("c-1"))).toBe("wallet.frozen");
  expect((await customer.getBalance()).frozen).toBe(true);
  await operator.unfreezeWallet({ params, body: { reason: "Card was found" } }, key());
  await spend("c-2");
  expect(await available()).toBe(700);
});

test("a payment that contradicts its top-up waits for an operator, and closes once it was refunded", async () => {
  const sessionId = await topUp(2_000, (id) => app.stripe?.state.tamper.payAltered(id, { amountMinor: 900 }));
  await eventually(async () => expect((await operator.listQuarantine()).findings).toHaveLength(1));
  const [finding] = (await operator.listQuarantine()).findings;
  expect(finding).toMatchObject({
    reason: "amount",
    sessionId,
    expected: expect.stringContaining("2000 USD"),
    found: expect.stringContaining("900 USD"),
  });
  const params = { quarantineId: finding!.quarantineId };

  const again = { outcome: "quarantined", quarantineId: params.quarantineId, reason: "amount" };
  expect(await operator.replayQuarantine({ params })).toEqual({ ...params, closed: false, settlements: [again] });
  const refund = app.stripe!.state.refund({ session: sessionId }, { status: "pending" });
  expect(await operator.replayQuarantine({ params })).toEqual({
    ...params,
    closed: true,
    settlements: [{ outcome: "ignored", why: "irrelevant" }],
  });
  expect((await operator.listQuarantine()).findings).toEqual([]);
  expect(await available()).toBe(700);

  // The refund fails, so the money is nobody's once more.
  app.stripe!.state.failRefund(refund.id);
  await eventually(async () => expect((await operator.listQuarantine()).findings).toMatchObject([params]));
});

test("what the consumer could not do is seen among the dead letters, and is done after a redrive", async () => {
  const sessionId = await topUp(300, (id) => app.stripe?.state.pay(id, "card"));
  await eventually(async () => expect(await available()).toBe(1_000));
  const countsAre = (dead: number) =>
    eventually(async () => {
      const [payments] = (await operator.listQueues()).queues;
      expect(payments).toEqual({ queue: "payments", waiting: 0, inFlight: 0, dead });
    });
  const params = { queue: "payments" };

  const { output } = await outputOf(async () => {
    const sqs = new SQSClient({ region: "us-east-1" });
    await sqs.send(new SendMessageCommand({ QueueUrl: app.queueUrls.payments, MessageBody: "poison canary@example.com" }));
    sqs.destroy();
    app.stripe!.switches.set({ failNext: [{ path: "/v1/payment_intents/*", status: 503, times: 1_000 }] });
    app.stripe!.state.refund({ session: sessionId });
    // The poison, and the two events of a refund.
    await countsAre(3);
    const { deadLetters } = await operator.listDeadLetters({ params });
    expect(new Set(deadLetters.map(({ eventType }) => eventType))).toEqual(new Set(["charge.refunded", "refund.created", null]));
    for (const { eventId, eventType } of deadLetters) if (eventType) expect(eventId).toMatch(/^evt_/);
    expect(JSON.stringify(deadLetters)).not.toContain("canary");
    expect((await operator.listDeadLetters({ params })).deadLetters, "a look takes nothing away").toHaveLength(3);

    app.stripe!.switches.set({});
    expect(await operator.redriveQueue({ params })).toEqual({ moved: 3, complete: true });
    await eventually(async () => expect(await available()).toBe(700));
    // No redrive heals a message that is none.
    await countsAre(1);
  });
  expect(output).toContain('"outcome":"failed"');
  expect(output).not.toContain("canary");
});

test("an operator starts each look at the whole, follows it to its end, and reads what it found", async () => {
  const orphan = app.twilio!.state.plantNumber({ settings: { FriendlyName: "aira:local:pur_lost" } });
  const finished = async (kind: "ledger_verification" | "payment_reconciliation" | "number_reconciliation") => {
    const run = await operator.startRun({ body: { kind } }, key());
    expect(run).toMatchObject({ kind, requestedBy: "operator:op-1", full: false });
    await eventually(async () => {
      const { runs } = await operator.listRuns({ query: { kind, limit: 1 } });
      expect(runs).toMatchObject([{ runId: run.runId, state: "finished", complete: true, attempts: 1, error: null }]);
    });
    return (await operator.listRuns({ query: { kind, limit: 1 } })).runs[0]!;
  };
  expect(await finished("ledger_verification")).toMatchObject({ counts: { wallets: 1, violations: 0 }, findings: [] });
  expect(await finished("payment_reconciliation")).toMatchObject({ counts: { days: 30, reconciled: 30, differences: 0 }, findings: [] });
  expect(await finished("number_reconciliation")).toMatchObject({
    counts: { provided: 1, held: 0, orphaned: 1 },
    findings: [{ type: "number_difference", kind: "orphan", phoneNumber: orphan.phone_number, sid: orphan.sid }],
  });
  const { runs } = await operator.listRuns({ query: { limit: 3 } });
  expect(runs.map(({ kind }) => kind)).toEqual(["number_reconciliation", "payment_reconciliation", "ledger_verification"]);
  expect(app.twilio!.state.store.numbers.has(orphan.sid), "it is looked at, and given back by nobody").toBe(true);
  expect((await operator.listQueues()).queues.at(-1)).toEqual({ queue: "reports", waiting: 0, inFlight: 0, dead: 0 });
});

test("the totals and reconciliations of no day yet are none", async () => {
  const query = { from: "2026-01-01", to: "2026-01-31" };
  expect([await operator.listTotals({ query }), await operator.listReconciliations({ query })]).toEqual([{ days: [] }, { days: [] }]);
});
