import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readReconciliations, readTotals } from "@aira/core/audit";
import { listConversations } from "@aira/core/conversations";
import { listEntries, readBalances, verifyWallet } from "@aira/core/ledger";
import { listNumbers } from "@aira/core/numbers";
import { listQuarantined } from "@aira/core/payments";
import { createTable, type Table } from "@aira/core/table";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { emulatorCredentials, REGION } from "./account.ts";
import { TABLE_NAME } from "./environment.ts";
import { seedDataFolder } from "./seed.ts";
import { load } from "./stripe/persistence.ts";
import { startTable } from "./table.ts";
import { load as loadTwilio } from "./twilio/persistence.ts";

const DAY_MS = 86_400_000;
const now = Date.UTC(2026, 10, 22, 15);

let root: string;
let dataDir: string;
let stop: () => Promise<void>;
let table: Table;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "aira-seed-"));
  dataDir = join(root, "data");
  expect(await seedDataFolder(dataDir, {}, now)).toBe(true);
  const started = await startTable({ port: 0, tableName: TABLE_NAME, dataDir });
  const client = new DynamoDBClient({ endpoint: started.endpoint, region: REGION, credentials: emulatorCredentials });
  table = createTable(DynamoDBDocumentClient.from(client), TABLE_NAME);
  stop = async () => {
    client.destroy();
    await started.stop();
  };
});
afterAll(async () => {
  await stop?.();
  await rm(root, { recursive: true });
});

test("the demo customer has a statement of months, money in both currencies, and some of it held", async () => {
  const { balances, seq, frozen } = await readBalances({ table }, "demo");
  expect(frozen).toBe(false);
  expect(seq).toBeGreaterThan(100);
  for (const { availableMinor } of balances) expect(availableMinor).toBeGreaterThan(0);
  expect(balances.some(({ heldMinor }) => heldMinor > 0)).toBe(true);
  const { entries } = await listEntries({ table }, "demo", { limit: 100 });
  const oldest = await listEntries({ table }, "demo", { limit: 1, to: new Date(now - 150 * DAY_MS).toISOString() });
  expect(oldest.entries).toHaveLength(1);
  expect(Date.parse(entries[0]?.at ?? "")).toBeLessThan(now);
});

test.each(["demo", "asha", "ravi"])("%s's ledger verifies, entry by entry", async (owner) => {
  expect((await verifyWallet({ table }, owner)).violations).toEqual([]);
});

test("one finding waits for an operator, one wallet is frozen, and yesterday has been counted and reconciled", async () => {
  expect(await Array.fromAsync(listQuarantined({ table }))).toHaveLength(1);
  expect((await readBalances({ table }, "ravi")).frozen).toBe(true);
  const yesterday = new Date(now - DAY_MS).toISOString().slice(0, 10);
  expect((await readTotals({ table }, yesterday, yesterday)).map(({ carries }) => carries)).toEqual([true]);
  expect(await readReconciliations({ table }, yesterday, yesterday)).toHaveLength(1);
});

test("Stripe's sandbox knows of every payment that the ledger holds", async () => {
  const { entries } = await listEntries({ table }, "demo", { kind: "credit", limit: 50 });
  const sessions = load(join(dataDir, "stripe/stripe.json"))?.state.objects.sessions ?? [];
  for (const { reference } of entries)
    expect(sessions.find(({ client_reference_id: id }) => id === reference.id)?.payment_status, reference.id).toBe("paid");
});

test("the demo customer has two numbers that Twilio's sandbox knows, paid month by month, and conversations of each kind", async () => {
  const { numbers } = await listNumbers({ table }, { owner: "demo", limit: 10 });
  const owned = loadTwilio(join(dataDir, "twilio/twilio.json"))?.objects.numbers.map(({ phone_number: number }) => number);
  expect(numbers.map(({ phoneNumber }) => phoneNumber).sort()).toEqual(owned?.toSorted());
  expect(numbers.map(({ state, periods }) => [state, periods])).toEqual([
    ["active", 3],
    ["active", 6],
  ]);
  const { conversations } = await listConversations({ table }, { owner: "demo", limit: 100 });
  expect(new Set(conversations.map(({ kind }) => kind))).toEqual(new Set(["call", "sms", "chat"]));
  expect(conversations.some(({ voicemail }) => voicemail?.transcript)).toBe(true);
  expect(conversations.every(({ updatedAt }) => Date.parse(updatedAt) < now)).toBe(true);
});

test("a folder that has a table, or whose table, Stripe or Twilio is the developer's own, is left alone", async () => {
  expect(await seedDataFolder(dataDir, {}, now)).toBe(false);
  const own = join(root, "own");
  expect(await seedDataFolder(own, { AWS_ENDPOINT_URL_DYNAMODB: "http://127.0.0.1:9" }, now)).toBe(false);
  expect(await seedDataFolder(own, { STRIPE_SECRET_KEY: "sk_test_1", STRIPE_WEBHOOK_SECRETS: "whsec_1" }, now)).toBe(false);
  expect(await seedDataFolder(own, { TWILIO_ACCOUNT_SID: `AC${"0".repeat(32)}`, TWILIO_AUTH_TOKENS: "t" }, now)).toBe(false);
  const begun = join(root, "begun");
  await mkdir(join(begun, "stripe"), { recursive: true });
  await writeFile(join(begun, "mine.txt"), "mine");
  expect(await seedDataFolder(begun, {}, now)).toBe(false);
  expect((await readdir(root)).sort()).toEqual(["begun", "data"]);
});
