import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { segmentsOf } from "./segments.ts";

describe("a text takes as many segments as the network sends", () => {
  test.each<[string, string, number]>([
    ["nothing", "", 1],
    ["160 letters", "a".repeat(160), 1],
    ["161 letters", "a".repeat(161), 2],
    ["two parts, full", "a".repeat(306), 2],
    ["one letter into the third", "a".repeat(307), 3],
    ["80 euro signs, escaped", "€".repeat(80), 1],
    ["81 euro signs", "€".repeat(81), 2],
    ["an escaped character that would be split", `${"a".repeat(152)}€${"a".repeat(152)}`, 3],
    ["the same, where the escape fits", `${"a".repeat(151)}€${"a".repeat(153)}`, 2],
    ["70 characters outside GSM-7", "д".repeat(70), 1],
    ["71 of them", "д".repeat(71), 2],
    ["two parts of them, full", "д".repeat(134), 2],
    ["one into the third", "д".repeat(135), 3],
    ["one such character makes all of them count so", `${"a".repeat(70)}ç`, 2],
    ["35 emoji", "😀".repeat(35), 1],
    ["36 emoji", "😀".repeat(36), 2],
    ["an emoji that would be split", `${"д".repeat(66)}😀${"д".repeat(66)}`, 3],
    ["Hindi", "आपका बैलेंस कम है", 1],
    ["a line break counts once, in either style", `${"a".repeat(158)}\r\n`, 1],
    ["1,600 letters, the longest body", "a".repeat(1_600), 11],
    ["1,600 outside GSM-7", "д".repeat(1_600), 24],
  ])("%s", (_, text, segments) => {
    expect(segmentsOf(text)).toBe(segments);
  });
});

test("GSM 03.38 has 127 characters of one septet and 10 of two, and no other", () => {
  const ofSeptets: Record<number, number> = { 0: 0, 1: 0, 2: 0 };
  for (let code = 0; code < 0x1_0000; code += 1) {
    const one = String.fromCharCode(code);
    const septets = segmentsOf(one.repeat(71)) > 1 ? 0 : segmentsOf(one.repeat(81)) > 1 ? 2 : 1;
    ofSeptets[septets] = (ofSeptets[septets] ?? 0) + 1;
  }
  expect(ofSeptets).toEqual({ 0: 0x1_0000 - 137, 1: 127, 2: 10 });
});

const texts = fc.string({ unit: fc.constantFrom(..."ab €{}\n", "д", "न", "😀", "\ud83d"), maxLength: 500 });

test("a longer text never takes fewer segments", () => {
  fc.assert(fc.property(texts, texts, (a, b) => segmentsOf(a + b) >= segmentsOf(a)));
});

test("no more room is wasted than one character a part", () => {
  fc.assert(
    fc.property(texts, (text) => {
      const parts = segmentsOf(text);
      const isGsm = /^[ab €{}\n]*$/.test(text);
      const units = isGsm ? [...text].reduce((sum, one) => sum + ("€{}".includes(one) ? 2 : 1), 0) : text.length;
      const [alone, part] = isGsm ? [160, 153] : [70, 67];
      if (units <= alone) expect(parts).toBe(1);
      else {
        expect(parts * part).toBeGreaterThanOrEqual(units);
        expect((parts - 1) * (part - 1)).toBeLessThan(units);
      }
    }),
  );
});
