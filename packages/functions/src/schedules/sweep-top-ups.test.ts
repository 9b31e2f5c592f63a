import { afterAll, beforeAll, expect, test } from "vitest";
import { contextWith, outputOf } from "../fixtures/invocation.ts";
import { startPayments } from "../fixtures/stripe.ts";
import { tick } from "../fixtures/tick.ts";
import { handler } from "./sweep-top-ups.ts";

let payments: Awaited<ReturnType<typeof startPayments>>;
beforeAll(async () => {
  payments = await startPayments();
});
afterAll(() => payments?.stop());

const metricsIn = (output: string): unknown => JSON.parse(output.split("\n").find((line) => line.includes("CloudWatchMetrics")) ?? "{}");

test("a sweep that can't reach Stripe fails aloud, without Stripe's words or key", async () => {
  payments.stripe.down = true;
  const { result, output } = await outputOf(() => handler(tick, contextWith(300_000)).catch((error: unknown) => error));
  payments.stripe.down = false;
  expect(result).toBeInstanceOf(Error);
  expect(output).toContain('"level":"ERROR"');
  expect(output).not.toContain("canary");
});

test("a sweep that finds nothing says so in its metrics too, so that an alarm can end", async () => {
  const { result, output } = await outputOf(() => handler(tick, contextWith(300_000)));
  expect(result).toMatchObject({ seen: 0, settled: 0, quarantineOpen: 0, complete: true });
  expect(metricsIn(output)).toMatchObject({ TopUpsUncredited: 0, SettlementsDeferred: 0, EventsQuarantined: 0, QuarantineOpen: 0 });
});
