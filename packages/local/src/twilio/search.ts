import type { StockNumber } from "./catalogue.ts";
import { type Country, countryOf, type Offer } from "./countries.ts";
import { notFound, TwilioFault } from "./fault.ts";
import { booleanOf, type Form } from "./form.ts";
import { NUMBER_TYPES, type NumberType } from "./objects.ts";
import type { Store } from "./store.ts";

/** The last part of a type's path: `TollFree` for `toll_free`. */
export const TYPE_PATHS: Readonly<Record<NumberType, string>> = {
  local: "Local",
  toll_free: "TollFree",
  mobile: "Mobile",
  national: "National",
};

/** How long nobody else is offered a number that was given back. */
export const COOL_DOWN_MS = 10 * 24 * 60 * 60 * 1000;

const DEFAULT_RESULTS = 50;
const MAX_RESULTS = 1000;

const KEYPAD = ["abc", "def", "ghi", "jkl", "mno", "pqrs", "tuv", "wxyz"];

/** Digits, `*` for any one, and letters by the telephone's keypad. */
function patternOf(contains: string): RegExp {
  const text = contains.replace(/^\+/, "");
  if (!/^[0-9a-z*]{2,}$/i.test(text))
    throw new TwilioFault(20001, "Contains is invalid: at least two characters of 0-9, a-z, A-Z and * are needed");
  const digits = [...text.toLowerCase()].map((character) => {
    if (character === "*") return "\\d";
    const key = KEYPAD.findIndex((letters) => letters.includes(character));
    return key === -1 ? character : String(key + 2);
  });
  // With a plus the pattern is the number from its beginning; without, it may stand anywhere in it.
  return new RegExp(contains.startsWith("+") ? `^${digits.join("")}` : digits.join(""));
}

type Test = (number: StockNumber) => boolean;

const same = (wanted: string, actual: string | undefined) => actual?.toLowerCase() === wanted.toLowerCase();

const NORTH_AMERICA = new Set(["US", "CA"]);

/** The filters that a text gives, each by its parameter. */
const TEXTS: Readonly<Record<string, (text: string) => Test>> = {
  Contains: (text) => {
    const pattern = patternOf(text);
    return ({ phoneNumber }) => pattern.test(phoneNumber.slice(1));
  },
  AreaCode: (text) => {
    if (!/^\d{3}$/.test(text)) throw new TwilioFault(21451, `AreaCode is invalid: ${text.slice(0, 20)}`);
    return ({ national, country }) => !NORTH_AMERICA.has(country.code) || national.startsWith(text);
  },
  InRegion: (text) => (number) => same(text, number.area.place.region),
  InLocality: (text) => (number) => same(text, number.area.place.locality),
  InPostalCode: (text) => (number) => same(text, number.area.place.postalCode),
  InRateCenter: (text) => (number) => same(text, number.area.place.rateCenter),
  InLata: (text) => (number) => same(text, number.area.place.lata),
};

/** The filters that say yes or no. */
const FLAGS: Readonly<Record<string, (wanted: boolean) => Test>> = {
  VoiceEnabled: (wanted) => (number) => number.capabilities.voice === wanted,
  SmsEnabled: (wanted) => (number) => number.capabilities.sms === wanted,
  MmsEnabled: (wanted) => (number) => number.capabilities.mms === wanted,
  FaxEnabled: (wanted) => (number) => number.capabilities.fax === wanted,
  Beta: (wanted) => (number) => wanted || !number.beta,
  ExcludeAllAddressRequired: (wanted) => (number) => !wanted || number.offer.address === "none",
  ExcludeLocalAddressRequired: (wanted) => (number) => !wanted || number.offer.address !== "local",
  ExcludeForeignAddressRequired: (wanted) => (number) => !wanted || number.offer.address !== "foreign",
};

function testsOf(form: Form): readonly Test[] {
  const tests: Test[] = [];
  for (const [parameter, testOf] of Object.entries(TEXTS)) {
    const text = form.get(parameter);
    if (text !== null && text !== "") tests.push(testOf(text));
  }
  for (const [parameter, testOf] of Object.entries(FLAGS)) {
    const wanted = booleanOf(form, parameter);
    if (wanted !== undefined) tests.push(testOf(wanted));
  }
  return tests;
}

function resultsOf(form: Form): number {
  const text = form.get("PageSize") ?? form.get("Limit");
  if (text === null) return DEFAULT_RESULTS;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new TwilioFault(20001, `PageSize is invalid: ${text.slice(0, 20)}`);
  if (Number(text) > MAX_RESULTS) throw new TwilioFault(20007);
  return Number(text);
}

/** Numbers that no search may show: somebody has them, or had them a short while ago. */
function unavailable(store: Store): ReadonlySet<string> {
  const begin = store.nowMs() - COOL_DOWN_MS;
  const resting = [...store.departed.values()].filter(({ releasedMs }) => releasedMs > begin);
  return new Set([
    ...store.taken,
    ...[...store.numbers.values()].map((number) => number.phone_number),
    ...resting.map(({ number }) => number.phone_number),
  ]);
}

export function firstAvailable(store: Store, country: Country, offer: Offer, form: Form, limit: number): readonly StockNumber[] {
  const tests = testsOf(form);
  const gone = unavailable(store);
  const found: StockNumber[] = [];
  for (const number of store.catalogue.numbersOf(country, offer)) {
    if (found.length >= limit) break;
    if (!gone.has(number.phoneNumber) && tests.every((test) => test(number))) found.push(number);
  }
  return found;
}

/** Twilio's writing of a number that is for sale. Its capabilities are upper case here, and lower case once it is owned. */
function wireOf({ phoneNumber, formatted, country, offer, area, capabilities, beta }: StockNumber): object {
  const { place } = area;
  return {
    friendly_name: formatted,
    phone_number: phoneNumber,
    lata: place.lata ?? null,
    locality: place.locality ?? null,
    rate_center: place.rateCenter ?? null,
    latitude: place.latitude ?? null,
    longitude: place.longitude ?? null,
    region: place.region ?? null,
    postal_code: place.postalCode ?? null,
    iso_country: country.code,
    address_requirements: offer.address,
    beta,
    capabilities: { voice: capabilities.voice, SMS: capabilities.sms, MMS: capabilities.mms, fax: capabilities.fax },
  };
}

/** Throws 20404, as Twilio does, for a country or a type that is not sold. `typePath` is the last part of the path: `Local`. */
export function searchNumbers(store: Store, path: string, countryCode: string, typePath: string, form: Form): object {
  const country = countryOf(countryCode);
  const type = NUMBER_TYPES.find((candidate) => TYPE_PATHS[candidate] === typePath);
  const offer = country?.offers.find((candidate) => candidate.type === type);
  if (!country || !offer) throw notFound(path);
  const found = firstAvailable(store, country, offer, form, resultsOf(form));
  return { available_phone_numbers: found.map(wireOf), uri: path };
}

/** A country with the types that it has. */
export function countryWire(store: Store, country: Country): object {
  const base = store.accountPath(`/AvailablePhoneNumbers/${country.code}`);
  return {
    country_code: country.code,
    country: country.name,
    uri: `${base}.json`,
    beta: false,
    subresource_uris: Object.fromEntries(country.offers.map(({ type }) => [type, `${base}/${TYPE_PATHS[type]}.json`])),
  };
}
