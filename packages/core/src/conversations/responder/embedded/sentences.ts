import type { Currency, EntryKind, Language, NumberState, NumberType } from "@aira/contract";
import { decimalOf } from "../money-text.ts";
import { ENGLISH } from "./english.ts";
import { HINDI } from "./hindi.ts";

export type SentenceKey = keyof typeof ENGLISH;
type Values = Readonly<Record<string, string>>;

const SENTENCES: Readonly<Record<Language, Readonly<Record<SentenceKey, string>>>> = { "en-US": ENGLISH, "en-IN": ENGLISH, "hi-IN": HINDI };

/** What is supposed of somebody who speaks a language and doesn't say. */
const LOCAL: Readonly<Record<Language, { readonly currency: Currency; readonly timeZone: string }>> = {
  "en-US": { currency: "USD", timeZone: "UTC" },
  "en-IN": { currency: "INR", timeZone: "Asia/Kolkata" },
  "hi-IN": { currency: "INR", timeZone: "Asia/Kolkata" },
};

export const localCurrency = (language: Language): Currency => LOCAL[language].currency;

/** A sentence of the language, with its values. A value is text, never a pattern. */
export const say = (language: Language, key: SentenceKey, values: Values = {}): string =>
  SENTENCES[language][key].replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? "");

/** An amount as the language writes it; exact, however large. */
export const money = (language: Language, amountMinor: number, currency: Currency): string =>
  new Intl.NumberFormat(language, { style: "currency", currency }).format(decimalOf(amountMinor, currency));

/** The day of an ISO 8601 time, like `3 March`. */
export const day = (language: Language, at: string): string =>
  new Intl.DateTimeFormat(language, { day: "numeric", month: "long", timeZone: LOCAL[language].timeZone }).format(new Date(at));

/** `a, b and c`. */
export const listed = (language: Language, parts: readonly string[]): string => new Intl.ListFormat(language).format(parts);

export const typeWord = (language: Language, type: NumberType): string => say(language, `type.${type}`);
export const stateWord = (language: Language, state: NumberState): string => say(language, `state.${state}`);
export const kindWord = (language: Language, kind: EntryKind): string => say(language, `kind.${kind}`);
