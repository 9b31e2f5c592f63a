import type { Client } from "@aira/contract/client";
import { ProblemError } from "@aira/contract/client";
import type { Attempts } from "../attempts.ts";
import type { NumberView, Offer, Price } from "../shapes.ts";

/** With these answers the key has had its day: the next press starts another purchase. */
const SPENT_KEY = new Set(["number.not_available", "number.released", "number.price_moved", "idempotency.key_reused"]);
const TRIES = 5;

/**
 * Buys at this very price. The key is kept for as long as the outcome is not known, so that a press after a lost answer is the same
 * purchase. Answers a pending number when the provider has not confirmed it yet.
 */
export async function purchase(api: Client, attempts: Attempts, offer: Offer, price: Price): Promise<NumberView> {
  const { phoneNumber, country, type } = offer;
  const attempt = attempts.for({
    phoneNumber,
    currency: price.currency,
    expectedMinor: price.dueNowMinor,
    expectedMonthlyMinor: price.monthlyMinor,
    country,
    type,
  });
  try {
    const number = await ask(api, attempt);
    if (number.state !== "pending") attempts.end(phoneNumber);
    return number;
  } catch (error) {
    if (error instanceof ProblemError && SPENT_KEY.has(error.problem.code)) attempts.end(phoneNumber);
    throw error;
  }
}

async function ask(api: Client, { terms, key }: ReturnType<Attempts["for"]>): Promise<NumberView> {
  for (let tries = 1; ; tries++) {
    try {
      return await api.purchaseNumber({ body: terms }, { idempotencyKey: key });
    } catch (error) {
      // An earlier press is still being answered: its answer is ours too.
      if (!(error instanceof ProblemError && error.problem.code === "idempotency.in_progress") || tries === TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, (error.retryAfterSeconds ?? 1) * 1_000));
    }
  }
}
