import { TwilioFault } from "./fault.ts";
import type { NumberSettings } from "./objects.ts";

/** The parameters of a call, of a form or a query. Names that a call doesn't know are ignored, as Twilio ignores them. */
export type Form = URLSearchParams;

/** Twilio reads booleans leniently: anything but `true` is false. */
export const booleanOf = (form: Form, name: string): boolean | undefined => {
  const text = form.get(name);
  return text === null ? undefined : text.toLowerCase() === "true";
};

export const required = (form: Form, name: string): string => {
  const text = form.get(name);
  if (text === null || text === "") throw new TwilioFault(20001, `Missing required parameter ${name} in the post body`);
  return text;
};

const MAX_URL_LENGTH = 4000;

/** An absolute http or https address, or nothing at all to unset it. */
function urlOf(name: string, text: string, code: number): string {
  if (text === "") return text;
  const absolute = /^https?:\/\/[^/]/i.test(text) && URL.canParse(text) && text.length <= MAX_URL_LENGTH;
  if (!absolute) throw new TwilioFault(code, `${name} is not a valid URL: ${text.slice(0, 200)}`);
  return text;
}

function methodOf(name: string, text: string): string {
  const method = text.toUpperCase();
  if (method !== "GET" && method !== "POST") throw new TwilioFault(21403, `${name} is invalid: must be GET or POST`);
  return method;
}

const MAX_NAME_LENGTH = 64;

function nameOf(name: string, text: string): string {
  if (text.length > MAX_NAME_LENGTH) throw new TwilioFault(20001, `${name} can be up to ${MAX_NAME_LENGTH} characters long`);
  return text;
}

type Reader = (name: string, text: string) => string | boolean | null;

const url: Reader = (name, text) => urlOf(name, text, 21402);
const callback: Reader = (name, text) => urlOf(name, text, 21502);
const sid: Reader = (_name, text) => (text === "" ? null : text);
const asIs: Reader = (_name, text) => text;

const SETTINGS: readonly (readonly [parameter: string, field: keyof NumberSettings, read: Reader])[] = [
  ["FriendlyName", "friendly_name", nameOf],
  ["VoiceUrl", "voice_url", url],
  ["VoiceMethod", "voice_method", methodOf],
  ["VoiceFallbackUrl", "voice_fallback_url", url],
  ["VoiceFallbackMethod", "voice_fallback_method", methodOf],
  ["VoiceCallerIdLookup", "voice_caller_id_lookup", (_name, text) => text.toLowerCase() === "true"],
  ["VoiceApplicationSid", "voice_application_sid", asIs],
  ["SmsUrl", "sms_url", url],
  ["SmsMethod", "sms_method", methodOf],
  ["SmsFallbackUrl", "sms_fallback_url", url],
  ["SmsFallbackMethod", "sms_fallback_method", methodOf],
  ["SmsApplicationSid", "sms_application_sid", asIs],
  ["StatusCallback", "status_callback", callback],
  ["StatusCallbackMethod", "status_callback_method", methodOf],
  ["AddressSid", "address_sid", sid],
  ["BundleSid", "bundle_sid", sid],
  ["IdentitySid", "identity_sid", sid],
  ["TrunkSid", "trunk_sid", sid],
];

/** The settings of a number that a form names. Throws Twilio's refusal of the first that is wrong. */
export function settingsOf(form: Form): Partial<NumberSettings> {
  const settings: Record<string, string | boolean | null> = {};
  for (const [parameter, field, read] of SETTINGS) {
    const text = form.get(parameter);
    if (text !== null) settings[field] = read(parameter, text);
  }
  return settings;
}
