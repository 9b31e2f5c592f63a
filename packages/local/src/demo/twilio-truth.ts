import twilio from "twilio";

/** What Twilio says of our account, read by its own SDK. */
export interface TwilioTruth {
  /** The numbers that Twilio charges us for, in order. */
  owned(): Promise<readonly string[]>;
}

/** Reads Twilio at this address. */
export function createTwilioTruth(twilioUrl: string, accountSid: string, authToken: string): TwilioTruth {
  const client = twilio(accountSid, authToken);
  client.api.baseUrl = twilioUrl;
  return {
    owned: async () => (await client.incomingPhoneNumbers.list()).map(({ phoneNumber }) => phoneNumber).sort(),
  };
}
