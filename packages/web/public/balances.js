import { byId, element } from "./element.js";
import { CURRENCIES, currencies, formatMoney } from "./money.js";
import { problemNotice, SignInRequired } from "./problem.js";

/**
 * The balances at the head of the page.
 *
 * @param {import("./api.js").Api} api
 * @param {(error: SignInRequired) => void} onSessionEnd
 */
export function createBalances(api, onSessionEnd) {
  const list = byId("balance-list", HTMLElement);
  const notice = byId("balances-notice", HTMLElement);
  const heldNote = byId("held-note", HTMLElement);

  /** @type {import("./api.js").Balances | undefined} */
  let known;

  async function load() {
    list.setAttribute("aria-busy", "true");
    if (!known) list.replaceChildren(...currencies.map((currency) => card(currency, "loading")));
    try {
      known = await api.balances();
      show(known);
    } catch (error) {
      if (error instanceof SignInRequired) return onSessionEnd(error);
      if (!known) list.replaceChildren(...currencies.map((currency) => card(currency, "unknown")));
      notice.replaceChildren(problemNotice(error, load));
    } finally {
      list.removeAttribute("aria-busy");
    }
  }

  /** @param {import("./api.js").Balances} wallet */
  function show({ balances, frozen, restricted }) {
    const shown = currencies.map((currency) => balances.find((b) => b.currency === currency) ?? empty(currency));
    list.replaceChildren(...shown.map((balance) => card(balance.currency, balance)));
    heldNote.hidden = shown.every((balance) => balance.heldMinor === 0);

    const warnings = [];
    if (frozen) warnings.push(warning("This wallet is frozen", "Money can still come in, but nothing can be spent until it is unfrozen."));
    if (restricted) {
      const owed = shown.filter((b) => b.availableMinor < 0).map((b) => formatMoney(-b.availableMinor, b.currency));
      const missing = owed.length > 0 ? `Add at least ${owed.join(" and ")} to lift this.` : "Add funds to lift this.";
      warnings.push(warning("A balance is below zero", `Nothing can be spent until it is covered. ${missing}`));
    }
    notice.replaceChildren(...warnings);
  }

  return { load };
}

/** @param {import("./money.js").Currency} currency */
const empty = (currency) => ({ currency, availableMinor: 0, heldMinor: 0, totalMinor: 0 });

/** @param {string} title @param {string} detail */
const warning = (title, detail) =>
  element("div", { class: "notice notice-warning" }, element("p", { class: "notice-title" }, title), element("p", {}, detail));

/**
 * @param {import("./money.js").Currency} currency
 * @param {ReturnType<typeof empty> | "loading" | "unknown"} balance
 */
function card(currency, balance) {
  return element(
    "div",
    { class: "card balance" },
    element("dt", {}, CURRENCIES[currency].name, element("span", { class: "balance-code" }, currency)),
    element("dd", {}, ...figures(currency, balance)),
  );
}

/**
 * @param {import("./money.js").Currency} currency
 * @param {ReturnType<typeof empty> | "loading" | "unknown"} balance
 */
function figures(currency, balance) {
  const amount = (/** @type {string} */ style, /** @type {Node | string} */ content) =>
    element("span", { class: `balance-amount ${style}` }, content);
  const detail = (/** @type {string} */ text) => element("span", { class: "balance-detail" }, text);
  if (balance === "loading") return [amount("skeleton", element("span", { class: "visually-hidden" }, "Loading")), detail("available")];
  if (balance === "unknown") return [amount("", "–"), detail("not known at the moment")];
  const { availableMinor, heldMinor, totalMinor } = balance;
  const money = (/** @type {number} */ minor) => formatMoney(minor, currency);
  return [
    amount(availableMinor < 0 ? "negative" : "", money(availableMinor)),
    detail(heldMinor === 0 ? "available" : `available · ${money(heldMinor)} held · ${money(totalMinor)} in all`),
  ];
}
