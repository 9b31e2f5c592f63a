import { createAddFunds } from "./add-funds.js";
import { createApi } from "./api.js";
import { createBalances } from "./balances.js";
import { byId, element } from "./element.js";
import { Problem, problemNotice } from "./problem.js";
import { createSession } from "./session.js";
import { createStatement } from "./statement.js";
import { forget, recall, remember } from "./tab-storage.js";
import { createTopUpStatus } from "./top-up-status.js";

const pageNotice = byId("page-notice", HTMLElement);
const starting = byId("starting", HTMLElement);
const welcome = byId("welcome", HTMLElement);
const wallet = byId("wallet", HTMLElement);
const account = byId("account", HTMLElement);
const signInButton = byId("sign-in", HTMLButtonElement);

/** @returns {Promise<import("./session.js").IdentityConfig>} */
async function loadConfig() {
  /** @type {Response} */
  let response;
  try {
    response = await fetch("/config.json", { cache: "no-cache" });
  } catch (cause) {
    throw new Problem({ title: "Aira cannot be reached", detail: "Check the connection and try again." }, { cause });
  }
  const config = response.ok ? await response.json().catch(() => undefined) : undefined;
  for (const name of ["issuer", "clientId", "scope"])
    if (typeof config?.[name] !== "string")
      throw new Problem({ title: "This page is not set up", detail: `/config.json does not give ${name}.` });
  return config;
}

/** @param {"welcome" | "wallet"} view */
function show(view) {
  starting.hidden = true;
  welcome.hidden = view !== "welcome";
  wallet.hidden = view !== "wallet";
  account.hidden = view !== "wallet";
}

/** @param {import("./session.js").Session} session */
function showWelcome(session) {
  show("welcome");
  const idle = signInButton.textContent;
  const setBusy = (/** @type {boolean} */ busy) => {
    signInButton.setAttribute("aria-disabled", String(busy));
    signInButton.textContent = busy ? "Opening sign-in…" : idle;
  };
  signInButton.onclick = async () => {
    if (signInButton.getAttribute("aria-disabled") === "true") return;
    setBusy(true);
    try {
      await session.begin(`/${location.search}`);
    } catch (error) {
      setBusy(false);
      pageNotice.replaceChildren(problemNotice(error));
    }
  };
  // Back from the identity provider by the browser's own button: the page wakes up as it was left.
  addEventListener("pageshow", (event) => event.persisted && setBusy(false));
}

/**
 * @param {import("./session.js").Session} session
 * @param {import("./session.js").Owner} owner
 */
function showWallet(session, owner) {
  // What was begun by somebody else in this tab is not this customer's to see or to pay.
  if (recall("owner") !== owner.sub) for (const name of ["draft", "intent", "following"]) forget(name);
  remember("owner", owner.sub);

  byId("account-name", HTMLElement).textContent = owner.name;
  // Without the identity provider the tab is signed out all the same.
  byId("sign-out", HTMLButtonElement).onclick = () => session.end().catch(() => location.assign("/"));

  const onSessionEnd = () => {
    if (wallet.hidden) return;
    showWelcome(session);
    pageNotice.replaceChildren(
      element(
        "div",
        { class: "notice notice-plain", role: "alert" },
        element("p", { class: "notice-title" }, "Your session has ended"),
        element("p", {}, "Sign in again to go on where you were."),
      ),
    );
    signInButton.focus();
  };

  const api = createApi(session);
  const balances = createBalances(api, onSessionEnd);
  const statement = createStatement(api, onSessionEnd);
  const refresh = () => {
    balances.load();
    statement.load();
  };
  byId("refresh", HTMLButtonElement).addEventListener("click", refresh);
  const status = createTopUpStatus(api, {
    onSessionEnd,
    onPaid: () => addFunds.clear(),
    onSettled: refresh,
  });
  const showTopUp = (/** @type {string} */ topUpId) => {
    status.follow(topUpId);
    byId("balances-title", HTMLElement).scrollIntoView();
  };
  const addFunds = createAddFunds(api, { onSessionEnd, onKnownTopUp: showTopUp });

  show("wallet");
  refresh();
  status.resume();
}

async function start() {
  starting.hidden = false;
  pageNotice.replaceChildren();
  /** @type {import("./session.js").Session} */
  let session;
  try {
    session = createSession(await loadConfig());
  } catch (error) {
    starting.hidden = true;
    return pageNotice.replaceChildren(problemNotice(error, start));
  }
  try {
    await session.complete();
  } catch (error) {
    pageNotice.replaceChildren(problemNotice(error));
  }
  const owner = session.owner();
  if (owner) showWallet(session, owner);
  else showWelcome(session);
}

start();
