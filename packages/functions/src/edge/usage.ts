import { createTwilioUsage, type MarginPorts } from "@aira/core/conversations";
import { readVariable, requireVariable } from "@aira/core/lib";
import { parseExchangeRates } from "@aira/core/pricing";
import { ledgerPorts } from "./services.ts";
import { twilioAccount } from "./twilio-account.ts";

/** What comparing usage with Twilio's prices needs from outside. Asked for on each invocation, so that a rotated token takes effect. */
export async function marginPorts(): Promise<MarginPorts> {
  return {
    ...ledgerPorts(),
    usage: createTwilioUsage({ ...(await twilioAccount()), apiBase: readVariable("TWILIO_API_BASE") }),
    rates: parseExchangeRates(requireVariable("EXCHANGE_RATES")),
  };
}
