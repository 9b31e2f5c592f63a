import { NUMBER_TYPES, type NumberType } from "@aira/contract";
import { normalise } from "./normalise.ts";

/** Names that people use beside those of the standard (Unicode CLDR), which the runtime knows in every language. */
const ALSO: Readonly<Record<string, string>> = {
  usa: "US",
  america: "US",
  "united states of america": "US",
  "in us": "US",
  "in the us": "US",
  "us number": "US",
  "us numbers": "US",
  "from us": "US",
  "for us": "US",
  अमेरिका: "US",
  यूएसए: "US",
  amrika: "US",
  uk: "GB",
  britain: "GB",
  "great britain": "GB",
  england: "GB",
  ब्रिटेन: "GB",
  इंग्लैंड: "GB",
  यूके: "GB",
  bharat: "IN",
  hindustan: "IN",
  indian: "IN",
  भारत: "IN",
  इंडिया: "IN",
  हिंदुस्तान: "IN",
  american: "US",
  british: "GB",
  canadian: "CA",
  australian: "AU",
  german: "DE",
  french: "FR",
  holland: "NL",
  turkey: "TR",
  uae: "AE",
  dubai: "AE",
};

const TYPE_WORDS: Readonly<Record<NumberType, readonly string[]>> = {
  toll_free: ["toll free", "tollfree", "freephone", "टोल फ्री", "टोलफ्री"],
  mobile: ["mobile", "cell", "cellular", "मोबाइल", "मोबाईल"],
  national: ["national", "nationwide", "राष्ट्रीय", "नेशनल"],
  local: ["local", "landline", "geographic", "लोकल", "स्थानीय", "sthaniya"],
};

const LETTERS = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
/** Codes that are no countries. */
const GROUPS: ReadonlySet<string> = new Set(["EU", "EZ", "UN", "QO", "ZZ", "XA", "XB"]);
const LANGUAGES = ["en", "hi"] as const;

let names: readonly (readonly [name: string, country: string])[] | undefined;

/** Longest first: `Guinea-Bissau` is not Guinea. */
function countryNames(): readonly (readonly [name: string, country: string])[] {
  if (names) return names;
  const found = new Map<string, string>();
  for (const language of LANGUAGES) {
    const display = new Intl.DisplayNames(language, { type: "region", fallback: "none" });
    for (const code of LETTERS.flatMap((first) => LETTERS.map((second) => first + second))) {
      const name = GROUPS.has(code) ? undefined : display.of(code);
      // Old codes have the names of today's: the first code is kept.
      if (name !== undefined && !found.has(normalise(name))) found.set(normalise(name), new Intl.Locale(`und-${code}`).region ?? code);
    }
  }
  for (const [name, country] of Object.entries(ALSO)) found.set(normalise(name), country);
  names = [...found].sort(([a], [b]) => b.length - a.length);
  return names;
}

/** The country that a text names, as ISO 3166-1 alpha-2. `US` and the like count only when written large: in small letters most are words. */
export function writtenCountry(text: string): string | undefined {
  const words = ` ${normalise(text)} `;
  const [, named] = countryNames().find(([name]) => words.includes(` ${name} `)) ?? [];
  if (named) return named;
  const [code] = /\b(?:US|GB|CA|AU|DE|FR|NL|SG|NZ|ZA|IE|ES|SE|CH|JP)\b/.exec(text) ?? [];
  return code;
}

/** What a country is called in a language. */
export const countryName = (country: string, locale: string): string =>
  new Intl.DisplayNames(locale, { type: "region" }).of(country) ?? country;

/** Countries that English puts an article before. */
const WITH_ARTICLE: ReadonlySet<string> = new Set(["US", "GB", "NL", "PH", "AE", "DO", "BS", "MV", "CD", "CG", "CF", "GM"]);

/** What a country is called within a sentence. */
export const countryInSentence = (country: string, locale: string): string =>
  `${locale.startsWith("en") && WITH_ARTICLE.has(country) ? "the " : ""}${countryName(country, locale)}`;

/** The type of number that a text names. */
export function writtenType(text: string): NumberType | undefined {
  const words = ` ${normalise(text)} `;
  return NUMBER_TYPES.toReversed().find((type) => TYPE_WORDS[type].some((word) => words.includes(` ${normalise(word)} `)));
}

/** Three digits that a text calls an area code. */
export const writtenAreaCode = (text: string): string | undefined =>
  /(?:^| )(?:area code|areacode|एरिया कोड|क्षेत्र कोड) (?:is |of )?([2-9]\d{2})(?= |$)/.exec(normalise(text))?.[1];
