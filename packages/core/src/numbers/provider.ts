import type { AddressRequirement, Capability, ErrorCode, NumberType } from "@aira/contract";

/** What to look for among numbers that can be bought. */
export interface NumberQuery {
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly type: NumberType;
  readonly areaCode?: string | undefined;
  /** Digits, letters and `*`. */
  readonly contains?: string | undefined;
  readonly region?: string | undefined;
  readonly locality?: string | undefined;
  readonly capabilities?: readonly Capability[] | undefined;
  readonly limit: number;
}

/** A number that can be bought at this moment. */
export interface AvailableNumber {
  readonly phoneNumber: string;
  readonly nationalFormat: string;
  readonly country: string;
  readonly type: NumberType;
  readonly region: string | null;
  readonly locality: string | null;
  readonly postalCode: string | null;
  readonly capabilities: readonly Capability[];
  readonly addressRequirement: AddressRequirement;
}

/** Where a number's calls and texts go: everything that it is told at the provider. */
export interface NumberWebhooks {
  readonly voiceUrl: string;
  readonly voiceFallbackUrl: string;
  readonly smsUrl: string;
  readonly smsFallbackUrl: string;
  readonly statusCallbackUrl: string;
}

/** One exact purchase. */
export interface NumberOrder {
  readonly phoneNumber: string;
  readonly country: string;
  readonly type: NumberType;
  readonly addressRequirement: AddressRequirement;
  /** `aira:<stage>:<purchaseId>`: by it an answer that was lost is found again. */
  readonly tag: string;
  readonly webhooks: NumberWebhooks;
}

/** A number that our account has at the provider. */
export interface ProvidedNumber {
  readonly sid: string;
  readonly phoneNumber: string;
  readonly tag: string;
  readonly webhooks: NumberWebhooks;
}

/**
 * What became of a purchase. `refused`: it certainly was not made, with our code and a sentence for the customer. `unknown`: no
 * answer, or one that does not tell; only looking the number up can.
 */
export type OrderOutcome =
  | { readonly outcome: "bought"; readonly sid: string }
  | { readonly outcome: "refused"; readonly code: ErrorCode; readonly detail: string; readonly cause?: unknown }
  | { readonly outcome: "unknown"; readonly cause: unknown };

/** What the provider asks for one type of number in one country, a month, as decimal strings of `currency`. */
export interface ProviderPrice {
  readonly type: NumberType;
  readonly currency: string;
  readonly monthly: string;
}

export interface ProvidedPage {
  readonly numbers: readonly ProvidedNumber[];
  /** Hand it back as `after`; undefined at the end. */
  readonly next: string | undefined;
}

/**
 * The port to Twilio. Reads, updates and releases throw `number_provider.unavailable` (try again later: also when the outcome of an
 * update or a release is not known, since repeating those is harmless) or `number_provider.refused` (not before somebody mends the cause).
 */
export interface NumberProvider {
  /** Countries with their types, as the provider sells them. */
  countries(): Promise<readonly { readonly country: string; readonly name: string; readonly types: readonly NumberType[] }[]>;
  /** The types of one country; empty when it is not sold. */
  typesOf(country: string): Promise<readonly NumberType[]>;
  /** Empty also when the country or the type is not sold, or the area has none. */
  search(query: NumberQuery): Promise<readonly AvailableNumber[]>;
  /** Exactly this number, if it can be bought under this country and type. Not one that our account already has. */
  findAvailable(phoneNumber: string, country: string, type: NumberType): Promise<AvailableNumber | undefined>;
  /** Exactly this number, once, without retries. Never throws for what the provider answered or failed to answer. */
  buy(order: NumberOrder): Promise<OrderOutcome>;
  /** The number, if our account has it. The provider's list may lag behind a purchase. */
  findOwned(phoneNumber: string): Promise<ProvidedNumber | undefined>;
  /** Every number of our account, a page at a time. */
  listOwned(after: string | undefined): Promise<ProvidedPage>;
  /** Sets webhooks and tag again. Undefined: there is no such number any more. */
  update(sid: string, settings: { readonly tag: string; readonly webhooks: NumberWebhooks }): Promise<ProvidedNumber | undefined>;
  /** Gives the number back for ever. `gone`: it was not there any more, which is as good. */
  release(sid: string): Promise<"released" | "gone">;
  /** Prices of a country's numbers; undefined when the provider has none for it. */
  prices(country: string): Promise<readonly ProviderPrice[] | undefined>;
  /** What our account has left, as a decimal string. */
  balance(): Promise<{ readonly amount: string; readonly currency: string }>;
}
