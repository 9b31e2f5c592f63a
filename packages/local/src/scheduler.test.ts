import { afterEach, expect, test } from "vitest";
import type { Handler } from "./invocation.ts";
import { rateMs, type Scheduler, startScheduler } from "./scheduler.ts";
import type { Schedule } from "./tables.ts";

const START = Date.UTC(2026, 0, 1);
const MINUTE_MS = 60_000;
let now = START;
let scheduler: Scheduler;
afterEach(() => scheduler.stop());

function schedule(handler: Handler, every: Schedule["every"] = "rate(5 minutes)", log: (line: string) => void = () => {}): Scheduler {
  now = START;
  scheduler = startScheduler({
    schedules: { sweep: { every, fn: { name: "sweep", handler, timeoutSeconds: 5, memoryMb: 128 } } },
    clock: () => now,
    log,
  });
  return scheduler;
}

test("a schedule runs once per period, the first time after one", async () => {
  const at: number[] = [];
  const { runDue } = schedule(() => void at.push((now - START) / MINUTE_MS));
  for (now = START; now <= START + 15 * MINUTE_MS; now += MINUTE_MS) await runDue();
  expect(at).toEqual([5, 10, 15]);
});

test("periods that were slept through are not made up for", async () => {
  let runs = 0;
  const { runDue } = schedule(() => void runs++);
  now = START + 61 * MINUTE_MS;
  await runDue();
  await runDue();
  expect(runs).toBe(1);
  now = START + 65 * MINUTE_MS;
  await runDue();
  expect(runs).toBe(2);
});

test("a run that takes longer than its period is not joined by a second one", async () => {
  const release = Promise.withResolvers<void>();
  let runs = 0;
  const { runDue } = schedule(async () => {
    runs += 1;
    await release.promise;
  });
  now = START + 5 * MINUTE_MS;
  const first = runDue();
  now = START + 10 * MINUTE_MS;
  await runDue();
  release.resolve();
  await first;
  expect(runs).toBe(1);
});

test("a failing run is logged and does not end the schedule", async () => {
  const lines: string[] = [];
  const { runDue } = schedule(
    () => Promise.reject(new Error("no luck")),
    "rate(1 minute)",
    (line) => lines.push(line),
  );
  for (const minutes of [1, 2]) {
    now = START + minutes * MINUTE_MS;
    await runDue();
  }
  expect(lines).toHaveLength(2);
  expect(lines[0]).toContain("no luck");
});

test("pushed by hand it runs at once with EventBridge's event, and answers", async () => {
  const event = await schedule((received) => received).push("sweep");
  expect(event).toEqual({
    version: "0",
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    "detail-type": "Scheduled Event",
    source: "aws.events",
    account: "000000000000",
    time: "2026-01-01T00:00:00Z",
    region: "us-east-1",
    resources: ["arn:aws:events:us-east-1:000000000000:rule/sweep"],
    detail: {},
  });
});

test("a push of an unknown schedule says which there are", async () => {
  await expect(schedule(() => {}).push("sweeep")).rejects.toThrow('there is no schedule "sweeep"; there are: sweep');
});

test.each([
  ["rate(1 minute)", MINUTE_MS],
  ["rate(5 minutes)", 5 * MINUTE_MS],
  ["rate(2 hours)", 120 * MINUTE_MS],
  ["rate(1 day)", 1_440 * MINUTE_MS],
] as const)("%s is %d ms", (every, ms) => {
  schedule(() => {});
  expect(rateMs(every)).toBe(ms);
});

test("a rate of nothing is refused", () => {
  schedule(() => {});
  expect(() => rateMs("rate(0 minutes)")).toThrow("is not an EventBridge rate");
});
