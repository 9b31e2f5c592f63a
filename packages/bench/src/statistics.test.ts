import fc from "fast-check";
import { expect, it } from "vitest";
import { median, percentile, summarise } from "./statistics.ts";

const samples = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 });

it("a percentile is the smallest measured value that its share of the sample does not exceed", () => {
  const sample = [5, 1, 4, 2, 3, 10, 9, 8, 7, 6];
  expect([0, 0.1, 0.5, 0.95, 0.99, 1].map((q) => percentile(sample, q))).toEqual([1, 1, 5, 10, 10, 10]);
  expect(percentile([7], 0.99)).toBe(7);
});

it("a percentile was measured, and at least its share of the sample is no larger", () => {
  fc.assert(
    fc.property(samples, fc.double({ min: 0, max: 1, noNaN: true }), (sample, q) => {
      const value = percentile(sample, q);
      expect(sample).toContain(value);
      expect(sample.filter((one) => one <= value).length).toBeGreaterThanOrEqual(q * sample.length);
    }),
  );
});

it("the median of an even sample lies between the two in the middle", () => {
  expect(median([1, 2, 3, 10])).toBe(2.5);
  expect(median([3, 1, 2])).toBe(2);
});

it("a summary is in order, and leaves the sample as it was", () => {
  fc.assert(
    fc.property(samples, (sample) => {
      const before = [...sample];
      const { count, min, p50, p95, p99, max } = summarise(sample);
      expect([min, p50, p95, p99, max]).toEqual([min, p50, p95, p99, max].toSorted((a, b) => a - b));
      expect(count).toBe(sample.length);
      expect(sample).toEqual(before);
    }),
  );
});

it("nothing measured has no statistics", () => {
  expect(() => percentile([], 0.5)).toThrow("an empty sample has no percentiles");
  expect(() => median([])).toThrow("an empty sample has no median");
});
