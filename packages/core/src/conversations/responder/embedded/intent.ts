import { CALLER_PATTERNS, type CallerIntent } from "./caller-patterns.ts";
import { CUSTOMER_PATTERNS, type CustomerIntent } from "./customer-patterns.ts";
import { normalise } from "./normalise.ts";
import { compile, type Pattern } from "./pattern.ts";

/** Lines of `compile`, per language. Hindi has those in Devanagari and in Latin letters. Every language is tried: people mix them. */
export type Patterns = Readonly<Record<string, { readonly en: readonly string[]; readonly hi: readonly string[] }>>;

/** What is matched of a text: nobody says what they want after so many characters. */
const LONGEST = 1_000;

type Table<I extends string> = readonly (readonly [intent: I, patterns: readonly Pattern[]])[];

const compileTable = <I extends string>(patterns: Readonly<Record<I, Patterns[string]>>): Table<I> =>
  (Object.keys(patterns) as I[]).map((intent) => [intent, [...patterns[intent].en, ...patterns[intent].hi].map(compile)]);

/** The intent whose pattern says most of the text; of equal ones the first. */
function classifier<I extends string>(patterns: Readonly<Record<I, Patterns[string]>>): (text: string) => I | undefined {
  let table: Table<I> | undefined;
  return (text) => {
    table ??= compileTable(patterns);
    const words = ` ${normalise(text.slice(0, LONGEST))} `;
    let best: { intent: I; words: number } | undefined;
    for (const [intent, lines] of table)
      for (const line of lines) if (line.words > (best?.words ?? 0) && line.regex.test(words)) best = { intent, words: line.words };
    return best?.intent;
  };
}

/** What a caller wants, or undefined. */
export const callerIntent: (text: string) => CallerIntent | undefined = /* @__PURE__ */ classifier(CALLER_PATTERNS);

/** What a customer wants, or undefined. */
export const customerIntent: (text: string) => CustomerIntent | undefined = /* @__PURE__ */ classifier(CUSTOMER_PATTERNS);
