/** One call's leg or one text, as the provider lists and prices it. */
export interface ProvidedUsage {
  readonly sid: string;
  /** Of a leg: the call that it was connected from. */
  readonly parentSid: string | undefined;
  readonly kind: "call" | "sms";
  readonly direction: "inbound" | "outbound";
  /** An answer to a text that came in: the charge for that text covers it. */
  readonly isReply: boolean;
  readonly from: string;
  readonly to: string;
  /** Seconds of a call, segments of a text. */
  readonly quantity: number;
  /** A signed decimal string: below zero is what we pay. Null: not priced yet. */
  readonly price: string | null;
  /** ISO 4217. */
  readonly priceUnit: string;
}

export interface UsagePage {
  readonly usage: readonly ProvidedUsage[];
  /** Hand it back as `after`; undefined at the end. */
  readonly next: string | undefined;
}

/** The port to the provider's list of what was used. Errors: `number_provider.unavailable`, `number_provider.refused`. */
export interface UsageProvider {
  /** Calls and texts of one day in UTC (`YYYY-MM-DD`), of the whole account, a page at a time. */
  listUsage(day: string, after: string | undefined): Promise<UsagePage>;
}
