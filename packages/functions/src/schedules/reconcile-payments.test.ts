import { afterAll, beforeAll, expect, test } from "vitest";
import { contextWith, outputOf } from "../fixtures/invocation.ts";
import { startPayments } from "../fixtures/stripe.ts";
import { tick } from "../fixtures/tick.ts";
import { handler } from "./reconcile-payments.ts";

let payments: Awaited<ReturnType<typeof startPayments>>;
beforeAll(async () => {
  payments = await startPayments();
});
afterAll(() => payments?.stop());

const run = () => outputOf(() => handler(tick, contextWith(900_000)).catch((error: unknown) => error));

test("a run that can't reach Stripe fails aloud, without Stripe's words or key", async () => {
  payments.stripe.down = true;
  const { result, output } = await run();
  payments.stripe.down = false;
  expect(result).toBeInstanceOf(Error);
  expect(output).toContain('"level":"ERROR"');
  expect(output).not.toContain("canary");
});

test("days that agree count zero differences, and are not asked for again", async () => {
  const { result, output } = await run();
  expect(result).toEqual({ days: 30, differences: 0, complete: true });
  const metric = output.split("\n").find((line) => line.includes("CloudWatchMetrics"));
  expect(JSON.parse(metric ?? "{}")).toMatchObject({ ReconciliationDifferences: 0 });
  payments.stripe.calls.length = 0;
  expect((await run()).result).toEqual({ days: 30, differences: 0, complete: true });
  expect(payments.stripe.calls).toEqual([]);
});
