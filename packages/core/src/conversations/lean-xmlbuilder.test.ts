import { createRequire } from "node:module";
import fc from "fast-check";
import { expect, test } from "vitest";
import lean from "./lean-xmlbuilder.ts";

const own = createRequire(import.meta.resolve("twilio/lib/twiml/TwiML.js"));
type Builder = typeof lean;
const builders: readonly Builder[] = [own("xmlbuilder") as Builder, lean];

/** As Twilio's classes make a document. */
const options = {
  stringify: {
    attValue(this: { attEscape(text: string): string }, value: unknown) {
      const text = Array.isArray(value) ? value.join(" ") : value;
      return this.attEscape(`${text}` || "") || "";
    },
  },
};

interface Part {
  readonly name: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly text: string | undefined;
  readonly children: readonly Part[];
}

const write = ({ create: make }: Builder, parts: readonly Part[]): string => {
  const root = make("Response", options).dec("1.0", "UTF-8");
  const add = (parent: ReturnType<Builder["create"]>, part: Part) => {
    const child = parent.ele(part.name, { ...part.attributes }, part.text);
    for (const inner of part.children) add(child, inner);
  };
  for (const part of parts) add(root, part);
  return root.end();
};

const { part } = fc.letrec<{ part: Part }>((tie) => ({
  part: fc.record(
    {
      name: fc.constantFrom("Say", "Gather", "Number", "Message"),
      attributes: fc.dictionary(
        fc.constantFrom("action", "input", "timeout", "voice"),
        fc.oneof(
          fc.string({ unit: fc.constantFrom(..."ab&<>\"'\t\n\r é😀;#") }),
          fc.boolean(),
          fc.nat(),
          fc.constant(["speech", "dtmf"]),
          fc.constant(undefined),
        ),
      ),
      text: fc.option(fc.string({ unit: fc.constantFrom(..."ab&<>\"'\t\n\r é😀;#]") }), { nil: undefined }),
      children: fc.oneof({ maxDepth: 3 }, fc.constant([]), fc.array(tie("part"), { maxLength: 2 })),
    },
    { noNullPrototype: true },
  ),
}));

test("the lean builder writes what the package writes", () => {
  fc.assert(
    fc.property(fc.array(part, { maxLength: 3 }), (parts) => {
      const [theirs, ours] = builders.map((builder) => write(builder, parts));
      expect(ours).toBe(theirs);
    }),
    { numRuns: 1_000 },
  );
});
