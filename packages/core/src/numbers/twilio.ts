import type { Capability, NumberType } from "@aira/contract";
import Domain from "twilio/lib/base/Domain.js";
import Version from "twilio/lib/base/Version.js";
import type { LocalListInstancePageOptions } from "twilio/lib/rest/api/v2010/account/availablePhoneNumberCountry/local.js";
import type {
  IncomingPhoneNumberListInstanceCreateOptions,
  IncomingPhoneNumberListInstancePageOptions,
} from "twilio/lib/rest/api/v2010/account/incomingPhoneNumber.js";
import type { AvailableNumber, NumberProvider, NumberQuery, NumberWebhooks } from "./provider.ts";
import type { RegulatoryLookup } from "./regulatory.ts";
import { createTwilioClient, type TwilioClient, type TwilioClientOptions } from "./twilio-client.ts";
import { addressNeeded, failedCall, failedOrder, isGone, isNotSold } from "./twilio-errors.ts";
import { availableNumbers, balanceIn, boughtSid, countriesIn, pricesIn, providedNumber, providedPage, typesIn } from "./twilio-shapes.ts";

const API = "https://api.twilio.com";
const PRICING = "https://pricing.twilio.com";

const PAGE = 100;

/** The last part of the path under which a type of number is searched. */
const TYPE_PATHS: Readonly<Record<NumberType, string>> = {
  local: "Local",
  toll_free: "TollFree",
  mobile: "Mobile",
  national: "National",
};

export interface TwilioOptions extends TwilioClientOptions {
  /** Another address than Twilio's own, for a sandbox: it stands for all of Twilio's hosts. */
  readonly apiBase?: string | undefined;
  /** Addresses on file, sent with a purchase. */
  readonly addresses: RegulatoryLookup;
  /** Regulatory bundles on file, sent with a purchase. */
  readonly bundles: RegulatoryLookup;
}

/**
 * The port to Twilio over the core of the official SDK. Of its resources only the types are taken: whole it is 3.7 MB, and the few
 * classes that would be used add 94 KB, two thirds of it others that they drag along. A purchase's Lambda would then exceed its 400 KB.
 */
export function createTwilioProvider({ apiBase, addresses, bundles, ...account }: TwilioOptions): NumberProvider {
  const client = createTwilioClient(account);
  const api = versionOf(client, apiBase ?? API, "2010-04-01");
  const pricing = versionOf(client, apiBase ?? PRICING, "v1");
  const root = `/Accounts/${account.accountSid}`;
  const sold = `${root}/AvailablePhoneNumbers`;
  const owned = `${root}/IncomingPhoneNumbers`;
  const numberUri = (sid: string) => `${owned}/${encodeURIComponent(sid)}.json`;

  const read = (version: Version.default, uri: string, filters: object = {}): Promise<unknown> =>
    version.fetch({ method: "get", uri, params: parametersOf(filters) });

  /** The page that Twilio named as the next one: a path of its own, so that our credentials go nowhere else. */
  const readOn = async (path: string): Promise<unknown> => JSON.parse((await api.domain.request({ method: "get", uri: path })).body);

  const listOwned = async (after: string | undefined, filters: IncomingPhoneNumberListInstancePageOptions = {}) =>
    providedPage(await (after === undefined ? read(api, `${owned}.json`, { ...filters, pageSize: PAGE }) : readOn(after)));

  /** As Twilio has them at this moment; empty if it does not sell such numbers. */
  async function look({ country, type, limit, ...filters }: NumberQuery): Promise<readonly AvailableNumber[]> {
    const uri = `${sold}/${encodeURIComponent(country)}/${TYPE_PATHS[type]}.json`;
    const found = await read(api, uri, { ...filtersOf(filters), pageSize: limit }).catch(unless(isNotSold));
    return found === undefined ? [] : availableNumbers(found, country, type).slice(0, limit);
  }

  return {
    countries: () =>
      answered(async () => {
        let page = countriesIn(await read(api, `${sold}.json`));
        const countries = [...page.countries];
        while (page.next !== undefined) {
          page = countriesIn(await readOn(page.next));
          countries.push(...page.countries);
        }
        return countries;
      }),

    typesOf: (country) =>
      answered(async () => {
        const found = await read(api, `${sold}/${encodeURIComponent(country)}.json`).catch(unless(isGone));
        return found === undefined ? [] : typesIn(found);
      }),

    search: (query) => answered(() => look(query)),

    findAvailable: (phoneNumber, country, type) =>
      answered(async () => {
        const found = await look({ country, type, contains: phoneNumber.slice(1), limit: PAGE });
        return found.find((number) => number.phoneNumber === phoneNumber);
      }),

    async buy({ phoneNumber, country, type, addressRequirement, tag, webhooks }) {
      const addressSid = addresses(country, type);
      if (addressRequirement !== "none" && addressSid === undefined)
        return { outcome: "refused", code: "number.address_required", detail: addressNeeded(addressRequirement) };
      const order = { phoneNumber, ...settingsOf(tag, webhooks), addressSid, bundleSid: bundles(country, type) };
      try {
        const bought = await api.create({ method: "post", uri: `${owned}.json`, data: parametersOf(order) });
        return { outcome: "bought", sid: boughtSid(bought, phoneNumber) };
      } catch (cause) {
        return failedOrder(cause, addressRequirement);
      }
    },

    findOwned: (phoneNumber) =>
      answered(async () => {
        // The filter also finds longer numbers, and "none of ours" gives money back: so it is said only at the end of the list.
        let after: string | undefined;
        do {
          const { numbers, next } = await listOwned(after, { phoneNumber });
          const found = numbers.find((number) => number.phoneNumber === phoneNumber);
          if (found !== undefined) return found;
          after = next;
        } while (after !== undefined);
        return undefined;
      }),

    listOwned: (after) => answered(() => listOwned(after)),

    update: (sid, { tag, webhooks }) =>
      answered(async () => {
        const data = parametersOf(settingsOf(tag, webhooks));
        const updated = await api.update({ method: "post", uri: numberUri(sid), data }).catch(unless(isGone));
        return updated === undefined ? undefined : providedNumber(updated);
      }),

    release: (sid) =>
      answered(async () => {
        const removed = await api.remove({ method: "delete", uri: numberUri(sid) }).catch(unless(isGone));
        return removed === undefined ? "gone" : "released";
      }),

    prices: (country) =>
      answered(async () => {
        const found = await read(pricing, `/PhoneNumbers/Countries/${encodeURIComponent(country)}`).catch(unless(isGone));
        const prices = found === undefined ? [] : pricesIn(found);
        return prices.length === 0 ? undefined : prices;
      }),

    balance: () => answered(async () => balanceIn(await read(api, `${root}/Balance.json`))),
  };
}

/** The SDK's types ask for its whole client; its versions call `request` alone. */
function versionOf(client: TwilioClient, base: string, version: string): Version.default {
  const domain = new (classIn(Domain))(client as unknown as ConstructorParameters<typeof Domain.default>[0], base);
  return new (classIn(Version))(domain, version);
}

/** The SDK is CommonJS: Node and esbuild hand over the module, the tests' runner its default. */
const classIn = <T extends new (...given: never[]) => object>(module: T | { readonly default: T }): T =>
  typeof module === "function" ? module : module.default;

/** Whatever goes wrong with a call that may be repeated is one of two errors of ours. */
async function answered<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    throw failedCall(cause);
  }
}

/** Undefined for the failures that are an answer. */
const unless =
  (expected: (error: unknown) => boolean) =>
  (error: unknown): undefined => {
    if (!expected(error)) throw error;
  };

/** The SDK's names of parameters as Twilio's own: `phoneNumber` is `PhoneNumber`. */
const parametersOf = (options: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(options).flatMap(([name, value]) =>
      value === undefined ? [] : [[name.charAt(0).toUpperCase() + name.slice(1), value]],
    ),
  );

const CAPABILITY_FILTERS = {
  voice: "voiceEnabled",
  sms: "smsEnabled",
  mms: "mmsEnabled",
  fax: "faxEnabled",
} as const satisfies Record<Capability, keyof LocalListInstancePageOptions>;

const filtersOf = ({ areaCode, contains, region, locality, capabilities = [] }: Omit<NumberQuery, "country" | "type" | "limit">) =>
  ({
    areaCode: areaCode === undefined ? undefined : Number(areaCode),
    contains,
    inRegion: region,
    inLocality: locality,
    ...Object.fromEntries(capabilities.map((capability) => [CAPABILITY_FILTERS[capability], true])),
  }) satisfies { [name in keyof LocalListInstancePageOptions]: LocalListInstancePageOptions[name] | undefined };

/** Everything that a number is told, each address with its method. */
const settingsOf = (tag: string, webhooks: NumberWebhooks) =>
  ({
    friendlyName: tag,
    voiceUrl: webhooks.voiceUrl,
    voiceMethod: "POST",
    voiceFallbackUrl: webhooks.voiceFallbackUrl,
    voiceFallbackMethod: "POST",
    smsUrl: webhooks.smsUrl,
    smsMethod: "POST",
    smsFallbackUrl: webhooks.smsFallbackUrl,
    smsFallbackMethod: "POST",
    statusCallback: webhooks.statusCallbackUrl,
    statusCallbackMethod: "POST",
  }) satisfies IncomingPhoneNumberListInstanceCreateOptions;
