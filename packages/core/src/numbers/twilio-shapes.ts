import { ADDRESS_REQUIREMENTS, CAPABILITIES, CountryCode, NUMBER_TYPES, type NumberType, PhoneNumber } from "@aira/contract";
import * as z from "zod/mini";
import type { AvailableNumber, ProvidedNumber, ProvidedPage, ProviderPrice } from "./provider.ts";

const Text = z.nullish(z.string());
const Sid = z.string().check(z.regex(/^PN[0-9a-f]{32}$/i));
const Decimal = z.string().check(z.regex(/^-?\d+(\.\d+)?$/));

const Country = z.object({ country_code: CountryCode, country: z.string(), subresource_uris: z.record(z.string(), z.unknown()) });
const CountryPage = z.object({ countries: z.array(Country), next_page_uri: Text });

const Available = z.object({
  phone_number: PhoneNumber,
  friendly_name: z.string(),
  region: Text,
  locality: Text,
  postal_code: Text,
  address_requirements: z.string(),
  capabilities: z.record(z.string(), z.unknown()),
});

const AvailablePage = z.object({ available_phone_numbers: z.array(Available) });

const Provided = z.object({
  sid: Sid,
  phone_number: z.string(),
  friendly_name: Text,
  voice_url: Text,
  voice_fallback_url: Text,
  sms_url: Text,
  sms_fallback_url: Text,
  status_callback: Text,
});

const Owned = z.object({ incoming_phone_numbers: z.array(Provided), next_page_uri: Text });

const CountryPrices = z.object({
  price_unit: z.string(),
  phone_number_prices: z.nullable(z.array(z.object({ number_type: z.string(), current_price: z.unknown() }))),
});

const Balance = z.object({ balance: Decimal, currency: z.string() });

/** Twilio also lists types that Aira does not sell. */
const typesOf = ({ subresource_uris }: z.infer<typeof Country>): readonly NumberType[] =>
  NUMBER_TYPES.filter((type) => Object.hasOwn(subresource_uris, type));

export const typesIn = (country: unknown): readonly NumberType[] => typesOf(Country.parse(country));

/** Countries of which Aira sells at least one type. */
export function countriesIn(found: unknown) {
  const { countries, next_page_uri } = CountryPage.parse(found);
  return {
    countries: countries
      .map((country) => ({ country: country.country_code, name: country.country, types: typesOf(country) }))
      .filter(({ types }) => types.length > 0),
    next: next_page_uri ?? undefined,
  };
}

/** Under the country and type that were asked for: they are part of the question, not of each number. */
export const availableNumbers = (found: unknown, country: string, type: NumberType): readonly AvailableNumber[] =>
  AvailablePage.parse(found).available_phone_numbers.map((number) => availableNumber(number, country, type));

function availableNumber(number: z.infer<typeof Available>, country: string, type: NumberType): AvailableNumber {
  // Twilio writes SMS and MMS in capitals here, and in small letters elsewhere.
  const able = Object.entries(number.capabilities).flatMap(([name, value]) => (value === true ? [name.toLowerCase()] : []));
  return {
    phoneNumber: number.phone_number,
    nationalFormat: number.friendly_name,
    country,
    type,
    region: number.region ?? null,
    locality: number.locality ?? null,
    postalCode: number.postal_code ?? null,
    capabilities: CAPABILITIES.filter((capability) => able.includes(capability)),
    // A requirement that we do not know is no reason to promise that there is none.
    addressRequirement: ADDRESS_REQUIREMENTS.find((known) => known === number.address_requirements) ?? "any",
  };
}

export const providedNumber = (found: unknown): ProvidedNumber => provided(Provided.parse(found));

/** A page of our account's numbers. `next` is a path at Twilio, its query included. */
export function providedPage(found: unknown): ProvidedPage {
  const { incoming_phone_numbers, next_page_uri } = Owned.parse(found);
  return { numbers: incoming_phone_numbers.map(provided), next: next_page_uri ?? undefined };
}

function provided(number: z.infer<typeof Provided>): ProvidedNumber {
  return {
    sid: number.sid,
    phoneNumber: number.phone_number,
    tag: number.friendly_name ?? "",
    webhooks: {
      voiceUrl: number.voice_url ?? "",
      voiceFallbackUrl: number.voice_fallback_url ?? "",
      smsUrl: number.sms_url ?? "",
      smsFallbackUrl: number.sms_fallback_url ?? "",
      statusCallbackUrl: number.status_callback ?? "",
    },
  };
}

/** The SID under which exactly this number was bought. An answer about another number does not tell. */
export const boughtSid = (bought: unknown, phoneNumber: string): string =>
  z.object({ sid: Sid, phone_number: z.literal(phoneNumber) }).parse(bought).sid;

/** What our account pays, its discounts taken off. Amounts stay as written: a decimal that became a float is another amount. */
export function pricesIn(found: unknown): readonly ProviderPrice[] {
  const { price_unit, phone_number_prices } = CountryPrices.parse(found);
  return (phone_number_prices ?? []).flatMap(({ number_type, current_price }) => {
    // Twilio writes "toll free" here, and toll_free elsewhere.
    const type = NUMBER_TYPES.find((known) => known === number_type.replace(" ", "_"));
    return type === undefined ? [] : [{ type, currency: price_unit.toUpperCase(), monthly: Decimal.parse(current_price) }];
  });
}

export function balanceIn(found: unknown): { readonly amount: string; readonly currency: string } {
  const { balance, currency } = Balance.parse(found);
  return { amount: balance, currency: currency.toUpperCase() };
}
