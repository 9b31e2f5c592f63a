import * as fc from "fast-check";
import { expect, test } from "vitest";
import { ticksOf } from "./scale.ts";

test.each([
  [0, 10_900, [0, 5_000, 10_000, 15_000]],
  [-300, 2_000, [-1_000, 0, 1_000, 2_000]],
  [0, 0, [0]],
])("from %d to %d", (low, high, ticks) => expect(ticksOf(low, high)).toEqual(ticks));

test("the axis holds every amount and zero, with few and even ticks", () => {
  fc.assert(
    fc.property(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: 0, max: 1e9 }), (low, more) => {
      const ticks = ticksOf(low, low + more);
      expect(ticks[0]).toBeLessThanOrEqual(Math.min(0, low));
      expect(ticks.at(-1)).toBeGreaterThanOrEqual(Math.max(0, low + more));
      expect(ticks).toContain(0);
      expect(ticks.length).toBeLessThanOrEqual(6);
    }),
  );
});
