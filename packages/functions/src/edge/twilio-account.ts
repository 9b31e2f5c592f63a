import { readSecret, rotating } from "@aira/core/lib";

/** The tokens that Twilio may sign with. */
export const twilioTokens = async () => rotating(await readSecret("TWILIO_AUTH_TOKENS"));

/** What Twilio's API is asked with. */
export async function twilioAccount(): Promise<{ readonly accountSid: string; readonly authToken: string }> {
  const [accountSid, [authToken]] = await Promise.all([readSecret("TWILIO_ACCOUNT_SID"), twilioTokens()]);
  return { accountSid, authToken };
}
