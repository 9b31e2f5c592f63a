import { forget, recall, remember } from "./tab-storage.js";

/**
 * What the customer means to pay, and the `Idempotency-Key` that stands for it. The same amount asked for again, after a
 * lost answer, a reload or the way back from Stripe, is the same intent and can be paid once only; another amount is another intent.
 *
 * @typedef {{ currency: import("./money.js").Currency, amountMinor: number }} Amount
 * @typedef {Amount & { key: string, topUpId?: string }} Intent
 */

/** @returns {Intent | undefined} */
export const currentIntent = () => recall("intent");

/**
 * The intent for this amount: the current one if it is for the same, else a new one.
 *
 * @param {Amount} amount
 * @returns {Intent}
 */
export function intentFor({ currency, amountMinor }) {
  const current = currentIntent();
  if (current?.currency === currency && current.amountMinor === amountMinor) return current;
  const intent = { currency, amountMinor, key: crypto.randomUUID() };
  remember("intent", intent);
  return intent;
}

/**
 * Notes which top-up the intent has become, for the return from Stripe's page.
 *
 * @param {Intent} intent
 * @param {string} topUpId
 */
export const bindIntent = (intent, topUpId) => remember("intent", { ...intent, topUpId });

/** The intent is settled or can no longer be paid: the same amount is a new one from here on. */
export const forgetIntent = () => forget("intent");
