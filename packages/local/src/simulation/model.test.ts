import { expect, it } from "vitest";
import { core } from "./core-under-test.ts";
import { runHistory } from "./history.ts";

const HISTORIES = Number(process.env.HISTORIES ?? 1_000);
const FIRST = Number(process.env.SEED ?? Math.floor(Math.random() * 1e9));

it(`keeps every invariant in ${HISTORIES} random histories from seed ${FIRST}`, { timeout: 30 * 60_000 }, async () => {
  for (let n = 0; n < HISTORIES; n++) {
    const seed = FIRST + n;
    try {
      await runHistory(core, seed);
    } catch (error) {
      throw new Error(`history ${seed} broke; repeat it alone with SEED=${seed} HISTORIES=1`, { cause: error });
    }
  }
  expect(HISTORIES).toBeGreaterThan(0);
});
