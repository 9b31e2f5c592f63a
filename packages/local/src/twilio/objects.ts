export const API_VERSION = "2010-04-01";

export const E164 = /^\+[1-9]\d{6,14}$/;

/** The kinds of number that Twilio sells, as `subresource_uris` names them. */
export const NUMBER_TYPES = ["local", "toll_free", "mobile", "national"] as const;
export type NumberType = (typeof NUMBER_TYPES)[number];

export type AddressRequirement = "none" | "any" | "local" | "foreign";

export interface Capabilities {
  readonly voice: boolean;
  readonly sms: boolean;
  readonly mms: boolean;
  readonly fax: boolean;
}

/** What calls are counted, logged and failed by. */
export const OPERATIONS = [
  "countries.list",
  "countries.fetch",
  "available.list",
  "numbers.create",
  "numbers.list",
  "numbers.fetch",
  "numbers.update",
  "numbers.delete",
  "addresses.create",
  "addresses.list",
  "addresses.fetch",
  "bundles.list",
  "balance.fetch",
  "messages.create",
  "messages.list",
  "messages.fetch",
  "calls.list",
  "calls.fetch",
  "recordings.list",
  "recordings.fetch",
  "recordings.media",
  "pricing.numbers.list",
  "pricing.numbers.fetch",
  "pricing.voice.list",
  "pricing.voice.fetch",
  "pricing.messaging.list",
  "pricing.messaging.fetch",
] as const;
export type Operation = (typeof OPERATIONS)[number];

/** A number that the account owns, in Twilio's own shape. */
export interface IncomingNumber {
  readonly sid: string;
  readonly account_sid: string;
  readonly phone_number: string;
  readonly friendly_name: string;
  readonly type: "local" | "tollfree" | "mobile" | "national";
  readonly status: "in-use";
  readonly origin: "twilio";
  readonly api_version: typeof API_VERSION;
  readonly date_created: string;
  readonly date_updated: string;
  readonly voice_url: string;
  readonly voice_method: string;
  readonly voice_fallback_url: string;
  readonly voice_fallback_method: string;
  readonly voice_caller_id_lookup: boolean;
  readonly voice_application_sid: string;
  readonly voice_receive_mode: "voice";
  readonly sms_url: string;
  readonly sms_method: string;
  readonly sms_fallback_url: string;
  readonly sms_fallback_method: string;
  readonly sms_application_sid: string;
  readonly status_callback: string;
  readonly status_callback_method: string;
  readonly address_requirements: AddressRequirement;
  readonly address_sid: string | null;
  readonly bundle_sid: string | null;
  readonly identity_sid: string | null;
  readonly trunk_sid: string | null;
  readonly emergency_status: "Inactive";
  readonly emergency_address_sid: string | null;
  readonly emergency_address_status: "unregistered";
  readonly beta: boolean;
  readonly capabilities: Capabilities;
  readonly uri: string;
}

/** The fields of a number that its owner sets. */
export type NumberSettings = Pick<
  IncomingNumber,
  | "friendly_name"
  | "voice_url"
  | "voice_method"
  | "voice_fallback_url"
  | "voice_fallback_method"
  | "voice_caller_id_lookup"
  | "voice_application_sid"
  | "sms_url"
  | "sms_method"
  | "sms_fallback_url"
  | "sms_fallback_method"
  | "sms_application_sid"
  | "status_callback"
  | "status_callback_method"
  | "address_sid"
  | "bundle_sid"
  | "identity_sid"
  | "trunk_sid"
>;

export interface Address {
  readonly sid: string;
  readonly account_sid: string;
  readonly friendly_name: string;
  readonly customer_name: string;
  readonly street: string;
  readonly street_secondary: string | null;
  readonly city: string;
  readonly region: string;
  readonly postal_code: string;
  readonly iso_country: string;
  readonly emergency_enabled: boolean;
  readonly validated: boolean;
  readonly verified: boolean;
  readonly date_created: string;
  readonly date_updated: string;
  readonly uri: string;
}

export const BUNDLE_STATUSES = [
  "draft",
  "pending-review",
  "in-review",
  "twilio-rejected",
  "twilio-approved",
  "provisionally-approved",
] as const;

/** A regulatory bundle: whose number it will be, with documents. `address_sid` is not on the wire; it is what the documents prove. */
export interface Bundle {
  readonly sid: string;
  readonly account_sid: string;
  readonly friendly_name: string;
  readonly iso_country: string;
  readonly number_type: NumberType;
  readonly status: (typeof BUNDLE_STATUSES)[number];
  readonly address_sid: string | null;
  readonly date_created: string;
}

export interface Message {
  readonly sid: string;
  readonly account_sid: string;
  readonly api_version: typeof API_VERSION;
  readonly body: string;
  readonly from: string;
  readonly to: string;
  readonly direction: "inbound" | "outbound-api" | "outbound-reply";
  readonly status: "queued" | "sending" | "sent" | "delivered" | "undelivered" | "failed" | "received";
  readonly num_segments: string;
  readonly num_media: string;
  /** Twilio prices a message a while after it was sent; until then null. */
  readonly price: string | null;
  readonly price_unit: string | null;
  readonly error_code: number | null;
  readonly error_message: string | null;
  readonly messaging_service_sid: string | null;
  readonly date_created: string;
  readonly date_sent: string | null;
  readonly date_updated: string;
  readonly uri: string;
  readonly subresource_uris: Readonly<Record<string, string>>;
}

export interface Call {
  readonly sid: string;
  readonly account_sid: string;
  readonly api_version: typeof API_VERSION;
  readonly parent_call_sid: string | null;
  readonly phone_number_sid: string;
  readonly from: string;
  readonly from_formatted: string;
  readonly to: string;
  readonly to_formatted: string;
  readonly direction: "inbound" | "outbound-api" | "outbound-dial";
  readonly status: "queued" | "ringing" | "in-progress" | "completed" | "busy" | "failed" | "no-answer" | "canceled";
  readonly start_time: string | null;
  readonly end_time: string | null;
  /** Seconds, as text. */
  readonly duration: string | null;
  readonly price: string | null;
  readonly price_unit: string;
  readonly answered_by: string | null;
  readonly forwarded_from: string | null;
  readonly group_sid: string | null;
  readonly caller_name: string | null;
  readonly queue_time: string;
  readonly trunk_sid: string | null;
  readonly date_created: string;
  readonly date_updated: string;
  readonly uri: string;
  readonly subresource_uris: Readonly<Record<string, string>>;
}

export interface Recording {
  readonly sid: string;
  readonly account_sid: string;
  readonly api_version: typeof API_VERSION;
  readonly call_sid: string;
  readonly conference_sid: string | null;
  readonly status: "in-progress" | "completed" | "absent";
  readonly channels: number;
  readonly source: "RecordVerb" | "DialVerb";
  readonly start_time: string;
  /** Seconds, as text. */
  readonly duration: string;
  readonly price: string | null;
  readonly price_unit: string;
  readonly error_code: number | null;
  readonly encryption_details: null;
  readonly date_created: string;
  readonly date_updated: string;
  readonly uri: string;
  readonly subresource_uris: Readonly<Record<string, string>>;
}

/** Twilio's dates in the 2010 API: RFC 2822, always `+0000`. */
export const rfc2822 = (ms: number): string => new Date(ms).toUTCString().replace("GMT", "+0000");
