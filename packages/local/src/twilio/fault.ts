interface Kind {
  readonly status: number;
  /** Said when nothing more exact is known. */
  readonly message: string;
}

/** Twilio's error dictionary, as far as Aira may meet it. Any of these can also be switched on. */
const KINDS: Readonly<Record<number, Kind>> = {
  20001: { status: 400, message: "Invalid parameter" },
  20003: { status: 401, message: "Authenticate" },
  20004: { status: 405, message: "Method not allowed" },
  20005: { status: 403, message: "Account not active" },
  20007: { status: 400, message: "Page size too large: the maximum is 1000" },
  20404: { status: 404, message: "The requested resource was not found" },
  20413: { status: 413, message: "Request Entity Too Large" },
  20429: { status: 429, message: "Too Many Requests" },
  20500: { status: 500, message: "Internal Server Error" },
  20503: { status: 503, message: "Service Unavailable" },
  21211: { status: 400, message: "Invalid 'To' Phone Number" },
  21212: { status: 400, message: "Invalid 'From' Phone Number" },
  21266: { status: 400, message: "'To' and 'From' number cannot be the same" },
  21402: { status: 400, message: "Invalid Url" },
  21403: { status: 400, message: "Invalid Method" },
  21404: { status: 400, message: "Trial accounts are allowed only one Twilio number. To get additional numbers, please upgrade" },
  21405: { status: 400, message: "Cannot set VoiceFallbackUrl without setting Url" },
  21406: { status: 400, message: "Cannot set SmsFallbackUrl without setting SmsUrl" },
  21407: { status: 400, message: "This Phone Number type does not support SMS" },
  21408: { status: 400, message: "Permission to send an SMS has not been enabled for the region indicated by the 'To' number" },
  21421: { status: 400, message: "PhoneNumber is invalid" },
  21422: { status: 400, message: "PhoneNumber is not available" },
  21451: { status: 400, message: "Invalid area code" },
  21452: { status: 400, message: "No phone numbers found in area code" },
  21502: { status: 400, message: "Invalid callback url" },
  21602: { status: 400, message: "Message body is required." },
  21603: { status: 400, message: "A 'From' or 'MessagingServiceSid' parameter is required to send a message" },
  21604: { status: 400, message: "A 'To' phone number is required." },
  21606: { status: 400, message: "The From phone number is not a valid, SMS-capable inbound phone number for your account." },
  21610: { status: 400, message: "Attempt to send to unsubscribed recipient" },
  21611: { status: 429, message: "This 'From' number has exceeded the maximum number of queued messages" },
  21612: { status: 400, message: "The 'To' phone number is not currently reachable via SMS" },
  21613: { status: 400, message: "PhoneNumber Requires an Address: could not find the address on this account" },
  21614: { status: 400, message: "'To' number is not a valid mobile number" },
  21615: { status: 400, message: "PhoneNumber Requires a Local Address" },
  21617: { status: 400, message: "The concatenated message body exceeds the 1600 character limit" },
  21624: { status: 400, message: "PhoneNumber Requires a Foreign Address" },
  21631: { status: 400, message: "Phone Number Requires an Address but the 'AddressSid' parameter was empty." },
  21649: {
    status: 400,
    message: "To purchase this number you must provide a bundle compliant with the rules for the country and number type.",
  },
  21650: { status: 400, message: "Phone Number Requires a Verified Identity Document" },
  21651: { status: 400, message: "Document does not satisfy regulatory requirement" },
  22300: { status: 400, message: "This account is restricted from provisioning new long code phone numbers" },
};

export const isTwilioCode = (code: number): boolean => Object.hasOwn(KINDS, code);

/** A refusal in Twilio's own words: HTTP status and the body of the answer. */
export class TwilioFault extends Error {
  override readonly name = "TwilioFault";
  readonly code: number;
  readonly status: number;

  /** `message` defaults to the dictionary's; a code that the dictionary lacks is a mistake of the sandbox. */
  constructor(code: number, message?: string) {
    const kind = KINDS[code];
    if (!kind) throw new RangeError(`the sandbox knows no Twilio error ${code}`);
    super(message ?? kind.message);
    this.code = code;
    this.status = kind.status;
  }

  /** The body of the answer. */
  toJSON() {
    return { code: this.code, message: this.message, more_info: `https://www.twilio.com/docs/errors/${this.code}`, status: this.status };
  }
}

export const notFound = (path: string): TwilioFault => new TwilioFault(20404, `The requested resource ${path} was not found`);
