import { NUMBER_TYPES, type NumberType } from "@aira/contract";
import { invariant } from "../lib/index.ts";

/** The SID on file for a type of number in a country. Undefined: none. */
export type RegulatoryLookup = (country: string, type: NumberType) => string | undefined;

const ENTRY = /^([A-Z]{2})(?::([a-z_]+))?=((?:AD|BU)[0-9a-f]{32})$/;

/**
 * Reads `TWILIO_ADDRESSES` or `TWILIO_BUNDLES`: entries like `GB=AD…` for every type of a country, or `AU:mobile=AD…` for one, which
 * goes before the country's. Throws on an entry that could never be found again, like one of a type that does not exist.
 */
export function parseRegulatory(value: string | undefined): RegulatoryLookup {
  const entries = (value ?? "").split(",").flatMap((part) => (part.trim() === "" ? [] : [entryOf(part.trim())]));
  const sids = new Map(entries);
  invariant(sids.size === entries.length, "a country and type stand twice in the list of addresses or bundles");
  return (country, type) => sids.get(`${country}:${type}`) ?? sids.get(country);
}

function entryOf(part: string): [string, string] {
  const [, country, type, sid] = ENTRY.exec(part) ?? [];
  invariant(country !== undefined && sid !== undefined, "an address or bundle must look like GB=AD… or AU:mobile=AD…");
  if (type === undefined) return [country, sid];
  invariant(
    NUMBER_TYPES.some((known) => known === type),
    `${type} is no type of number: ${NUMBER_TYPES.join(", ")}`,
  );
  return [`${country}:${type}`, sid];
}
