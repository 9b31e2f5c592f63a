import type { AddressRequirement, Capabilities, NumberType } from "./objects.ts";
import * as elsewhere from "./places-elsewhere.ts";
import * as northAmerica from "./places-north-america.ts";

export interface Place {
  readonly locality?: string;
  readonly region?: string;
  readonly rateCenter?: string;
  readonly latitude?: string;
  readonly longitude?: string;
  readonly postalCode?: string;
  readonly lata?: string;
}

/** A block of numbers: the national digits that all begin with, how many more follow, and how the country writes them (`#` is a digit). */
export interface Area {
  readonly prefix: string;
  readonly digits: number;
  readonly format: string;
  readonly place: Place;
}

/** One kind of number of a country, and what it takes to own one. */
export interface Offer {
  readonly type: NumberType;
  /** A month in US dollars, as Twilio's Pricing API writes it. */
  readonly price: string;
  readonly address: AddressRequirement;
  /** Whether an approved regulatory bundle is needed. */
  readonly bundle: boolean;
  readonly capabilities: Capabilities;
  /** In North America some numbers do less than the others. */
  readonly varied: boolean;
  readonly areas: readonly Area[];
}

export interface Country {
  readonly code: string;
  readonly name: string;
  readonly callingCode: string;
  readonly offers: readonly Offer[];
}

const ALL: Capabilities = { voice: true, sms: true, mms: true, fax: false };
const NO_MMS: Capabilities = { ...ALL, mms: false };
const VOICE: Capabilities = { ...NO_MMS, sms: false };
const TEXT: Capabilities = { ...NO_MMS, voice: false };

const offer = (
  type: NumberType,
  price: string,
  capabilities: Capabilities,
  areas: readonly Area[],
  needs: { readonly address?: AddressRequirement; readonly bundle?: boolean; readonly varied?: boolean } = {},
): Offer => ({ type, price, capabilities, areas, address: "none", bundle: false, varied: false, ...needs });

/**
 * What is for sale, and on which terms. The prices and terms are plausible, not Twilio's of today: together they cover every
 * requirement and error that a purchase can meet.
 */
export const COUNTRIES: readonly Country[] = [
  {
    code: "AU",
    name: "Australia",
    callingCode: "61",
    offers: [
      offer("local", "3.00", VOICE, elsewhere.AU_LOCAL, { address: "any" }),
      offer("mobile", "6.50", NO_MMS, elsewhere.AU_MOBILE, { address: "local", bundle: true }),
      offer("toll_free", "16.00", VOICE, elsewhere.AU_TOLL_FREE),
    ],
  },
  {
    code: "BR",
    name: "Brazil",
    callingCode: "55",
    offers: [
      offer("local", "4.25", VOICE, elsewhere.BR_LOCAL, { address: "local", bundle: true }),
      offer("toll_free", "28.00", VOICE, elsewhere.BR_TOLL_FREE, { address: "foreign" }),
    ],
  },
  {
    code: "CA",
    name: "Canada",
    callingCode: "1",
    offers: [
      offer("local", "1.15", ALL, northAmerica.CA_LOCAL, { varied: true }),
      offer("toll_free", "2.15", NO_MMS, northAmerica.CA_TOLL_FREE),
    ],
  },
  {
    code: "DE",
    name: "Germany",
    callingCode: "49",
    offers: [
      offer("local", "1.15", VOICE, elsewhere.DE_LOCAL, { address: "local", bundle: true }),
      offer("mobile", "15.00", NO_MMS, elsewhere.DE_MOBILE, { bundle: true }),
    ],
  },
  {
    code: "FR",
    name: "France",
    callingCode: "33",
    offers: [
      offer("local", "1.15", VOICE, elsewhere.FR_LOCAL, { address: "local", bundle: true }),
      offer("mobile", "15.00", TEXT, elsewhere.FR_MOBILE, { address: "any", bundle: true }),
    ],
  },
  {
    code: "GB",
    name: "United Kingdom",
    callingCode: "44",
    offers: [
      offer("local", "1.15", VOICE, elsewhere.GB_LOCAL),
      offer("mobile", "1.15", NO_MMS, elsewhere.GB_MOBILE, { address: "any" }),
      offer("national", "1.15", VOICE, elsewhere.GB_NATIONAL),
      offer("toll_free", "2.15", VOICE, elsewhere.GB_TOLL_FREE),
    ],
  },
  {
    code: "IE",
    name: "Ireland",
    callingCode: "353",
    offers: [
      offer("local", "1.50", VOICE, elsewhere.IE_LOCAL, { address: "local" }),
      offer("national", "1.50", VOICE, elsewhere.IE_NATIONAL, { address: "any" }),
    ],
  },
  {
    code: "IN",
    name: "India",
    callingCode: "91",
    offers: [
      offer("local", "6.00", VOICE, elsewhere.IN_LOCAL, { address: "local", bundle: true }),
      offer("toll_free", "30.00", VOICE, elsewhere.IN_TOLL_FREE, { bundle: true }),
    ],
  },
  {
    code: "JP",
    name: "Japan",
    callingCode: "81",
    offers: [
      offer("local", "4.50", VOICE, elsewhere.JP_LOCAL, { address: "local", bundle: true }),
      offer("national", "4.50", VOICE, elsewhere.JP_NATIONAL, { address: "local", bundle: true }),
      offer("toll_free", "25.00", VOICE, elsewhere.JP_TOLL_FREE, { bundle: true }),
    ],
  },
  {
    code: "SE",
    name: "Sweden",
    callingCode: "46",
    offers: [offer("local", "1.25", VOICE, elsewhere.SE_LOCAL), offer("mobile", "3.00", NO_MMS, elsewhere.SE_MOBILE, { bundle: true })],
  },
  {
    code: "US",
    name: "United States",
    callingCode: "1",
    offers: [
      offer("local", "1.15", ALL, northAmerica.US_LOCAL, { varied: true }),
      offer("toll_free", "2.15", ALL, northAmerica.US_TOLL_FREE),
    ],
  },
];

/** The country of an ISO code in either case. */
export const countryOf = (code: string): Country | undefined => COUNTRIES.find((country) => country.code === code.toUpperCase());
