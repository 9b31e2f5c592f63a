import { byId, element } from "./element.js";
import { CURRENCIES, currencies, formatMoney, formatPlain, isCurrency, locales, parseAmount } from "./money.js";
import { Problem, problemNotice, SignInRequired } from "./problem.js";
import { segments } from "./segments.js";
import { recall, remember } from "./tab-storage.js";
import { bindIntent, forgetIntent, intentFor } from "./top-up-intent.js";

const ATTEMPTS = 5;

/** With these answers the key has had its day: the next press starts a new top-up. */
const SPENT_KEY = new Set(["top_up.expired", "top_up.not_found", "idempotency.key_reused"]);

/**
 * The form that leads to Stripe's page.
 *
 * @param {import("./api.js").Api} api
 * @param {{ onKnownTopUp: (topUpId: string) => void, onSessionEnd: (error: SignInRequired) => void }} on
 */
export function createAddFunds(api, { onKnownTopUp, onSessionEnd }) {
  const form = byId("funds", HTMLFormElement);
  const amount = byId("amount", HTMLInputElement);
  const symbol = byId("amount-symbol", HTMLElement);
  const hint = byId("amount-hint", HTMLElement);
  const suggestions = byId("suggestions", HTMLElement);
  const notice = byId("funds-notice", HTMLElement);
  const submitButton = byId("funds-submit", HTMLButtonElement);

  const draft = /** @type {{ currency: string, text: string } | undefined} */ (recall("draft"));
  let currency = isCurrency(draft?.currency) ? draft.currency : usualCurrency();
  let busy = false;

  const select = segments(
    byId("funds-currency", HTMLElement),
    "funds-currency",
    currencies.map((code) => ({ value: code, label: code, title: CURRENCIES[code].name })),
    (value) => {
      if (isCurrency(value)) currency = value;
      showCurrency();
      changed();
    },
  );

  function showCurrency() {
    symbol.textContent = symbolOf(currency);
    const legend = suggestions.firstElementChild;
    suggestions.replaceChildren(
      ...(legend ? [legend] : []),
      ...CURRENCIES[currency].suggestionsMinor.map((minor) =>
        element("button", { type: "button", class: "chip", onclick: () => suggest(minor) }, formatMoney(minor, currency, { short: true })),
      ),
    );
  }

  /** @param {number} minor */
  function suggest(minor) {
    amount.value = formatPlain(minor, currency);
    changed();
  }

  function changed() {
    remember("draft", { currency, text: amount.value });
    notice.replaceChildren();
    validate("typing");
  }

  /**
   * Says what is wrong with the amount, or the bounds when nothing is. While somebody types, an amount that is only too
   * small, or not there, is not yet a mistake.
   *
   * @param {"typing" | "done"} when
   */
  function validate(when) {
    const parsed = parseAmount(amount.value, currency);
    const { floorMinor, ceilingMinor } = CURRENCIES[currency];
    const wrong = "problem" in parsed && (when === "done" || (parsed.problem !== "missing" && parsed.problem !== "too_small"));
    const text = wrong ? parsed.sentence : `From ${formatMoney(floorMinor, currency)} to ${formatMoney(ceilingMinor, currency)}.`;
    if (hint.textContent !== text) hint.textContent = text;
    hint.classList.toggle("wrong", wrong);
    amount.setAttribute("aria-invalid", String(wrong));
    submitButton.textContent = "problem" in parsed ? "Continue to payment" : `Continue to pay ${formatMoney(parsed.amountMinor, currency)}`;
    return parsed;
  }

  async function submit() {
    if (busy) return;
    const parsed = validate("done");
    if ("problem" in parsed) return amount.focus();
    setBusy(true);
    notice.replaceChildren();
    try {
      const url = await openPaymentPage({ currency, amountMinor: parsed.amountMinor });
      if (url === undefined) return setBusy(false);
      // Stays busy until the page is left: a second press would find it half gone.
      location.assign(url);
    } catch (error) {
      setBusy(false);
      if (error instanceof SignInRequired) return onSessionEnd(error);
      if (error instanceof Problem && SPENT_KEY.has(error.code ?? "")) forgetIntent();
      notice.replaceChildren(problemNotice(error, submit));
    }
  }

  /**
   * The address of Stripe's page, or undefined when this very top-up turns out to be paid already.
   *
   * @param {import("./top-up-intent.js").Amount} wanted
   */
  async function openPaymentPage(wanted) {
    const { topUpId } = intentFor(wanted);
    if (topUpId) {
      const { state } = await api.topUp(topUpId);
      if (state !== "created" && state !== "open") forgetIntent();
      if (state !== "created" && state !== "open" && state !== "failed" && state !== "expired") {
        onKnownTopUp(topUpId);
        return undefined;
      }
    }
    const intent = intentFor(wanted);
    const session = await createSession(intent);
    bindIntent(intent, session.topUpId);
    return session.url;
  }

  /** @param {import("./top-up-intent.js").Intent} intent */
  async function createSession({ currency, amountMinor, key }) {
    const input = { currency, amountMinor, successUrl: `${location.origin}/?paid=1`, cancelUrl: `${location.origin}/?cancelled=1` };
    for (let attempt = 1; ; attempt++) {
      try {
        return await api.createCheckoutSession(input, key);
      } catch (error) {
        // An earlier press is still being answered: its answer is ours too.
        if (!(error instanceof Problem && error.code === "idempotency.in_progress") || attempt === ATTEMPTS) throw error;
        await new Promise((resolve) => setTimeout(resolve, error.retryAfterMs ?? 1_000));
      }
    }
  }

  /** @param {boolean} now */
  function setBusy(now) {
    busy = now;
    submitButton.setAttribute("aria-disabled", String(now));
    if (now) submitButton.textContent = "Opening the payment page…";
    else validate("typing");
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  amount.addEventListener("input", changed);
  amount.addEventListener("change", () => amount.value !== "" && validate("done"));
  // Back from Stripe by the browser's own button: the page wakes up as it was left.
  addEventListener("pageshow", (event) => event.persisted && setBusy(false));

  select(currency);
  showCurrency();
  amount.value = draft?.text ?? "";
  validate("typing");

  return {
    /** What was paid is not asked for again by accident. */
    clear() {
      amount.value = "";
      changed();
    },
  };
}

/** India's customers pay in rupees as a rule, everybody else in dollars. */
const usualCurrency = () => (locales().some((locale) => new Intl.Locale(locale).maximize().region === "IN") ? "INR" : "USD");

/** @param {import("./money.js").Currency} currency */
function symbolOf(currency) {
  const format = new Intl.NumberFormat(locales(), { style: "currency", currency, currencyDisplay: "narrowSymbol" });
  return format.formatToParts(0).find(({ type }) => type === "currency")?.value ?? currency;
}
