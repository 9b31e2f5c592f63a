import {
  CONVERSATION_KINDS,
  CountryCode,
  Currency,
  currencies,
  EntryKind,
  NUMBER_TYPES,
  NumberState,
  NumberType,
  PhoneNumber,
} from "@aira/contract";
import * as z from "zod/mini";

const Limit = z.optional(z.int().check(z.gte(1), z.lte(10)));
const DECIMAL = "^\\d{1,7}(\\.\\d{1,2})?$";
const AREA_CODE = "^[2-9]\\d{2}$";
const CONTAINS = "^[0-9A-Za-z*]{2,16}$";

/** The JSON Schemas are written out: making them from the others' would carry zod's generator into every function. A test holds them equal. */
const json = (required: readonly string[], properties: Readonly<Record<string, unknown>>) => ({
  type: "object",
  properties,
  ...(required.length > 0 ? { required } : {}),
  additionalProperties: false,
});
const limit = { type: "integer", minimum: 1, maximum: 10 };
const country = { type: "string", pattern: "^[A-Z]{2}$" };
const type = { type: "string", enum: NUMBER_TYPES };
const currency = { type: "string", enum: currencies };

const Minor = z.int();
const Price = z.object({
  currency: Currency,
  setUpMinor: Minor,
  monthlyMinor: Minor,
  dueNowMinor: Minor,
  setUp: z.string(),
  monthly: z.string(),
  dueNow: z.string(),
});
const Proposed = z.object({ proposed: z.literal(true), note: z.string() });

/**
 * Everything that the assistant can look up or propose for a customer: a closed table. No input has a place for an owner. Amounts go to a
 * model as decimal strings beside the minor units, and come from it as such, since models count decimals badly.
 */
export const TOOLS = {
  read_balance: {
    description: "The customer's balances: available and held, per currency; whether the wallet is frozen or restricted.",
    input: z.strictObject({}),
    json: json([], {}),
    output: z.object({
      balances: z.array(z.object({ currency: Currency, availableMinor: Minor, heldMinor: Minor, available: z.string(), held: z.string() })),
      frozen: z.boolean(),
      restricted: z.boolean(),
    }),
  },
  list_transactions: {
    description:
      "The newest entries of the customer's statement, newest first. `net` is what the wallet gained or lost; zero: money was only set aside.",
    input: z.strictObject({ limit: Limit }),
    json: json([], { limit }),
    output: z.object({
      transactions: z.array(
        z.object({ at: z.string(), kind: EntryKind, currency: Currency, netMinor: Minor, net: z.string(), description: z.string() }),
      ),
    }),
  },
  list_numbers: {
    description: "The customer's phone numbers, each with its state, monthly price and next charge.",
    input: z.strictObject({}),
    json: json([], {}),
    output: z.object({
      numbers: z.array(
        z.object({
          phoneNumber: z.string(),
          country: z.string(),
          type: NumberType,
          state: NumberState,
          currency: Currency,
          monthlyMinor: Minor,
          monthly: z.string(),
          renewsAt: z.nullable(z.string()),
        }),
      ),
    }),
  },
  search_numbers: {
    description: "Numbers that can be bought now in a country (ISO 3166 code), with their price. Not reserved. Type is local unless given.",
    input: z.strictObject({
      country: CountryCode,
      currency: Currency,
      type: z.optional(NumberType),
      areaCode: z.optional(z.string().check(z.regex(new RegExp(AREA_CODE)))),
      contains: z.optional(z.string().check(z.regex(new RegExp(CONTAINS)))),
    }),
    json: json(["country", "currency"], {
      country,
      currency,
      type,
      areaCode: { type: "string", pattern: AREA_CODE },
      contains: { type: "string", pattern: CONTAINS },
    }),
    output: z.object({
      numbers: z.array(
        z.object({
          phoneNumber: z.string(),
          country: z.string(),
          type: NumberType,
          region: z.nullable(z.string()),
          locality: z.nullable(z.string()),
          capabilities: z.array(z.string()),
          addressRequirement: z.string(),
          price: Price,
        }),
      ),
      reason: z.nullable(z.string()),
    }),
  },
  number_prices: {
    description: "What a number of a type costs in a country (ISO 3166 code): once, and each month. `price` is null when it is not sold.",
    input: z.strictObject({ country: CountryCode, type: NumberType, currency: Currency }),
    json: json(["country", "type", "currency"], { country, type, currency }),
    output: z.object({ price: z.nullable(Price) }),
  },
  list_conversations: {
    description: "The customer's newest calls and texts: with whom, when, and whether a call was missed or a voicemail left.",
    input: z.strictObject({ limit: Limit, kind: z.optional(z.enum(CONVERSATION_KINDS)) }),
    json: json([], { limit, kind: { type: "string", enum: CONVERSATION_KINDS } }),
    output: z.object({
      conversations: z.array(
        z.object({
          kind: z.enum(CONVERSATION_KINDS),
          direction: z.string(),
          status: z.string(),
          peer: z.nullable(z.string()),
          missed: z.boolean(),
          voicemail: z.boolean(),
          startedAt: z.string(),
        }),
      ),
    }),
  },
  propose_top_up: {
    description:
      "Shows the customer a button to top up their wallet. `amount` is a decimal number like 25.00. Nothing is paid before they press it.",
    input: z.strictObject({ currency: Currency, amount: z.string().check(z.regex(new RegExp(DECIMAL))) }),
    json: json(["currency", "amount"], { currency, amount: { type: "string", pattern: DECIMAL } }),
    output: Proposed,
  },
  propose_purchase: {
    description: "Shows the customer a button to buy one number that search_numbers has found. Nothing is bought before they press it.",
    input: z.strictObject({ phoneNumber: PhoneNumber, country: CountryCode, type: NumberType, currency: Currency }),
    json: json(["phoneNumber", "country", "type", "currency"], {
      phoneNumber: { type: "string", pattern: "^\\+[1-9]\\d{6,14}$" },
      country,
      type,
      currency,
    }),
    output: Proposed,
  },
} as const;

export type ToolName = keyof typeof TOOLS;
export const toolNames = Object.keys(TOOLS) as ToolName[];
export type ToolInput<N extends ToolName> = z.infer<(typeof TOOLS)[N]["input"]>;
export type ToolOutput<N extends ToolName> = z.infer<(typeof TOOLS)[N]["output"]>;
