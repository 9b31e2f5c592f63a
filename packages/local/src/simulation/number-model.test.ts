import { expect, it } from "vitest";
import { core } from "./core-under-test.ts";
import { runNumberHistory } from "./number-history.ts";
import { runRenewals } from "./number-renewals.ts";

const HISTORIES = Number(process.env.HISTORIES ?? 300);
const FIRST = Number(process.env.SEED ?? Math.floor(Math.random() * 1e9));

/** A year takes as long as many of the others. */
const YEARS = Math.ceil(HISTORIES / 20);

const CASES = [
  { what: "the purchases, renewals and releases", count: HISTORIES, run: runNumberHistory },
  { what: "the months of a year", count: YEARS, run: runRenewals },
];

it.each(CASES)(`keeps every promise about $what in $count random histories from seed ${FIRST}`, { timeout: 60 * 60_000 }, async (one) => {
  for (let n = 0; n < one.count; n++) {
    const seed = FIRST + n;
    try {
      await one.run(core, seed);
    } catch (error) {
      throw new Error(`history ${seed} broke; repeat it alone with SEED=${seed} HISTORIES=1`, { cause: error });
    }
  }
  expect(one.count).toBeGreaterThan(0);
});
