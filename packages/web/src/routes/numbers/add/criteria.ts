import type { Capability, NumberType } from "@aira/contract";
import type { Currency } from "../../../money/currency.ts";
import type { SearchQuery } from "../shapes.ts";

/** What one looks for, as it stands in the form. */
export interface Criteria {
  readonly country: string;
  readonly type: NumberType;
  readonly areaCode: string;
  readonly contains: string;
  readonly locality: string;
  readonly capabilities: readonly Capability[];
  readonly currency: Currency;
}

export type TextField = "areaCode" | "contains" | "locality";

/** The contract's own rules for what is typed. */
const RULES: Readonly<Record<TextField, RegExp>> = {
  areaCode: /^[2-9]\d{2}$/,
  contains: /^[0-9A-Za-z*]{2,16}$/,
  locality: /^[\p{L}\p{M}\p{N} .,'’()-]{1,64}$/u,
};

/** Only the United States and Canada are searched by area code. */
export const hasAreaCodes = (country: string): boolean => country === "US" || country === "CA";

export const isWrong = (criteria: Criteria, field: TextField): boolean => {
  const text = criteria[field].trim();
  return text !== "" && !RULES[field].test(text);
};

/** The search as the API takes it. What is empty, or not yet right, is left out. */
export function toSearch(criteria: Criteria): SearchQuery {
  const { country, type, capabilities, currency } = criteria;
  const typed = (["areaCode", "contains", "locality"] as const).filter(
    (field) => criteria[field].trim() !== "" && !isWrong(criteria, field) && (field !== "areaCode" || hasAreaCodes(country)),
  );
  return {
    country,
    type,
    currency,
    ...Object.fromEntries(typed.map((field) => [field, criteria[field].trim()])),
    ...(capabilities.length === 0 ? {} : { capabilities: capabilities.join(",") }),
  };
}
