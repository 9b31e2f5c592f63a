import { dayAfter, dayOf } from "@aira/core/audit";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { createLaptop, type Payment, type Running } from "./fixtures/laptop.ts";
import { reconcileTool } from "./reconcile.ts";

let laptop: Awaited<ReturnType<typeof createLaptop>>;
let running: Running;
let lost: Payment;
beforeAll(async () => {
  laptop = await createLaptop();
  running = await laptop.start();
  await running.pay({ amountMinor: 123_456 });
  lost = await running.pay({ lost: true });
});
afterEach(() => void vi.unstubAllEnvs());
afterAll(async () => {
  await running?.stop();
  laptop?.forget();
});

const today = dayOf(Date.now());

test("differences are named with their reason and ids, beside the sums of each day and currency, and the code is 1", async () => {
  const { code, printed, notes } = await laptop.run(reconcileTool);
  expect(code).toBe(1);
  expect(notes).toContain(`the sandbox of the running npm start (http://127.0.0.1:${laptop.environment.STRIPE_PORT})`);
  const lines = printed.split("\n");
  expect(lines[0]).toMatch(/^Day +Currency +Paid +Refunded +Disputed +Fees +Credited/);
  expect(lines.find((line) => line.includes("USD"))).toMatch(
    /USD +1,244\.56 +0\.00 +0\.00 +[\d.]+ +1,234\.56 +0\.00 +0\.00 +0\.00 +10\.00 +0\.00$/,
  );
  expect(printed).toContain(`${lost.topUpId} not_credited_yet: Stripe has the money, and the wallet was never credited.`);
  expect(printed).toContain(`at Stripe USD 10.00, in the ledger USD 0.00; ${lost.intent}`);
  expect(printed).toContain("1 difference.");
});

test("days without money agree; JSON holds the reports as they are stored", async () => {
  const span = ["--from", dayAfter(today, -3), "--to", dayAfter(today, -2)];
  expect(await laptop.run(reconcileTool, span)).toMatchObject({
    code: 0,
    printed: expect.stringMatching(/Stripe and the ledger agree\.$/),
  });
  const { printed } = await laptop.run(reconcileTool, [...span, "--json"]);
  expect(JSON.parse(printed)).toMatchObject({ complete: true, reports: [{ differenceCount: 0 }, { differenceCount: 0 }] });
});

test("an interrupted run prints the days that it has done", async () => {
  const { code, printed } = await laptop.run(reconcileTool, [], { interrupted: AbortSignal.abort() });
  expect(code).toBe(130);
  expect(printed).toMatch(/^Interrupted\./);
});

test("a wrong day, a stage that is not named and a key that is not there are told in a sentence", async () => {
  await expect(laptop.run(reconcileTool, ["--from", "2026-02-30"])).rejects.toThrow('"2026-02-30" is not a day (YYYY-MM-DD)');
  await expect(laptop.run(reconcileTool, ["--from", "2026-03-02", "--to", "2026-03-01"])).rejects.toThrow(
    "--from 2026-03-02 is behind --to",
  );

  vi.stubEnv("AWS_ENDPOINT_URL_DYNAMODB", `http://127.0.0.1:${laptop.environment.TABLE_PORT}`);
  vi.stubEnv("AWS_ENDPOINT_URL_SSM", "http://127.0.0.1:9");
  vi.stubEnv("AWS_ACCESS_KEY_ID", "local");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "local");
  vi.stubEnv("AWS_REGION", "us-east-1");
  vi.stubEnv("STRIPE_SECRET_KEY_PARAMETER", "/a/parameter");
  vi.stubEnv("STRIPE_SECRET_KEY", "");
  const onAws = ["--table", "aira-local", "--region", "us-east-1"];
  await expect(laptop.run(reconcileTool, onAws)).rejects.toThrow("--stage is not set");
  await expect(laptop.run(reconcileTool, [...onAws, "--stage", "prod"])).rejects.toThrow(
    /^Stripe's key can't be read \(.*\): set STRIPE_SECRET_KEY/,
  );
  vi.stubEnv("STRIPE_SECRET_KEY", running.stripe.secretKey);
  vi.stubEnv("STRIPE_API_BASE", running.stripe.url);
  expect(await laptop.run(reconcileTool, [...onAws, "--stage", "local"])).toMatchObject({
    code: 1,
    notes: "Table: aira-local in us-east-1\nStripe: Stripe",
  });
  // To another stage, every payment is somebody else's.
  expect((await laptop.run(reconcileTool, [...onAws, "--stage", "prod"])).printed).toContain("2 foreign transactions");
});

test("after npm start has ended, the data that it left is reconciled", async () => {
  await running.stop();
  const { code, notes } = await laptop.run(reconcileTool);
  running = await laptop.start();
  expect(code).toBe(1);
  expect(notes).toContain("the sandbox's data in");
});
