import { expect, it } from "vitest";
import { conversationMutants } from "./conversation-mutants.ts";
import { conversationScenarios } from "./conversation-scenarios.ts";
import { type CoreUnderTest, core } from "./core-under-test.ts";
import { withMutant } from "./mutate.ts";

it.each(conversationScenarios)("$promise", ({ play }) => play(core));

async function firstBreak(copy: CoreUnderTest): Promise<string | undefined> {
  for (const { promise, play } of conversationScenarios)
    try {
      await play(copy);
    } catch (error) {
      // Code that stumbles over itself shows nothing of the rule.
      if (error instanceof ReferenceError || error instanceof TypeError) throw error;
      return `${promise}: ${error}`;
    }
  return undefined;
}

it.each(conversationMutants)("turns red without the rule: $rule", async (mutant) => {
  const broken = await withMutant(mutant, firstBreak);
  expect(broken, `nothing notices that this rule is broken: ${mutant.rule}`).toBeDefined();
});

it("stays green over a copy that is changed in nothing", async () => {
  const same = "const MAX_TRIES = 30;";
  expect(await withMutant({ rule: "no change", file: "conversations/advance.ts", find: same, replace: same }, firstBreak)).toBeUndefined();
});
