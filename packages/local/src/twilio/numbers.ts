import { microsOf } from "./amount.ts";
import type { StockNumber } from "./catalogue.ts";
import { countryOf } from "./countries.ts";
import { notFound, TwilioFault } from "./fault.ts";
import { type Form, settingsOf } from "./form.ts";
import { magicNumber, refuseMagic } from "./magic.ts";
import { API_VERSION, E164, type IncomingNumber, type NumberSettings, type NumberType } from "./objects.ts";
import { priceOf } from "./prices.ts";
import { checkRequirements } from "./requirements.ts";
import { COOL_DOWN_MS, firstAvailable } from "./search.ts";
import { replace, type Store } from "./store.ts";

/** What the account may do. */
export type AccountStatus = "active" | "suspended" | "restricted" | "trial";

const OWNED_TYPES: Readonly<Record<NumberType, IncomingNumber["type"]>> = {
  local: "local",
  toll_free: "tollfree",
  mobile: "mobile",
  national: "national",
};

export const ownedBy = (store: Store, phoneNumber: string): IncomingNumber | undefined =>
  [...store.numbers.values()].find((number) => number.phone_number === phoneNumber);

/** Twilio writes a number in many ways and reads most of them; separators don't count. */
function e164Of(text: string): string {
  const phoneNumber = text.replaceAll(/[\s().-]/g, "");
  if (!E164.test(phoneNumber)) throw new TwilioFault(21421, `${text.slice(0, 40)} is not a valid number`);
  return phoneNumber;
}

function byAreaCode(store: Store, areaCode: string): string {
  if (!/^\d{3}$/.test(areaCode)) throw new TwilioFault(21451, `AreaCode is invalid: ${areaCode.slice(0, 20)}`);
  const magic = magicNumber({ areaCode });
  if (magic) return magic.phoneNumber;
  for (const code of ["US", "CA"]) {
    const country = countryOf(code);
    const offer = country?.offers.find(({ type }) => type === "local");
    if (!country || !offer) continue;
    const [first] = firstAvailable(store, country, offer, new URLSearchParams({ AreaCode: areaCode }), 1);
    if (first) return first.phoneNumber;
  }
  throw new TwilioFault(21452, `No phone numbers found in area code ${areaCode}`);
}

function wantedNumber(store: Store, form: Form): string {
  const phoneNumber = form.get("PhoneNumber");
  if (phoneNumber !== null && phoneNumber !== "") return e164Of(phoneNumber);
  const areaCode = form.get("AreaCode");
  if (areaCode !== null && areaCode !== "") return byAreaCode(store, areaCode);
  throw new TwilioFault(21421, "PhoneNumber or AreaCode is required");
}

/** A fallback without the address that it falls back from is refused. */
function checkFallbacks(number: Pick<IncomingNumber, "voice_url" | "voice_fallback_url" | "sms_url" | "sms_fallback_url">): void {
  if (number.voice_fallback_url !== "" && number.voice_url === "") throw new TwilioFault(21405);
  if (number.sms_fallback_url !== "" && number.sms_url === "") throw new TwilioFault(21406);
}

function changed(store: Store, number: IncomingNumber, settings: Partial<NumberSettings>): IncomingNumber {
  checkFallbacks({ ...number, ...settings });
  return replace(store.numbers, number, { ...settings, date_updated: store.now() });
}

/** Puts a number of the stock into the account, whoever wants it and whatever it needs. */
export function acquire(store: Store, stock: StockNumber, settings: Partial<NumberSettings>): IncomingNumber {
  const sid = store.newSid("PN");
  const number: IncomingNumber = {
    sid,
    account_sid: store.accountSid,
    phone_number: stock.phoneNumber,
    friendly_name: stock.formatted,
    type: OWNED_TYPES[stock.offer.type],
    status: "in-use",
    origin: "twilio",
    api_version: API_VERSION,
    date_created: store.now(),
    date_updated: store.now(),
    voice_url: "",
    voice_method: "POST",
    voice_fallback_url: "",
    voice_fallback_method: "POST",
    voice_caller_id_lookup: false,
    voice_application_sid: "",
    voice_receive_mode: "voice",
    sms_url: "",
    sms_method: "POST",
    sms_fallback_url: "",
    sms_fallback_method: "POST",
    sms_application_sid: "",
    status_callback: "",
    status_callback_method: "POST",
    address_requirements: stock.offer.address,
    address_sid: null,
    bundle_sid: null,
    identity_sid: null,
    trunk_sid: null,
    emergency_status: "Inactive",
    emergency_address_sid: null,
    emergency_address_status: "unregistered",
    beta: stock.beta,
    capabilities: stock.capabilities,
    uri: store.accountPath(`/IncomingPhoneNumbers/${sid}.json`),
    ...settings,
  };
  checkFallbacks(number);
  store.numbers.set(sid, number);
  store.boughtMs.set(sid, store.nowMs());
  store.taken.delete(stock.phoneNumber);
  store.balanceMicros -= microsOf(priceOf(store, stock.country.code, stock.offer));
  return number;
}

/**
 * Buys a number. One that the account already owns is pointed elsewhere instead and answered like a purchase, which is what Twilio
 * does: a client that must not do that has to claim the number first.
 */
export function buyNumber(store: Store, form: Form, account: AccountStatus): IncomingNumber {
  const settings = settingsOf(form);
  const phoneNumber = wantedNumber(store, form);
  refuseMagic(phoneNumber);
  const owned = ownedBy(store, phoneNumber);
  if (owned) return changed(store, owned, settings);
  if (account === "restricted") throw new TwilioFault(22300);
  if (account === "trial" && store.numbers.size > 0) throw new TwilioFault(21404);
  const stock = magicNumber({ phoneNumber }) ?? store.catalogue.find(phoneNumber);
  if (!stock || store.taken.has(phoneNumber)) throw new TwilioFault(21422, `${phoneNumber} is not available`);
  checkRequirements(store, stock, settings);
  return acquire(store, stock, settings);
}

export function fetchNumber(store: Store, sid: string): IncomingNumber {
  const number = store.numbers.get(sid);
  if (!number) throw notFound(store.accountPath(`/IncomingPhoneNumbers/${sid}.json`));
  return number;
}

export const updateNumber = (store: Store, sid: string, form: Form): IncomingNumber =>
  changed(store, fetchNumber(store, sid), settingsOf(form));

/** Gives a number back. */
export function releaseNumber(store: Store, sid: string): void {
  const number = fetchNumber(store, sid);
  store.numbers.delete(sid);
  store.boughtMs.delete(sid);
  for (const [past, { releasedMs }] of store.departed) if (releasedMs + COOL_DOWN_MS <= store.nowMs()) store.departed.delete(past);
  store.departed.set(sid, { number, releasedMs: store.nowMs() });
}

/** Digits with `*` for any one, anywhere in the number. */
function numberTest(text: string): (phoneNumber: string) => boolean {
  const digits = text.replaceAll(/[^\d*]/g, "").replaceAll("*", "\\d");
  // A plus that came through a query unescaped is a blank by now.
  const pattern = new RegExp(/^[+ ]/.test(text) ? `^\\+${digits}` : digits);
  return (phoneNumber) => pattern.test(phoneNumber);
}

/**
 * The numbers of the account, newest first, as a list shows them `lagMs` behind the truth: one that was just bought is not there
 * yet, one that was just given back still is.
 */
export function listNumbers(store: Store, form: Form, lagMs: number): readonly IncomingNumber[] {
  const seenMs = store.nowMs() - lagMs;
  const matches = numberTest(form.get("PhoneNumber") ?? "");
  const name = form.get("FriendlyName");
  const present = [...store.numbers.values()].filter(({ sid }) => lagMs === 0 || (store.boughtMs.get(sid) ?? 0) <= seenMs);
  const departed = [...store.departed.values()].filter(({ releasedMs }) => releasedMs > seenMs).map(({ number }) => number);
  return [...present, ...departed]
    .filter((number) => matches(number.phone_number) && (name === null || number.friendly_name === name))
    .sort((a, b) => (a.sid < b.sid ? 1 : -1));
}
