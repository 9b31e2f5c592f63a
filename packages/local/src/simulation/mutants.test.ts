import { expect, it } from "vitest";
import type { CoreUnderTest } from "./core-under-test.ts";
import { runHistory } from "./history.ts";
import type { Mutant } from "./mutant.ts";
import { mutants } from "./mutants.ts";
import { withMutant } from "./mutate.ts";
import { runNumberHistory } from "./number-history.ts";
import { scenarios } from "./scenarios.ts";

/** Seeds 1, 2, … up to here: fixed, so that what is caught today is caught tomorrow. */
const HISTORIES = 300;
/** The same for numbers, whose mutants nearly all have a scenario of their own. */
const NUMBER_HISTORIES = 50;

function scenarioOf({ rule, scenario: name }: Mutant) {
  const scenario = scenarios.find(({ promise }) => promise === name);
  if (!scenario) throw new Error(`The mutant "${rule}" names a scenario that does not exist: ${name}`);
  return scenario;
}

const historiesOf = ({ file }: Mutant) =>
  file.startsWith("numbers/") ? { run: runNumberHistory, count: NUMBER_HISTORIES } : { run: runHistory, count: HISTORIES };

/** What broke first, and where; undefined when nothing did. */
async function firstBreak(mutant: Mutant, core: CoreUnderTest): Promise<string | undefined> {
  if (mutant.scenario !== undefined) return brokenBy(() => scenarioOf(mutant).play(core), `scenario "${mutant.scenario}"`);
  const { run, count } = historiesOf(mutant);
  for (let seed = 1; seed <= count; seed++) {
    const broken = await brokenBy(() => run(core, seed), `history ${seed}`);
    if (broken !== undefined) return broken;
  }
  return undefined;
}

/** A promise that broke, an error that nobody expects, or a run that never ends. */
async function brokenBy(play: () => Promise<void>, where: string): Promise<string | undefined> {
  try {
    await play();
    return undefined;
  } catch (error) {
    // Code that stumbles over itself shows nothing of the rule.
    if (error instanceof ReferenceError || error instanceof TypeError) throw error;
    return `${where}: ${error}`;
  }
}

it.each(mutants)("turns red without the rule: $rule", async (mutant) => {
  const broken = await withMutant(mutant, (core) => firstBreak(mutant, core));
  expect(broken, `nothing notices that this rule is broken: ${mutant.rule}`).toBeDefined();
  console.log(`${mutant.rule}\n  ${broken}`);
});

it("stays green over a copy that is changed in nothing, in all that the mutants go through", { timeout: 120_000 }, async () => {
  const same = "MAX_OPERATIONS = 49;";
  await withMutant({ rule: "no change", file: "ledger/post.ts", find: same, replace: same }, async (core) => {
    for (const { play } of scenarios) await play(core);
    for (let seed = 1; seed <= HISTORIES; seed++) await runHistory(core, seed);
    for (let seed = 1; seed <= NUMBER_HISTORIES; seed++) await runNumberHistory(core, seed);
  });
});

it("names each mutant by a rule of its own", () => {
  expect(new Set(mutants.map(({ rule }) => rule)).size).toBe(mutants.length);
});
