import type { StockNumber } from "./catalogue.ts";
import { countryOf } from "./countries.ts";
import { TwilioFault } from "./fault.ts";

// Twilio's test credentials know these; the sandbox knows them always, so that what works with one works with the other.
const UNAVAILABLE = "+15005550000";
const INVALID = "+15005550001";
export const MAGIC_AVAILABLE = "+15005550006";
const MAGIC_AREA_CODE = "500";

/** Throws what a purchase of this magic number is answered with, if it is one. */
export function refuseMagic(phoneNumber: string): void {
  if (phoneNumber === UNAVAILABLE) throw new TwilioFault(21422, `${phoneNumber} is not available`);
  if (phoneNumber === INVALID) throw new TwilioFault(21421, `${phoneNumber} is not a valid number`);
}

/** The number that can always be bought, for its own digits or its area code. Unlike at Twilio it is owned afterwards. */
export function magicNumber({ phoneNumber, areaCode }: { phoneNumber?: string; areaCode?: string }): StockNumber | undefined {
  if (phoneNumber !== MAGIC_AVAILABLE && areaCode !== MAGIC_AREA_CODE) return undefined;
  const country = countryOf("US");
  const offer = country?.offers.find(({ type }) => type === "local");
  if (!country || !offer) return undefined;
  return {
    phoneNumber: MAGIC_AVAILABLE,
    national: MAGIC_AVAILABLE.slice(2),
    formatted: "(500) 555-0006",
    country,
    offer,
    area: { prefix: "500555", digits: 4, format: "(###) ###-####", place: {} },
    capabilities: offer.capabilities,
    beta: false,
  };
}

/** What a text to or from a magic number is answered with. */
export const MAGIC_TO: Readonly<Record<string, number>> = {
  "+15005550001": 21211,
  "+15005550002": 21612,
  "+15005550003": 21408,
  "+15005550004": 21610,
  "+15005550009": 21614,
};
export const MAGIC_FROM: Readonly<Record<string, number>> = {
  "+15005550001": 21212,
  "+15005550007": 21606,
  "+15005550008": 21611,
};
