import { SPEAKERS } from "@aira/contract";
import fc from "fast-check";
import { expect, test } from "vitest";
import { alternate, boundHistory, estimateTokens } from "./history.ts";

const said = fc.record({ speaker: fc.constantFrom(...SPEAKERS), text: fc.string({ unit: "grapheme", maxLength: 40 }) });
const histories = fc.array(said, { maxLength: 20 });

test("what is kept of a history is its end, fits the budget, and could not be longer", () => {
  fc.assert(
    fc.property(histories, fc.integer({ min: 0, max: 200 }), (history, budget) => {
      const kept = boundHistory(history, budget);
      const cost = (part: typeof history) => part.reduce((sum, { text }) => sum + estimateTokens(text) + 4, 0);
      expect(kept).toEqual(history.slice(history.length - kept.length));
      expect(cost([...kept])).toBeLessThanOrEqual(budget);
      if (kept.length < history.length) expect(cost(history.slice(history.length - kept.length - 1))).toBeGreaterThan(budget);
    }),
  );
});

test("turns alternate, begin and end with the other side, are never blank, and say everything", () => {
  fc.assert(
    fc.property(histories, fc.string({ maxLength: 20 }), (history, text) => {
      const turns = alternate(history, text);
      expect(turns.map(({ role }) => role)).toEqual(turns.map((_, at) => (at % 2 === 0 ? "user" : "assistant")));
      expect(turns.at(-1)?.role).toBe("user");
      for (const turn of turns) expect(turn.text.trim()).not.toBe("");
      const all = turns.map((turn) => turn.text).join("\n");
      for (const one of history) expect(all).toContain(one.text.trim());
      expect(all).toContain(text.trim());
    }),
  );
});

test("Hindi counts for more tokens than English of the same length", () => {
  expect(estimateTokens("hello there")).toBe(3);
  expect(estimateTokens("नमस्ते")).toBe(6);
});
