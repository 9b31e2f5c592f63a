import type { StockNumber } from "./catalogue.ts";
import { TwilioFault } from "./fault.ts";
import type { NumberSettings } from "./objects.ts";
import type { Store } from "./store.ts";

type Given = Pick<Partial<NumberSettings>, "address_sid" | "bundle_sid">;

function checkAddress(store: Store, { offer, country }: StockNumber, { address_sid: addressSid }: Given): void {
  if (offer.address === "none") return;
  if (!addressSid) throw new TwilioFault(21631);
  const address = store.addresses.get(addressSid);
  if (!address) throw new TwilioFault(21613);
  const domestic = address.iso_country === country.code;
  if (offer.address === "local" && !domestic) throw new TwilioFault(21615);
  if (offer.address === "foreign" && domestic) throw new TwilioFault(21624);
}

function checkBundle(store: Store, { offer, country }: StockNumber, given: Given): void {
  if (!offer.bundle) return;
  if (!given.bundle_sid) throw new TwilioFault(21649);
  const bundle = store.bundles.get(given.bundle_sid);
  if (bundle?.status !== "twilio-approved" && bundle?.status !== "provisionally-approved") throw new TwilioFault(21650);
  if (bundle.iso_country !== country.code || bundle.number_type !== offer.type)
    throw new TwilioFault(21651, "Bundle does not satisfy the regulation of this country and number type");
  if (offer.address !== "none" && bundle.address_sid !== given.address_sid) throw new TwilioFault(21651, "Address not contained in bundle");
}

/** Throws Twilio's refusal if the address or the bundle that a number needs is missing or doesn't fit. */
export function checkRequirements(store: Store, number: StockNumber, given: Given): void {
  checkAddress(store, number, given);
  checkBundle(store, number, given);
}
