import type { AddressRequirement, ErrorCode } from "@aira/contract";
import { AiraError } from "../lib/index.ts";
import type { OrderOutcome } from "./provider.ts";
import { TwilioError } from "./twilio-client.ts";

interface Meaning {
  readonly code: ErrorCode;
  /** Undefined: said by the kind of address that the number was listed with. */
  readonly detail: string | undefined;
}

/** What an address requirement asks for, in words. */
const ADDRESS_KINDS: Readonly<Record<AddressRequirement, string>> = {
  none: "an address on file",
  any: "an address on file, in any country",
  local: "a local address on file, in the number's own country or area",
  foreign: "a foreign address on file, outside the number's own country",
};

/** Why a number can't be bought without an address, and which kind it needs. */
export const addressNeeded = (requirement: AddressRequirement): string =>
  `This number needs ${ADDRESS_KINDS[requirement]}, and we have none that fits. Please choose another number, or ask us to file one.`;

const documentsNeeded = (what: string): string =>
  `The law asks for ${what} before this number may be bought. Please choose another number, or ask us to file it.`;

const closed = (why: string): string => `${why}, so no number can be bought at the moment. Nothing was bought.`;

const meaning = (code: ErrorCode, detail?: string): Meaning => ({ code, detail });

/**
 * What Twilio's error codes mean for a purchase: our code and a sentence that a customer understands. `unknown`: it does not tell
 * whether the purchase was made. Meanings as in Twilio's error dictionary (twilio.com/docs/api/errors).
 */
export const TWILIO_ERRORS: Readonly<Record<string, Meaning | "unknown">> = {
  "20003": meaning("number_provider.refused", closed("Our access to the number provider was refused")),
  "20404": meaning("number_provider.refused", closed("Something that we have on file at the number provider is missing")),
  "20429": meaning(
    "number_provider.unavailable",
    "The number provider was too busy to take the order. Nothing was bought; please try again.",
  ),
  "20500": "unknown",
  "20503": "unknown",
  "21404": meaning("number_provider.refused", closed("Our account at the number provider has reached its limit")),
  "21421": meaning("number.not_available", "This is not a number that can be bought. Please choose another one."),
  "21422": meaning("number.not_available", "This number is not to be had any more. Please choose another one."),
  "21452": meaning("number.not_available", "There are no numbers left in this area. Please choose one of another area."),
  "21613": meaning("number.address_required"),
  "21615": meaning("number.address_required", addressNeeded("local")),
  "21624": meaning("number.address_required", addressNeeded("foreign")),
  "21631": meaning("number.address_required"),
  "21649": meaning("number.bundle_required", documentsNeeded("an approved regulatory bundle, which says who uses the number,")),
  "21650": meaning("number.bundle_required", documentsNeeded("a verified identity document")),
  "21651": meaning("number.bundle_required", documentsNeeded("another document than the ones that we have on file")),
  "22300": meaning("number_provider.refused", closed("Our account at the number provider is restricted")),
};

const OTHER = meaning("number_provider.refused", "The number provider refused the order. Nothing was bought.");

/** What became of a purchase that did not end in an answer of the expected shape. */
export function failedOrder(cause: unknown, requirement: AddressRequirement): OrderOutcome {
  const known = cause instanceof TwilioError && isDefinite(cause) ? meaningOf(cause) : "unknown";
  if (known === "unknown") return { outcome: "unknown", cause };
  return { outcome: "refused", code: known.code, detail: known.detail ?? addressNeeded(requirement), cause };
}

/** What a read, an update or a release throws. An answer that can't be read is no answer. */
export function failedCall(cause: unknown): AiraError {
  if (cause instanceof TwilioError && isDefinite(cause) && !isBusy(cause))
    return new AiraError("number_provider.refused", "The number provider refused the request.", { cause });
  return new AiraError("number_provider.unavailable", "The number provider is not available. Please try again.", {
    cause,
    retryAfterSeconds: 2,
  });
}

/** There is no such thing at Twilio. */
export const isGone = (error: unknown): boolean => error instanceof TwilioError && (error.statusCode === 404 || error.code === "20404");

/** No such area code, and none left in it. */
const EMPTY_AREA: ReadonlySet<string | undefined> = new Set(["21451", "21452"]);

/** Twilio sells no such numbers, or has none in that area. */
export const isNotSold = (error: unknown): boolean => isGone(error) || (error instanceof TwilioError && EMPTY_AREA.has(error.code));

/** Twilio did not carry the request out, and says so. 408 says no more than that somebody on the way lost patience. */
const isDefinite = ({ statusCode }: TwilioError): boolean => statusCode >= 400 && statusCode < 500 && statusCode !== 408;

/** Too many calls at once: never carried out. */
const isBusy = ({ statusCode, code }: TwilioError): boolean => statusCode === 429 || code === "20429";

const meaningOf = (error: TwilioError): Meaning | "unknown" => TWILIO_ERRORS[isBusy(error) ? "20429" : (error.code ?? "")] ?? OTHER;
