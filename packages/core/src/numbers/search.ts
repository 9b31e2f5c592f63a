import type { Currency, NUMBER_SEARCH_REASONS, NumberType } from "@aira/contract";
import type { Offer } from "./offer.ts";
import type { NumberPorts } from "./ports.ts";
import type { NumberQuery } from "./provider.ts";

export interface NumberSearch {
  /** What can be bought at this moment, with our price. Nothing is reserved. */
  readonly numbers: readonly Offer[];
  /** The types that this country has, by the provider. */
  readonly types: readonly NumberType[];
  /** Why there are none. */
  readonly reason: { readonly code: (typeof NUMBER_SEARCH_REASONS)[number]; readonly detail: string } | null;
  /** What law or network restricts in this country, a sentence each. */
  readonly notes: readonly string[];
}

/** What a customer should know before buying in a country. */
const NOTES: Readonly<Record<string, readonly string[]>> = {
  IN: ["Indian numbers can't send and receive texts both ways.", "Indian numbers need documents of a company registered in India."],
  US: ["Texts from a local number to phones in the United States need a registered campaign (A2P 10DLC)."],
  GB: ["Some British numbers need an address on file."],
  DE: ["German numbers need an address in the area and a proof of identity."],
  AU: ["Australian mobile numbers need an address in Australia."],
};

/**
 * Numbers to buy. A country or type that the provider does not sell is an empty list with a reason. Errors:
 * `number_provider.unavailable`, `number_provider.refused`.
 */
export async function searchNumbers(
  { provider, prices }: Pick<NumberPorts, "provider" | "prices">,
  query: NumberQuery & { readonly currency: Currency },
): Promise<NumberSearch> {
  const notes = NOTES[query.country] ?? [];
  const types = await provider.typesOf(query.country);
  if (types.length === 0)
    return { numbers: [], types, notes: [], reason: { code: "country_not_sold", detail: "No numbers of this country are sold." } };
  if (!types.includes(query.type))
    return { numbers: [], types, notes, reason: { code: "type_not_sold", detail: "This country has no numbers of this type." } };
  const [price, found] = await Promise.all([prices.quote(query.country, query.type, query.currency), provider.search(query)]);
  if (!price)
    return { numbers: [], types, notes, reason: { code: "type_not_sold", detail: "There is no price for numbers of this type." } };
  const reason = found.length > 0 ? null : ({ code: "none_found", detail: "No number matches at this moment. Try another area." } as const);
  return { numbers: found.map((number) => ({ ...number, price })), types, notes, reason };
}
