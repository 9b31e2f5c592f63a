import { expect, test } from "vitest";
import { contextWith, outputOf } from "../fixtures/invocation.ts";
import { tick } from "../fixtures/tick.ts";
import { schedule } from "./schedule.ts";

test("a run reports what it did", async () => {
  const { result, output } = await outputOf(() => schedule("sweep", async () => ({ settled: 3 }))(tick, contextWith()));
  expect(result).toEqual({ settled: 3 });
  expect(JSON.parse(output)).toMatchObject({ level: "INFO", schedule: "sweep", report: { settled: 3 } });
});

test("a run that fails is logged and fails, so that an alarm can see it", async () => {
  const handler = schedule("sweep", async () => {
    throw new TypeError("canary");
  });
  const { result, output } = await outputOf(() => handler(tick, contextWith()).catch((error: unknown) => error));
  expect(result).toBeInstanceOf(TypeError);
  expect(JSON.parse(output)).toMatchObject({ level: "ERROR", schedule: "sweep", error: { name: "TypeError" } });
  expect(output).not.toContain("canary");
});

test("a run is told to stop half a minute before Lambda ends it", async () => {
  let leftMs = 0;
  const handler = schedule("sweep", async ({ stopAt }) => {
    leftMs = stopAt - Date.now();
    return {};
  });
  await outputOf(() => handler(tick, contextWith(300_000)));
  expect(leftMs).toBeGreaterThan(265_000);
  expect(leftMs).toBeLessThanOrEqual(270_000);
});
