import type { Client } from "@aira/contract/client";
import { ProblemError } from "@aira/contract/client";
import type { Amount, Intent, Intents } from "./intent.ts";

/** With these answers the key has had its day: the next press starts a new top-up. */
const SPENT_KEY = new Set(["top_up.expired", "top_up.not_found", "idempotency.key_reused"]);
const ATTEMPTS = 5;

export type Opened = { readonly url: string } | { readonly known: string };

/** The address of Stripe's page, or the top-up that this very intent turns out to have become already. */
export async function openPayment(api: Client, intents: Intents, wanted: Amount): Promise<Opened> {
  try {
    const { topUpId } = intents.for(wanted);
    if (topUpId) {
      const { state } = await api.getTopUp({ params: { topUpId } });
      if (state !== "created" && state !== "open") intents.forget();
      if (state !== "created" && state !== "open" && state !== "failed" && state !== "expired") return { known: topUpId };
    }
    const intent = intents.for(wanted);
    const session = await createSession(api, intent);
    intents.bind(intent, session.topUpId);
    return { url: session.url };
  } catch (error) {
    if (error instanceof ProblemError && SPENT_KEY.has(error.problem.code)) intents.forget();
    throw error;
  }
}

async function createSession(api: Client, { currency, amountMinor, key }: Intent) {
  const page = `${location.origin}/funds`;
  const body = { currency, amountMinor, successUrl: `${page}?paid=1`, cancelUrl: `${page}?cancelled=1` };
  for (let attempt = 1; ; attempt++) {
    try {
      return await api.createCheckoutSession({ body }, { idempotencyKey: key });
    } catch (error) {
      // An earlier press is still being answered: its answer is ours too.
      if (!(error instanceof ProblemError && error.problem.code === "idempotency.in_progress") || attempt === ATTEMPTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, (error.retryAfterSeconds ?? 1) * 1_000));
    }
  }
}
