import * as z from "zod/mini";
import { AmountMinor, Currency } from "../money.ts";
import { PhoneNumber } from "./phone-number.ts";
import { NumberSettings } from "./settings.ts";

/** Kinds of numbers, as Twilio sells them. Which of them a country has, Twilio says. */
export const NUMBER_TYPES = ["local", "toll_free", "mobile", "national"] as const;
export const NumberType = z.enum(NUMBER_TYPES);
export type NumberType = (typeof NUMBER_TYPES)[number];

export const CAPABILITIES = ["voice", "sms", "mms", "fax"] as const;
export const Capability = z.enum(CAPABILITIES);
export type Capability = (typeof CAPABILITIES)[number];

/** Which address a country's law asks for before a number may be bought: none, any, one in the country, one abroad. */
export const ADDRESS_REQUIREMENTS = ["none", "any", "local", "foreign"] as const;
export const AddressRequirement = z.enum(ADDRESS_REQUIREMENTS);
export type AddressRequirement = (typeof ADDRESS_REQUIREMENTS)[number];

/**
 * Where a number stands. `pending`: money is held and whether it was bought is not known yet; `suspended`: a month went unpaid, and
 * callers hear a notice; `releasing`: on its way out; `released`: gone; `failed`: it was not to be had, and the money is back.
 */
export const NUMBER_STATES = ["pending", "active", "suspended", "releasing", "released", "failed"] as const;
export const NumberState = z.enum(NUMBER_STATES);
export type NumberState = (typeof NUMBER_STATES)[number];

/** ISO 3166-1 alpha-2, in upper case. */
export const CountryCode = z.string().check(z.regex(/^[A-Z]{2}$/));

export const NumberId = z.string().check(z.regex(/^num_[0-9a-hjkmnp-tv-z]{26}$/));

/** What a number costs, in minor units of one currency. */
export const NumberPrice = z.object({
  currency: Currency,
  /** Once, when it is bought. */
  setUpMinor: z.int(),
  /** In advance for each month, the first one when it is bought. */
  monthlyMinor: z.int(),
  /** Both together: what a purchase holds and then charges. */
  dueNowMinor: z.int(),
});

/** A number of this owner. */
export const OwnedNumber = z.object({
  numberId: NumberId,
  /** What the statement's entries refer to. */
  purchaseId: z.string(),
  phoneNumber: PhoneNumber,
  country: CountryCode,
  type: NumberType,
  region: z.nullable(z.string()),
  locality: z.nullable(z.string()),
  capabilities: z.array(Capability),
  state: NumberState,
  /** Of a `failed` one: why it was not to be had, as an error code. */
  failure: z.nullable(z.string()),
  price: NumberPrice,
  /** End of the time that is paid for. Null before it was bought. */
  paidThrough: z.nullable(z.iso.datetime()),
  /** When the next month will be charged. Null when it will not. */
  renewsAt: z.nullable(z.iso.datetime()),
  /** Since when a month could not be paid. */
  unpaidSince: z.nullable(z.iso.datetime()),
  /** What happens next while it is unpaid, and when: `suspend` or `release`. */
  unpaidNext: z.nullable(z.object({ action: z.enum(["suspend", "release"]), at: z.iso.datetime() })),
  settings: NumberSettings,
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});

/** An amount that the caller was shown and agrees to, in minor units. */
export const ExpectedMinor = AmountMinor;
