import { expect, test } from "vitest";
import { disturb } from "./disorder.ts";
import { seededRandom } from "./random.ts";

const messages = Array.from({ length: 10 }, (_, index) => index);

test("disorder loses nothing, repeats some, and never repeats within one batch", () => {
  const sizes = new Set<number>();
  for (let seed = 1; seed <= 200; seed++) {
    const batches = disturb(messages, { seed, duplicate: 0.3, reorder: true }, seededRandom(seed));
    expect(new Set(batches.flat()), `seed ${seed}`).toEqual(new Set(messages));
    for (const batch of batches) expect(new Set(batch).size, `seed ${seed}`).toBe(batch.length);
    sizes.add(batches.flat().length);
  }
  expect(sizes.size).toBeGreaterThan(3);
});

test("the same seed gives the same disorder, another seed another", () => {
  const run = (seed: number) => disturb(messages, { seed, duplicate: 0.5, reorder: true }, seededRandom(seed));
  expect(run(7)).toEqual(run(7));
  expect(run(7)).not.toEqual(run(8));
});

test("without reordering the order stays", () => {
  expect(disturb(messages, { seed: 1, duplicate: 1, reorder: false }, seededRandom(1))).toEqual([messages, messages]);
  expect(disturb([], { seed: 1, duplicate: 1, reorder: true }, seededRandom(1))).toEqual([]);
});
