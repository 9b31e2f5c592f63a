import { readSecret } from "@aira/core/lib";

/** The tokens that Twilio may sign with. The first one is what its API is asked with. */
export const twilioTokens = async (): Promise<readonly string[]> =>
  (await readSecret("TWILIO_AUTH_TOKENS")).split(",").map((token) => token.trim());

/** What Twilio's API is asked with. */
export async function twilioAccount(): Promise<{ readonly accountSid: string; readonly authToken: string }> {
  // The others are for what Twilio signs while they are rotated.
  const [accountSid, [authToken = ""]] = await Promise.all([readSecret("TWILIO_ACCOUNT_SID"), twilioTokens()]);
  return { accountSid, authToken };
}
