import { CURRENCIES, type Currency } from "@aira/contract";
import { minorOf } from "../money-text.ts";
import { asciiDigits } from "./normalise.ts";

/** How currencies are written, as parts of regular expressions. A word must stand alone. */
const SIGNS: Readonly<Record<Currency, string>> = {
  USD: "us\\$|\\$|(?<!\\p{L})(?:usd|dollars?|bucks|डॉलर|डालर)(?![\\p{L}\\p{M}])",
  INR: "₹|(?<!\\p{L})(?:inr|rs|rupees?|rupaye|rupay|rupaya|rupiya|रुपये|रुपए|रुपया|रुपयों|रूपये|रूपए|रु)(?![\\p{L}\\p{M}])",
};
/** Plain digits, or grouped as in English or in India; then decimals. */
const NUMBER = "(?<![\\d.,+-])(?:\\d{1,3}(?:,\\d{3})+|\\d{1,2}(?:,\\d{2})+,\\d{3}|\\d{1,9})(?:\\.\\d+)?(?![\\d]|[.,]\\d)";

/** An amount as somebody wrote it. */
export interface WrittenAmount {
  readonly currency: Currency | undefined;
  /** Digits with at most one point. */
  readonly decimal: string;
}

/** Words that multiply: with them digits alone are not the amount. */
const MAGNITUDE = /(?<![\p{L}\p{M}])(?:hundred|thousand|lakhs?|lacs?|crores?|million|sau|hazaa?r|सौ|हजार|लाख|करोड)(?![\p{L}\p{M}])/u;

/** An amount below zero is none. */
const NEGATIVE = /[-−–]\s*(?:us\$|\$|₹)?\s*\d/;

const tidy = (text: string): string => asciiDigits(text.normalize("NFC").toLowerCase()).replace(/\u093c/g, "");

const currencyPatterns = (Object.keys(SIGNS) as Currency[]).map((currency) => {
  const sign = `(?:${SIGNS[currency]})`;
  return {
    currency,
    named: new RegExp(sign, "u"),
    amount: new RegExp(`(?<!-)${sign}\\.?\\s*(${NUMBER})(?![\\p{L}\\p{M}])|(${NUMBER})\\s*${sign}`, "gu"),
  };
});
const anyNumber = new RegExp(`${NUMBER}(?![\\p{L}\\p{M}])`, "gu");

/** The currency that a text names, or undefined when it names none or several. */
export function writtenCurrency(text: string): Currency | undefined {
  const plain = tidy(text);
  const named = currencyPatterns.filter((pattern) => pattern.named.test(plain));
  return named.length === 1 ? named[0]?.currency : undefined;
}

/** The one amount that a text names: beside its currency, or the only number there. Undefined when there is none, or it isn't clear which. */
export function writtenAmount(text: string): WrittenAmount | undefined {
  const plain = tidy(text);
  if (MAGNITUDE.test(plain) || NEGATIVE.test(plain)) return undefined;
  const marked = currencyPatterns.flatMap(({ currency, amount }) =>
    [...plain.matchAll(amount)].map(([, after, before]) => ({ currency, decimal: (after ?? before ?? "").replaceAll(",", "") })),
  );
  if (marked.length > 0) return marked.length === 1 ? marked[0] : undefined;
  const numbers = [...plain.matchAll(anyNumber)].map(([number]) => number.replaceAll(",", ""));
  const [decimal] = numbers;
  return numbers.length === 1 && decimal !== undefined ? { currency: writtenCurrency(text), decimal } : undefined;
}

/** What is wrong with an amount as a top-up: nothing, or why. */
export function topUpFault(decimal: string, currency: Currency): "not_exact" | "too_small" | "too_large" | undefined {
  const minor = minorOf(decimal, currency);
  if (minor === undefined) return "not_exact";
  if (minor < CURRENCIES[currency].floorMinor) return "too_small";
  return minor > CURRENCIES[currency].ceilingMinor ? "too_large" : undefined;
}
