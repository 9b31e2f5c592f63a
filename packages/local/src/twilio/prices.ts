import { COUNTRIES, type Country, countryOf, type Offer } from "./countries.ts";
import { notFound } from "./fault.ts";
import type { NumberType } from "./objects.ts";
import type { Store } from "./store.ts";

/** The Pricing API's names of the types. */
const PRICED_TYPES: Readonly<Record<NumberType, string>> = {
  local: "local",
  toll_free: "toll free",
  mobile: "mobile",
  national: "national",
};

export const priceKey = (countryCode: string, type: NumberType): string => `${countryCode}/${type}`;

/** What the account pays a month for a number of this kind now, in US dollars. */
export const priceOf = (store: Store, countryCode: string, offer: Offer): string =>
  store.prices.get(priceKey(countryCode, offer.type)) ?? offer.price;

interface Usage {
  /** A minute to a fixed line and to a mobile. */
  readonly callFixed: string;
  readonly callMobile: string;
  /** A minute from a caller, by the kind of the number. */
  readonly called: string;
  readonly calledTollFree: string;
  readonly text: string;
  readonly texted: string;
}

/** Plausible figures, in US dollars. */
const USAGE: Readonly<Record<string, Usage>> = {
  AU: { callFixed: "0.0252", callMobile: "0.0750", called: "0.0100", calledTollFree: "0.0720", text: "0.0515", texted: "0.0075" },
  BR: { callFixed: "0.0290", callMobile: "0.0830", called: "0.0100", calledTollFree: "0.2500", text: "0.0740", texted: "0.0075" },
  CA: { callFixed: "0.0140", callMobile: "0.0140", called: "0.0085", calledTollFree: "0.0220", text: "0.0083", texted: "0.0083" },
  DE: { callFixed: "0.0140", callMobile: "0.0400", called: "0.0100", calledTollFree: "0.1000", text: "0.1120", texted: "0.0075" },
  FR: { callFixed: "0.0187", callMobile: "0.0400", called: "0.0100", calledTollFree: "0.1100", text: "0.0798", texted: "0.0075" },
  GB: { callFixed: "0.0158", callMobile: "0.0300", called: "0.0100", calledTollFree: "0.0450", text: "0.0524", texted: "0.0075" },
  IE: { callFixed: "0.0150", callMobile: "0.0460", called: "0.0100", calledTollFree: "0.1300", text: "0.0850", texted: "0.0075" },
  IN: { callFixed: "0.0699", callMobile: "0.0496", called: "0.0110", calledTollFree: "0.0850", text: "0.0832", texted: "0.0075" },
  JP: { callFixed: "0.0746", callMobile: "0.1819", called: "0.0100", calledTollFree: "0.2070", text: "0.0880", texted: "0.0075" },
  SE: { callFixed: "0.0165", callMobile: "0.0465", called: "0.0100", calledTollFree: "0.1200", text: "0.0576", texted: "0.0075" },
  US: { callFixed: "0.0140", callMobile: "0.0140", called: "0.0085", calledTollFree: "0.0220", text: "0.0083", texted: "0.0083" },
};

/** What only the numbers of one country cost: everything that the Pricing API tells. */
interface Sheet {
  readonly path: string;
  readonly of: (store: Store, country: Country) => object;
}

/** A started minute of a call from a caller to a number of the account, or of one that the account places. */
export function minutePrice(countryCode: string, kind: "called" | "calledTollFree" | "callFixed"): string {
  return USAGE[countryCode]?.[kind] ?? ELSEWHERE;
}

/** A segment of a text: received, or sent there. */
export function segmentPrice(countryCode: string, kind: "text" | "texted"): string {
  return USAGE[countryCode]?.[kind] ?? ELSEWHERE;
}

/** For countries that the sandbox has no figures for. */
const ELSEWHERE = "0.1000";

const price = (amount: string) => ({ base_price: amount, current_price: amount });

const usageOf = ({ code }: Country): Usage => {
  const usage = USAGE[code];
  if (!usage) throw new RangeError(`the sandbox has no usage prices for ${code}`);
  return usage;
};

const calledPrices = (country: Country) => {
  const { called, calledTollFree } = usageOf(country);
  return country.offers.map(({ type }) => ({ number_type: PRICED_TYPES[type], ...price(type === "toll_free" ? calledTollFree : called) }));
};

const destinations = (country: Country) => {
  const { callFixed, callMobile } = usageOf(country);
  const fixed = { friendly_name: `Programmable Outbound Minute - ${country.name}`, prefixes: [country.callingCode], ...price(callFixed) };
  const mobileAreas = country.offers.find(({ type }) => type === "mobile")?.areas ?? [];
  if (mobileAreas.length === 0) return [fixed];
  const prefixes = mobileAreas.map(({ prefix }) => `${country.callingCode}${prefix.slice(0, 2)}`);
  return [{ friendly_name: `Programmable Outbound Minute - ${country.name} - Mobile`, prefixes, ...price(callMobile) }, fixed];
};

const SHEETS = {
  numbers: {
    path: "/v1/PhoneNumbers/Countries",
    of: (store, country) => ({
      phone_number_prices: country.offers.map((offer) => ({
        number_type: PRICED_TYPES[offer.type],
        base_price: offer.price,
        current_price: priceOf(store, country.code, offer),
      })),
    }),
  },
  voiceV1: {
    path: "/v1/Voice/Countries",
    of: (_store, country) => ({ outbound_prefix_prices: destinations(country), inbound_call_prices: calledPrices(country) }),
  },
  voiceV2: {
    path: "/v2/Voice/Countries",
    of: (_store, country) => ({
      outbound_prefix_prices: destinations(country).map(({ prefixes, ...rest }) => ({
        origination_prefixes: ["ALL"],
        destination_prefixes: prefixes,
        ...rest,
      })),
      inbound_call_prices: calledPrices(country),
    }),
  },
  messaging: {
    path: "/v1/Messaging/Countries",
    of: (_store, country) => {
      const { text, texted } = usageOf(country);
      const types = country.offers.map(({ type }) => PRICED_TYPES[type]);
      return {
        outbound_sms_prices: [
          {
            carrier: "All Other Networks",
            mcc: null,
            mnc: null,
            prices: types.map((type) => ({ number_type: type, ...price(text) })),
          },
        ],
        inbound_sms_prices: types.map((type) => ({ number_type: type, ...price(texted) })),
      };
    },
  },
} as const satisfies Record<string, Sheet>;

export type SheetName = keyof typeof SHEETS;

const headOf = (sheet: Sheet, origin: string, { code, name }: Country) => ({
  country: name,
  iso_country: code,
  url: `${origin}${sheet.path}/${code}`,
});

/** The prices of one country. Throws 20404 for one that has none. */
export function priceSheet(store: Store, name: SheetName, origin: string, code: string): object {
  const sheet: Sheet = SHEETS[name];
  const country = countryOf(code);
  if (!country) throw notFound(`${sheet.path.replace(/^\/v\d/, "")}/${code}`);
  return { ...headOf(sheet, origin, country), price_unit: "USD", ...sheet.of(store, country) };
}

/** The countries that have prices. */
export const pricedCountries = (name: SheetName, origin: string): readonly object[] =>
  COUNTRIES.map((country) => headOf(SHEETS[name], origin, country));

export const sheetPath = (name: SheetName): string => SHEETS[name].path;
