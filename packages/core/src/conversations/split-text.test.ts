import fc from "fast-check";
import { expect, test } from "vitest";
import { splitText } from "./split-text.ts";

const squeezed = (text: string) => text.replace(/\s+/g, "");

test("a short answer is one message", () => {
  expect(splitText(" Hello. ")).toEqual(["Hello."]);
  expect(splitText("")).toEqual([]);
});

test("a long one is cut behind a sentence, in any script", () => {
  const english = "This is a sentence of forty characters. ".repeat(60);
  for (const part of splitText(english)) expect(part).toMatch(/\.$/);
  const hindi = "यह एक वाक्य है जो काफ़ी लंबा है। ".repeat(80);
  for (const part of splitText(hindi)) expect(part).toMatch(/।$/);
});

test("without sentences behind a word, without words anywhere but in a character", () => {
  expect(splitText("word ".repeat(30), 50).every((part) => /word$/.test(part))).toBe(true);
  const families = "👨‍👩‍👧‍👦".repeat(30);
  for (const part of splitText(families, 100)) expect(part.replaceAll("👨‍👩‍👧‍👦", "")).toBe("");
});

test("each part fits, nothing is lost before the last part, and there are three at most", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 300 }), fc.integer({ min: 20, max: 80 }), (text, longest) => {
      const parts = splitText(text, longest);
      expect(parts.length).toBeLessThanOrEqual(3);
      for (const part of parts) {
        expect(part.length).toBeLessThanOrEqual(longest);
        expect(part.length).toBeGreaterThan(0);
        expect(part.isWellFormed()).toBe(true);
      }
      const all = squeezed(parts.join(""));
      expect(squeezed(text).startsWith(all)).toBe(true);
      if (parts.length < 3) expect(all).toBe(squeezed(text));
    }),
    { numRuns: 500 },
  );
});
