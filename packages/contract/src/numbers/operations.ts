import * as z from "zod/mini";
import { Cursor } from "../cursor.ts";
import { Currency, QueryInteger } from "../money.ts";
import type { Operation } from "../operation.ts";
import {
  AddressRequirement,
  Capability,
  CountryCode,
  ExpectedMinor,
  NumberId,
  NumberPrice,
  NumberState,
  NumberType,
  OwnedNumber,
} from "./number.ts";
import { PhoneNumber } from "./phone-number.ts";
import { FriendlyName, NumberSettingsPatch } from "./settings.ts";

const Place = z.string().check(z.minLength(1), z.maxLength(64), z.regex(/^[\p{L}\p{M}\p{N} .,'’()-]+$/u));

export const SearchNumbersQuery = z.strictObject({
  country: CountryCode,
  type: z._default(NumberType, "local"),
  /** Three digits; the United States and Canada only. */
  areaCode: z.optional(z.string().check(z.regex(/^[2-9]\d{2}$/))),
  /** Digits, letters as on a phone's keys, `*` for any one digit; at least 2 characters. */
  contains: z.optional(z.string().check(z.regex(/^[0-9A-Za-z*]{2,16}$/))),
  region: z.optional(Place),
  locality: z.optional(Place),
  /** What it must be able to do, comma-separated: voice, sms, mms, fax. */
  capabilities: z.optional(z.string().check(z.regex(/^(voice|sms|mms|fax)(,(voice|sms|mms|fax)){0,3}$/))),
  /** The currency of the prices. */
  currency: z._default(Currency, "USD"),
  limit: z._default(QueryInteger(1, 50), 20),
});

/** A number that could be bought when the search was made. It is not reserved. */
export const AvailableNumber = z.object({
  phoneNumber: PhoneNumber,
  nationalFormat: z.string(),
  country: CountryCode,
  type: NumberType,
  region: z.nullable(z.string()),
  locality: z.nullable(z.string()),
  postalCode: z.nullable(z.string()),
  capabilities: z.array(Capability),
  addressRequirement: AddressRequirement,
  price: NumberPrice,
});

export const NUMBER_SEARCH_REASONS = ["country_not_sold", "type_not_sold", "none_found"] as const;

export const SearchNumbersOutput = z.object({
  numbers: z.array(AvailableNumber),
  /** Which types this country has. */
  types: z.array(NumberType),
  /** Why the list is empty. */
  reason: z.nullable(z.object({ code: z.enum(NUMBER_SEARCH_REASONS), detail: z.string() })),
  /** What the law or the network restricts in this country, a sentence each. */
  notes: z.array(z.string()),
});

export const NumberCountriesOutput = z.object({
  countries: z.array(z.object({ country: CountryCode, name: z.string(), types: z.array(NumberType) })),
});

export const PurchaseNumberInput = z.strictObject({
  phoneNumber: PhoneNumber,
  currency: Currency,
  /** `dueNowMinor` of the price that the customer was shown. Another price is refused with 409 and the new one. */
  expectedMinor: ExpectedMinor,
  /** `monthlyMinor` of it, when that was shown too. */
  expectedMonthlyMinor: z.optional(ExpectedMinor),
  friendlyName: z.optional(FriendlyName),
  /** As the search answered them. They save looking the number up under other countries and types, and are verified. */
  country: z.optional(CountryCode),
  type: z.optional(NumberType),
});

export const ListNumbersQuery = z.strictObject({
  /** Default: all but `released` and `failed`. */
  state: z.optional(NumberState),
  limit: z._default(QueryInteger(1, 100), 50),
  cursor: Cursor,
});

export const ListNumbersOutput = z.object({ numbers: z.array(OwnedNumber), nextCursor: z.nullable(z.string()) });

export const ReleaseNumberInput = z.strictObject({
  /** Only says what would be lost. */
  dryRun: z._default(z.boolean(), false),
});

export const ReleaseNumberOutput = z.object({
  number: OwnedNumber,
  dryRun: z.boolean(),
  /** What releasing costs, a sentence each: it can't be undone. */
  losses: z.array(z.string()),
  /** Always zero: the running month is not refunded. */
  refundMinor: z.literal(0),
});

const numberId = z.strictObject({ numberId: NumberId });

export const searchNumbers = {
  method: "GET",
  path: "/api/numbers/search",
  summary: "Numbers to buy, with our price",
  description:
    "What Twilio has at this moment; a result is no reservation. A country or type that is not sold is an empty list with a reason.",
  auth: "jwt",
  query: SearchNumbersQuery,
  output: SearchNumbersOutput,
  status: 200,
  errors: ["number_provider.unavailable", "number_provider.refused"],
} as const satisfies Operation;

export const listNumberCountries = {
  method: "GET",
  path: "/api/numbers/countries",
  summary: "Countries that numbers are sold in, with the types of each",
  auth: "jwt",
  output: NumberCountriesOutput,
  status: 200,
  errors: ["number_provider.unavailable", "number_provider.refused"],
} as const satisfies Operation;

export const purchaseNumber = {
  method: "POST",
  path: "/api/numbers/purchase",
  summary: "Buy one number from the wallet",
  description:
    "The price is held, the number is bought, then the hold is captured. 201: it is yours. 202: whether it was bought is not known yet; the money stays held until that is settled, by itself or when the request is repeated with the same key.",
  auth: "jwt",
  idempotent: true,
  body: PurchaseNumberInput,
  output: OwnedNumber,
  status: 201,
  unsettled: 202,
  errors: [
    "number.price_moved",
    "number.not_available",
    "number.released",
    "number.limit_reached",
    "number.address_required",
    "number.bundle_required",
    "wallet.insufficient_funds",
    "wallet.restricted",
    "wallet.frozen",
    "wallet.busy",
    "number_provider.unavailable",
    "number_provider.refused",
    "outcome.unknown",
  ],
} as const satisfies Operation;

export const listNumbers = {
  method: "GET",
  path: "/api/numbers",
  summary: "Your numbers, newest first",
  auth: "jwt",
  query: ListNumbersQuery,
  output: ListNumbersOutput,
  status: 200,
  errors: ["cursor.invalid"],
} as const satisfies Operation;

export const getNumber = {
  method: "GET",
  path: "/api/numbers/{numberId}",
  summary: "One of your numbers",
  auth: "jwt",
  params: numberId,
  output: OwnedNumber,
  status: 200,
  errors: ["number.not_found"],
} as const satisfies Operation;

export const updateNumber = {
  method: "PATCH",
  path: "/api/numbers/{numberId}",
  summary: "Change how a number answers",
  description: "What is absent stays as it is. `forward` needs a `forwardTo`, in this change or before it.",
  auth: "jwt",
  params: numberId,
  body: NumberSettingsPatch,
  output: OwnedNumber,
  status: 200,
  errors: ["number.not_found", "number.not_active", "number.forward_to_required", "number.forward_to_own"],
} as const satisfies Operation;

export const releaseNumber = {
  method: "POST",
  path: "/api/numbers/{numberId}/release",
  summary: "Give a number back, for ever",
  description: "With `dryRun` only says what is lost. The running month is not refunded. 202: on its way; it will be finished by itself.",
  auth: "jwt",
  params: numberId,
  body: ReleaseNumberInput,
  output: ReleaseNumberOutput,
  status: 200,
  unsettled: 202,
  errors: ["number.not_found", "number.pending", "service.busy"],
} as const satisfies Operation;

export const numberOperations = { searchNumbers, listNumberCountries, purchaseNumber, listNumbers, getNumber, updateNumber, releaseNumber };
