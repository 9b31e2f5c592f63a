import { createTwilioUsage, type MarginPorts } from "@aira/core/conversations";
import { readSecret, readVariable, requireVariable } from "@aira/core/lib";
import { parseExchangeRates } from "@aira/core/pricing";
import { ledgerPorts } from "./services.ts";

/** What comparing usage with Twilio's prices needs from outside. Asked for on each invocation, so that a rotated token takes effect. */
export async function marginPorts(): Promise<MarginPorts> {
  const [accountSid, tokens] = await Promise.all([readSecret("TWILIO_ACCOUNT_SID"), readSecret("TWILIO_AUTH_TOKENS")]);
  // The others are for what Twilio signed before a rotation.
  const [authToken = ""] = tokens.split(",").map((token) => token.trim());
  return {
    ...ledgerPorts(),
    usage: createTwilioUsage({ accountSid, authToken, apiBase: readVariable("TWILIO_API_BASE") }),
    rates: parseExchangeRates(requireVariable("EXCHANGE_RATES")),
  };
}
