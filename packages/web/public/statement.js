import { byId, element } from "./element.js";
import { CURRENCIES, currencies, formatMoney, isCurrency, locales } from "./money.js";
import { Problem, problemNotice, SignInRequired } from "./problem.js";
import { segments } from "./segments.js";

const PAGE_SIZE = 25;
/** A filtered page may come back empty and not be the last; this many are asked for before the customer decides. */
const EMPTY_PAGES = 5;

/** On a phone the style sheet turns rows into cards, and a browser that sees no table layout forgets that it is a table. */
const ROLES = { "thead, tbody": "rowgroup", tr: "row", th: "columnheader" };

/** @type {Readonly<Record<import("./api.js").Transaction["kind"], string>>} */
const KINDS = {
  credit: "Money added",
  clawback: "Money taken back",
  reinstatement: "Money given back",
  debit: "Charge",
  usage: "Usage",
  authorization: "Set aside",
  capture: "Charge from held money",
  release: "Held money returned",
  adjustment: "Correction",
  freeze: "Wallet frozen",
  unfreeze: "Wallet unfrozen",
};

/**
 * The statement, newest first, page by page. The chosen currency stands in the address, so that it outlives a reload and
 * signing in again.
 *
 * @param {import("./api.js").Api} api
 * @param {(error: SignInRequired) => void} onSessionEnd
 */
export function createStatement(api, onSessionEnd) {
  const card = byId("statement-card", HTMLElement);
  const table = byId("statement-table", HTMLTableElement);
  const rows = byId("statement-rows", HTMLTableSectionElement);
  const notice = byId("statement-notice", HTMLElement);
  const status = byId("statement-status", HTMLElement);
  const older = byId("older", HTMLButtonElement);

  const asked = new URLSearchParams(location.search).get("currency");
  let currency = isCurrency(asked) ? asked : undefined;
  /** @type {string | undefined} */
  let cursor;
  let running = new AbortController();
  /** @type {string | undefined} */
  let shownCurrency;

  const select = segments(
    byId("statement-currency", HTMLElement),
    "statement-currency",
    [{ value: "", label: "All" }, ...currencies.map((code) => ({ value: code, label: code, title: CURRENCIES[code].name }))],
    (value) => {
      currency = isCurrency(value) ? value : undefined;
      const query = new URLSearchParams(location.search);
      if (currency) query.set("currency", currency);
      else query.delete("currency");
      history.replaceState(null, "", query.size > 0 ? `/?${query}` : "/");
      load();
    },
  );
  select(currency ?? "");
  older.addEventListener("click", () => older.getAttribute("aria-disabled") !== "true" && more());

  /** The newest page again. The rows stay until it is there. */
  function load() {
    return read(undefined);
  }

  /** The next, older page below the rows that are there. */
  function more() {
    return read(cursor);
  }

  /** @param {string | undefined} from */
  async function read(from) {
    running.abort();
    const mine = new AbortController();
    running = mine;
    card.setAttribute("aria-busy", "true");
    // Not `disabled`: that would take the focus from who presses it by keyboard.
    older.setAttribute("aria-disabled", "true");
    notice.replaceChildren(...(from === undefined && rows.rows.length === 0 ? [element("p", { class: "loading" }, "Loading…")] : []));
    try {
      const { transactions, next } = await readPage(from, mine.signal);
      if (mine.signal.aborted) return;
      const first = show(transactions, from === undefined);
      cursor = next;
      older.hidden = cursor === undefined;
      // The button that had the focus is gone with the last page: the new rows are where to go on.
      if (from !== undefined && older.hidden) first?.focus();
    } catch (error) {
      if (mine.signal.aborted) return;
      if (error instanceof SignInRequired) return onSessionEnd(error);
      // Another currency's rows must not stand below the new choice.
      if (shownCurrency !== currency) clear();
      const stale = error instanceof Problem && error.code === "cursor.invalid";
      older.hidden = true;
      notice.replaceChildren(problemNotice(error, () => read(stale ? undefined : from)));
    } finally {
      if (running === mine) {
        card.removeAttribute("aria-busy");
        older.removeAttribute("aria-disabled");
      }
    }
  }

  /** @param {string | undefined} from @param {AbortSignal} signal */
  async function readPage(from, signal) {
    let next = from;
    for (let page = 1; ; page++) {
      const answer = await api.transactions({ currency, cursor: next, limit: PAGE_SIZE, signal });
      next = answer.nextCursor ?? undefined;
      if (answer.transactions.length > 0 || next === undefined || page === EMPTY_PAGES) return { transactions: answer.transactions, next };
    }
  }

  /** @param {import("./api.js").Transaction[]} transactions @param {boolean} replace */
  function show(transactions, replace) {
    const made = transactions.map(row);
    if (replace) rows.replaceChildren(...made);
    else rows.append(...made);
    shownCurrency = currency;
    table.hidden = rows.rows.length === 0;
    notice.replaceChildren(...(table.hidden ? [emptyState(currency)] : []));
    status.textContent = `${rows.rows.length} ${rows.rows.length === 1 ? "entry" : "entries"} shown.`;
    return made[0];
  }

  function clear() {
    rows.replaceChildren();
    table.hidden = true;
  }

  table.setAttribute("role", "table");
  for (const [parts, role] of Object.entries(ROLES)) for (const part of table.querySelectorAll(parts)) part.setAttribute("role", role);
  clear();
  return { load };
}

/** @param {import("./money.js").Currency | undefined} currency */
function emptyState(currency) {
  const [title, next] = currency
    ? [`Nothing in ${currency} yet`, `Choose All to see the other currencies, or add funds in ${currency}.`]
    : ["Nothing here yet", "Add funds to begin: the payment appears here as the first entry once Stripe confirms it."];
  return element("div", { class: "empty" }, element("p", { class: "notice-title" }, title), element("p", {}, next));
}

/** @param {import("./api.js").Transaction} transaction */
function row({ kind, description, currency, amountMinor, heldMinor, balanceAfter, at }) {
  const after = balanceAfter.find((balance) => balance.currency === currency);
  const held = heldMinor === 0 ? null : element("span", { class: "detail" }, `held ${formatMoney(heldMinor, currency, { signed: true })}`);
  const movesNothing = amountMinor === 0 && heldMinor === 0;
  return element(
    "tr",
    { role: "row", tabindex: "-1" },
    element("td", { role: "cell", class: "when" }, time(at)),
    element(
      "td",
      { role: "cell", class: "what" },
      element("span", { class: "kind" }, KINDS[kind] ?? kind),
      description ? element("span", { class: "detail" }, description) : null,
    ),
    element(
      "td",
      { role: "cell", class: `figure amount${amountMinor > 0 ? " in" : ""}` },
      movesNothing ? "–" : formatMoney(amountMinor, currency, { signed: true }),
      held,
    ),
    element(
      "td",
      { role: "cell", class: "figure after" },
      after ? formatMoney(after.availableMinor, currency) : "–",
      after && after.heldMinor !== 0 ? element("span", { class: "detail" }, `${formatMoney(after.heldMinor, currency)} held`) : null,
    ),
  );
}

/** @param {string} at */
function time(at) {
  const date = new Date(at);
  const format = (/** @type {Intl.DateTimeFormatOptions} */ options) => new Intl.DateTimeFormat(locales(), options).format(date);
  return element(
    "time",
    { datetime: at, title: format({ dateStyle: "full", timeStyle: "long" }) },
    element("span", { class: "day" }, format({ dateStyle: "medium" })),
    " ",
    element("span", { class: "detail inline" }, format({ timeStyle: "short" })),
  );
}
