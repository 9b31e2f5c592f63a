import twilio from "twilio";
import { handler as wallet } from "./wallet.ts";
import { handler as webhook } from "./webhook.ts";

const voice = twilio("AC00000000000000000000000000000000", "none");

/** What each handler becomes once they share one module of clients, Twilio's among them. */
export const handler = { wallet, webhook, numbers: () => voice.incomingPhoneNumbers.list({ limit: 20 }) };
