import type { Currency, NumberPrice, NumberType } from "@aira/contract";
import { NUMBER_TYPES } from "@aira/contract";
import type * as z from "zod/mini";
import { AiraError } from "../lib/index.ts";
import type { NumberPorts } from "./ports.ts";
import type { AvailableNumber } from "./provider.ts";

/** A number as it can be bought at this moment, with its price. */
export interface Offer extends AvailableNumber {
  readonly price: z.infer<typeof NumberPrice>;
}

/** Where a number may be from when nobody says: countries by their calling code, the likeliest first. */
const COUNTRIES_OF_CODE: Readonly<Record<string, readonly string[]>> = {
  "1": ["US", "CA", "PR"],
  "27": ["ZA"],
  "31": ["NL"],
  "32": ["BE"],
  "33": ["FR"],
  "34": ["ES"],
  "353": ["IE"],
  "358": ["FI"],
  "36": ["HU"],
  "39": ["IT"],
  "41": ["CH"],
  "420": ["CZ"],
  "43": ["AT"],
  "44": ["GB"],
  "45": ["DK"],
  "46": ["SE"],
  "47": ["NO"],
  "48": ["PL"],
  "49": ["DE"],
  "52": ["MX"],
  "55": ["BR"],
  "60": ["MY"],
  "61": ["AU"],
  "62": ["ID"],
  "63": ["PH"],
  "64": ["NZ"],
  "65": ["SG"],
  "66": ["TH"],
  "81": ["JP"],
  "82": ["KR"],
  "852": ["HK"],
  "91": ["IN"],
  "972": ["IL"],
};

function candidates(phoneNumber: string, country: string | undefined, type: NumberType | undefined): readonly [string, NumberType][] {
  const code = [4, 3, 2].map((end) => phoneNumber.slice(1, end)).find((digits) => COUNTRIES_OF_CODE[digits] !== undefined);
  const countries = country === undefined ? (COUNTRIES_OF_CODE[code ?? ""] ?? []) : [country];
  const types = type === undefined ? NUMBER_TYPES : [type];
  return countries.flatMap((where) => types.map((what): [string, NumberType] => [where, what]));
}

/**
 * The number as the provider sells it, with our price; undefined when it is not to be had. Country and type that a caller names are only
 * where to look first: the provider must have the number there, or a toll-free one could be had at a local one's price. Nor is a number
 * found that our account has already: asking for one of those would take it from whoever uses it.
 */
export async function findOffer(
  ports: Pick<NumberPorts, "provider" | "prices">,
  asked: {
    readonly phoneNumber: string;
    readonly currency: Currency;
    readonly country?: string | undefined;
    readonly type?: NumberType | undefined;
  },
): Promise<Offer | undefined> {
  for (const [country, type] of candidates(asked.phoneNumber, asked.country, asked.type)) {
    const available = await ports.provider.findAvailable(asked.phoneNumber, country, type);
    if (!available) continue;
    const price = await ports.prices.quote(country, type, asked.currency);
    if (!price) throw new AiraError("number.not_available", "Aira does not sell numbers of this kind.");
    return { ...available, price };
  }
  return undefined;
}
