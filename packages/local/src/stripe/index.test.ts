import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startStripeSandbox } from "./index.ts";
import { sdkAt, sessionParameters, startWebhook } from "./testing/webhook.ts";

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "stripe-sandbox-"));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

const NOWHERE = { port: 0, webhookUrl: "http://127.0.0.1:9/", webhookSecret: "whsec_test" };

test("a restart goes on where the last run ended: objects, keys, ids and undelivered events", async () => {
  const first = await startStripeSandbox({ ...NOWHERE, dataDir, retryDelaysMs: [60_000] });
  const before = sdkAt(first.url, first.secretKey);
  const session = await before.checkout.sessions.create(sessionParameters(), { idempotencyKey: "key-1" });
  first.state.pay(session.id, "card");
  first.switches.set({ hold: true });
  await before.customers.create({ name: "Asha" });
  await first.stop();
  expect(readdirSync(dataDir)).toEqual(["stripe.json"]);

  await using webhook = await startWebhook();
  const second = await startStripeSandbox({ ...NOWHERE, dataDir, webhookUrl: webhook.url });
  try {
    const after = sdkAt(second.url, second.secretKey);
    expect(await after.checkout.sessions.retrieve(session.id)).toMatchObject({ payment_status: "paid" });
    const replayed = await after.checkout.sessions.create(sessionParameters(), { idempotencyKey: "key-1" });
    expect(replayed.id).toBe(session.id);
    await second.delivery.idle();
    expect(webhook.types()).toEqual([
      "payment_intent.created",
      "charge.succeeded",
      "payment_intent.succeeded",
      "checkout.session.completed",
    ]);
    expect(second.delivery.release()).toBe(1);
    await second.delivery.idle();
    expect(webhook.types().at(-1)).toBe("customer.created");
    expect((await after.checkout.sessions.create(sessionParameters())).id).not.toBe(session.id);
  } finally {
    await second.stop();
  }
});

test("changes reach the disk soon, without a stop", async () => {
  const sandbox = await startStripeSandbox({ ...NOWHERE, dataDir });
  try {
    await sdkAt(sandbox.url, sandbox.secretKey).checkout.sessions.create(sessionParameters());
    await expect.poll(() => readdirSync(dataDir)).toEqual(["stripe.json"]);
    expect(JSON.parse(readFileSync(join(dataDir, "stripe.json"), "utf8")).state.objects.sessions).toHaveLength(1);
  } finally {
    await sandbox.stop();
  }
});

test("a file that is not the sandbox's is refused by its name", async () => {
  writeFileSync(join(dataDir, "stripe.json"), "{");
  await expect(startStripeSandbox({ ...NOWHERE, dataDir })).rejects.toThrow(/stripe\.json is not readable/);
  writeFileSync(join(dataDir, "stripe.json"), '{"state":{"version":9}}');
  await expect(startStripeSandbox({ ...NOWHERE, dataDir })).rejects.toThrow(/another version/);
});

test("a busy port rejects with EADDRINUSE, and a stopped sandbox leaves its port free", async () => {
  const first = await startStripeSandbox(NOWHERE);
  await expect(startStripeSandbox({ ...NOWHERE, port: first.port })).rejects.toMatchObject({ code: "EADDRINUSE" });
  await first.stop();
  const second = await startStripeSandbox({ ...NOWHERE, port: first.port });
  await second.stop();
});

test("a session expires by the clock without anybody asking", async () => {
  await using webhook = await startWebhook();
  let nowMs = Date.now();
  const sandbox = await startStripeSandbox({ ...NOWHERE, webhookUrl: webhook.url, clock: () => nowMs });
  try {
    await sdkAt(sandbox.url, sandbox.secretKey).checkout.sessions.create(sessionParameters());
    nowMs += 24 * 3600_000;
    await expect.poll(() => webhook.types(), { timeout: 5000 }).toEqual(["checkout.session.expired"]);
  } finally {
    await sandbox.stop();
  }
});
