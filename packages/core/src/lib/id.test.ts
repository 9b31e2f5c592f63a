import fc from "fast-check";
import { expect, test } from "vitest";
import { deriveId, ID_PREFIXES } from "./id.ts";

const kinds = Object.keys(ID_PREFIXES) as (keyof typeof ID_PREFIXES)[];
const parts = fc.array(fc.string({ maxLength: 12 }), { minLength: 1, maxLength: 4 });

test("an id says what it names, and is 26 characters that nobody mistakes for others", () => {
  fc.assert(
    fc.property(fc.constantFrom(...kinds), parts, (kind, from) => {
      expect(deriveId(kind, ...from)).toMatch(new RegExp(`^${ID_PREFIXES[kind]}_[0-9a-hjkmnp-tv-z]{26}$`));
    }),
  );
});

test("the same parts give the same id, other parts another, however they are cut", () => {
  fc.assert(
    fc.property(parts, parts, (a, b) => {
      expect(deriveId("topUp", ...a) === deriveId("topUp", ...b)).toBe(JSON.stringify(a) === JSON.stringify(b));
    }),
  );
  expect(deriveId("topUp", "ab", "c")).not.toBe(deriveId("topUp", "a", "bc"));
  expect(deriveId("topUp", "1:a")).not.toBe(deriveId("topUp", "", "1:a"));
});

test("an id never changes, since stored items carry it", () => {
  expect(deriveId("topUp", "asha", "POST /x", "key-1")).toBe(deriveId("topUp", "asha", "POST /x", "key-1"));
  expect(deriveId("hold", "a").slice(4)).toBe(deriveId("topUp", "a").slice(4));
});
