import { formatMoney } from "./money.js";

/**
 * @typedef {import("./api.js").TopUp} TopUp
 * @typedef {{ tone: "good" | "warning" | "plain", title: string, detail: string, settled: boolean }} Report
 */

/**
 * The state of a top-up in the customer's words. `settled`: it will not change by waiting.
 *
 * @param {TopUp} topUp
 * @returns {Report}
 */
export function reportOf({ state, currency, amountMinor, creditedMinor }) {
  const amount = formatMoney(amountMinor, currency);
  switch (state) {
    case "created":
    case "open":
      return {
        tone: "plain",
        title: `Waiting for Stripe to confirm ${amount}`,
        detail: "This takes a few seconds as a rule.",
        settled: false,
      };
    case "processing":
      return {
        tone: "plain",
        title: `Your bank has yet to confirm ${amount}`,
        detail: "Some ways to pay take up to a few days. The money is added by itself; you can close this page.",
        settled: false,
      };
    case "credited":
      return { tone: "good", title: `${amount} added`, detail: "It is in your balance and in the statement.", settled: true };
    case "partially_reversed":
    case "reversed":
      return {
        tone: "warning",
        title: `${amount} was added and ${formatMoney(amountMinor - creditedMinor, currency)} taken back`,
        detail: "A refund or a dispute took it back. The statement shows both.",
        settled: true,
      };
    case "failed":
      return {
        tone: "warning",
        title: `The payment of ${amount} failed`,
        detail: "Nothing was added to your wallet. You can try again.",
        settled: true,
      };
    case "expired":
      return {
        tone: "warning",
        title: `The payment page for ${amount} has expired`,
        detail: "Nothing was added to your wallet. You can start again.",
        settled: true,
      };
  }
}
