import { TwilioFault } from "./fault.ts";
import type { Store } from "./store.ts";
import type { Switches } from "./switches.ts";

/** Throws Twilio's refusal if the account may do nothing any more: it was suspended, or has nothing left to pay with. */
export function checkActive({ store, switches }: { readonly store: Store; readonly switches: Switches }): void {
  if (switches.get().account === "suspended" || store.balanceMicros <= 0)
    throw new TwilioFault(20005, `Account ${store.accountSid} is not active`);
}
