import type {
  AddressRequirement,
  Capability,
  ConversationKind,
  ConversationStatus,
  Currency,
  EntryKind,
  NumberState,
  NumberType,
} from "@aira/contract";

/** What numbers to look for. */
export interface ToolSearch {
  readonly country: string;
  readonly type: NumberType;
  readonly areaCode?: string | undefined;
  readonly contains?: string | undefined;
  readonly locality?: string | undefined;
  readonly currency: Currency;
  readonly limit: number;
}

/** Our price of a number, in minor units. */
export interface ToolPrice {
  readonly currency: Currency;
  readonly setUpMinor: number;
  readonly monthlyMinor: number;
  readonly dueNowMinor: number;
}

/**
 * What the customer's tools read. Each is bound to one owner when the ports are made and takes none, so that nothing that a model or a
 * text says can name another. Errors: AiraError, which the tool passes on.
 */
export interface CustomerToolPorts {
  balance(): Promise<{
    readonly balances: readonly { readonly currency: Currency; readonly availableMinor: number; readonly heldMinor: number }[];
    readonly frozen: boolean;
    readonly restricted: boolean;
  }>;
  /** The newest entries of the statement, newest first. */
  transactions(limit: number): Promise<
    readonly {
      /** ISO 8601. */
      readonly at: string;
      readonly kind: EntryKind;
      readonly currency: Currency;
      /** Signed changes of the available and the held balance. */
      readonly amountMinor: number;
      readonly heldMinor: number;
      readonly description: string;
    }[]
  >;
  /** The owner's numbers that are still theirs, newest first. */
  numbers(): Promise<
    readonly {
      readonly phoneNumber: string;
      readonly country: string;
      readonly type: NumberType;
      readonly state: NumberState;
      readonly currency: Currency;
      readonly monthlyMinor: number;
      /** ISO 8601: when the next month is charged; null when it is not. */
      readonly renewsAt: string | null;
    }[]
  >;
  /** Numbers that can be bought at this moment, each with our price. */
  search(query: ToolSearch): Promise<{
    readonly numbers: readonly {
      readonly phoneNumber: string;
      readonly country: string;
      readonly type: NumberType;
      readonly region: string | null;
      readonly locality: string | null;
      readonly capabilities: readonly Capability[];
      readonly addressRequirement: AddressRequirement;
      readonly price: ToolPrice;
    }[];
    /** Why there are none. */
    readonly reason: { readonly code: string } | null;
  }>;
  /** Our price, or undefined when numbers of this kind are not sold. */
  prices(country: string, type: NumberType, currency: Currency): Promise<ToolPrice | undefined>;
  /** The owner's calls and texts, newest first. */
  conversations(limit: number): Promise<
    readonly {
      readonly kind: ConversationKind;
      readonly direction: "inbound" | "outbound";
      readonly status: ConversationStatus;
      readonly peer: string | null;
      /** Whether a voicemail was left. */
      readonly voicemail: boolean;
      /** ISO 8601. */
      readonly startedAt: string;
    }[]
  >;
}
