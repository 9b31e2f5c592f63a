import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { contextWith, outputOf } from "../fixtures/invocation.ts";
import { type Running, startTable } from "../fixtures/services.ts";
import { startStripe } from "../fixtures/stripe.ts";
import { tick } from "../fixtures/tick.ts";
import { handler } from "./reconcile-payments.ts";

let table: Running;
let stripe: Awaited<ReturnType<typeof startStripe>>;
beforeAll(async () => {
  table = await startTable();
  stripe = await startStripe();
  vi.stubEnv("STRIPE_SECRET_KEY", "sk_test_canary");
  vi.stubEnv("STRIPE_API_BASE", stripe.url);
  vi.stubEnv("STAGE", "test");
  vi.stubEnv("PUBLIC_URL", "https://aira.example");
});
afterAll(async () => {
  await stripe?.stop();
  await table?.stop();
});

const run = () => outputOf(() => handler(tick, contextWith(900_000)).catch((error: unknown) => error));

test("a run that can't reach Stripe fails aloud, without Stripe's words or key", async () => {
  stripe.down = true;
  const { result, output } = await run();
  stripe.down = false;
  expect(result).toBeInstanceOf(Error);
  expect(output).toContain('"level":"ERROR"');
  expect(output).not.toContain("canary");
});

test("days that agree count zero differences, and are not asked for again", async () => {
  const { result, output } = await run();
  expect(result).toEqual({ days: 30, differences: 0, complete: true });
  const metric = output.split("\n").find((line) => line.includes("CloudWatchMetrics"));
  expect(JSON.parse(metric ?? "{}")).toMatchObject({ ReconciliationDifferences: 0 });
  stripe.calls.length = 0;
  expect((await run()).result).toEqual({ days: 30, differences: 0, complete: true });
  expect(stripe.calls).toEqual([]);
});
