import { notFound, TwilioFault } from "./fault.ts";
import { booleanOf, type Form, required } from "./form.ts";
import type { Address, Bundle, NumberType } from "./objects.ts";
import type { Store } from "./store.ts";

/** Files an address. Every address is believed: the sandbox validates none. */
export function createAddress(store: Store, form: Form): Address {
  const country = required(form, "IsoCountry").toUpperCase();
  if (!/^[A-Z]{2}$/.test(country)) throw new TwilioFault(20001, `IsoCountry is invalid: ${country.slice(0, 20)}`);
  const sid = store.newSid("AD");
  const address: Address = {
    sid,
    account_sid: store.accountSid,
    friendly_name: form.get("FriendlyName") ?? "",
    customer_name: required(form, "CustomerName"),
    street: required(form, "Street"),
    street_secondary: form.get("StreetSecondary"),
    city: required(form, "City"),
    region: required(form, "Region"),
    postal_code: required(form, "PostalCode"),
    iso_country: country,
    emergency_enabled: booleanOf(form, "EmergencyEnabled") ?? false,
    validated: false,
    verified: false,
    date_created: store.now(),
    date_updated: store.now(),
    uri: store.accountPath(`/Addresses/${sid}.json`),
  };
  store.addresses.set(sid, address);
  return address;
}

export function fetchAddress(store: Store, sid: string): Address {
  const address = store.addresses.get(sid);
  if (!address) throw notFound(store.accountPath(`/Addresses/${sid}.json`));
  return address;
}

const is = (wanted: string | null, actual: string) => wanted === null || wanted === actual;

export const listAddresses = (store: Store, form: Form): readonly Address[] =>
  [...store.addresses.values()]
    .reverse()
    .filter(
      (address) =>
        is(form.get("IsoCountry"), address.iso_country) &&
        is(form.get("CustomerName"), address.customer_name) &&
        is(form.get("FriendlyName"), address.friendly_name),
    );

export interface BundleOptions {
  readonly country: string;
  readonly type: NumberType;
  /** The address that its documents prove. */
  readonly addressSid?: string;
  /** Default `twilio-approved`. */
  readonly status?: Bundle["status"];
}

/** What an operator files in Twilio's console, and Twilio's people approve. */
export function fileBundle(store: Store, { country, type, addressSid, status = "twilio-approved" }: BundleOptions): Bundle {
  const bundle: Bundle = {
    sid: store.newSid("BU"),
    account_sid: store.accountSid,
    friendly_name: `${country} ${type}`,
    iso_country: country,
    number_type: type,
    status,
    address_sid: addressSid ?? null,
    date_created: new Date(store.nowMs()).toISOString(),
  };
  store.bundles.set(bundle.sid, bundle);
  return bundle;
}

export const listBundles = (store: Store, form: Form): readonly object[] =>
  [...store.bundles.values()]
    .reverse()
    .filter(
      (bundle) =>
        is(form.get("IsoCountry"), bundle.iso_country) &&
        is(form.get("NumberType"), bundle.number_type) &&
        is(form.get("Status"), bundle.status),
    )
    .map(({ address_sid: _address, number_type: _type, iso_country: _country, ...bundle }) => ({
      ...bundle,
      date_updated: bundle.date_created,
    }));
