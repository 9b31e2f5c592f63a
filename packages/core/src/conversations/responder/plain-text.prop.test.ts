import fc from "fast-check";
import { expect, test } from "vitest";
import { cutAtSentence, LONGEST_REPLY, plainText, withoutUnfinished } from "./plain-text.ts";

/** Texts that are made of what markup is made of. */
const pieces = fc.constantFrom(
  ...'< > </ /> <b> <script> </script> <thinking> </thinking> <!-- --> ``` ` ** * _ __ # ## - | [ ] ( ) ]( :// https:// www. javascript: & &lt; &gt; &amp; &#39; ; \n \r \t \0 \u2028 \u202e \u200d { } " . । ! a b नमस्ते 🙂 \ud83d example.com/x'.split(
    " ",
  ),
  " ",
);
const texts = fc.array(fc.oneof({ weight: 4, arbitrary: pieces }, { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 5 }) }), {
  maxLength: 60,
});

test("whatever a model says becomes plain text that can be said", () => {
  fc.assert(
    fc.property(texts, fc.boolean(), (parts, spoken) => {
      const said = plainText(parts.join(""), { spoken });
      expect(said.length).toBeLessThanOrEqual(LONGEST_REPLY);
      expect(said).not.toMatch(/[<>`*|]|:\/\/|[^\P{Cc}\n]|[\u2028\u2029\u202a-\u202e]/u);
      expect(said.isWellFormed()).toBe(true);
      expect(said).toBe(said.trim());
      if (spoken) expect(said).not.toContain("\n");
    }),
    { numRuns: 2_000 },
  );
});

test("plain text stays as it is", () => {
  const word = fc.stringMatching(/^[A-Za-zअ-ह0-9']{1,8}$/);
  const sentence = fc.array(word, { minLength: 1, maxLength: 12 }).map((words) => `${words.join(" ")}.`);
  fc.assert(
    fc.property(fc.array(sentence, { minLength: 1, maxLength: 8 }), (sentences) => {
      const text = sentences.join(" ");
      expect(plainText(text, { spoken: true })).toBe(text);
    }),
  );
});

test("a cut text is its beginning, ends with a sentence where there is one, and is never longer", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 80 }), fc.integer({ min: 1, max: 60 }), (text, most) => {
      const cut = cutAtSentence(text, most);
      expect(text.startsWith(cut)).toBe(true);
      expect(cut.length).toBeLessThanOrEqual(Math.max(most, 0));
    }),
  );
  expect(cutAtSentence("One. Two is longer. Three", 20)).toBe("One. Two is longer.");
  expect(cutAtSentence("नमस्ते। आप कैसे हैं", 12)).toBe("नमस्ते।");
  expect(cutAtSentence("no sentence here", 12)).toBe("no sentence");
  expect(cutAtSentence("🙂🙂🙂", 3)).toBe("🙂");
});

test.each([
  ["Amounts like $1,234.56 and ₹2,50,000.00, 5 o'clock - and a well-known snake_case.", undefined],
  ["We open at nine. We ar", "We open at nine."],
  ["no end at all", "no end at all"],
])("what is finished of %j", (text, finished = text) => {
  expect(withoutUnfinished(plainText(text, { spoken: true }))).toBe(finished);
});

test.each([
  ["<think>They are annoying.</think>Hello!", "Hello!"],
  ["Hello! <thinking>They are ann", "Hello!"],
  ["<<b>i>Hello&amp;lt;/i&amp;gt;", "i Hello"],
  ["Hello ht*tps://evil.example/x there", "Hello ht there"],
  ["Hello <!-- hidden --> there <![CDATA[x]]>", "Hello there"],
  ["| Day | Hours |\n|---|---|\n| Mon | 9 to 5 |", "Day Hours Mon 9 to 5"],
  ["1. Leave a message.\n2) Wait.", "1. Leave a message. 2) Wait."],
])("%j is said as %j", (text, said) => {
  expect(plainText(text, { spoken: true })).toBe(said);
});
