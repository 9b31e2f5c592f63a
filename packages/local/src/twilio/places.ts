import { COUNTRIES } from "./countries.ts";

/** Where Twilio thinks a telephone is, as its webhooks write it. What it doesn't know is blank. */
export interface Whereabouts {
  readonly city: string;
  readonly state: string;
  readonly zip: string;
  readonly country: string;
}

const NOWHERE: Whereabouts = { city: "", state: "", zip: "", country: "" };
/** The digits of an area: an area code in North America. */
const AREA_DIGITS = 3;

const CANDIDATES = COUNTRIES.flatMap((country) =>
  country.offers.flatMap(({ areas }) => areas.map(({ prefix, place }) => ({ country, place, begins: prefix.slice(0, AREA_DIGITS) }))),
);

export function whereaboutsOf(phoneNumber: string): Whereabouts {
  const found = CANDIDATES.find(({ country, begins }) => phoneNumber.startsWith(`+${country.callingCode}${begins}`));
  if (found) {
    const { locality = "", region = "", postalCode = "" } = found.place;
    return { city: locality.toUpperCase(), state: region, zip: postalCode, country: found.country.code };
  }
  // Several countries share +1; the largest stands for an area code that the stock lacks.
  const country = phoneNumber.startsWith("+1")
    ? "US"
    : COUNTRIES.find(({ callingCode }) => phoneNumber.startsWith(`+${callingCode}`))?.code;
  return country === undefined ? NOWHERE : { ...NOWHERE, country };
}
