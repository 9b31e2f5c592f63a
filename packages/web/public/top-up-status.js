import { byId, element } from "./element.js";
import { formatMoney } from "./money.js";
import { Problem, problemNotice, SignInRequired } from "./problem.js";
import { forget, recall, remember } from "./tab-storage.js";
import { currentIntent, forgetIntent } from "./top-up-intent.js";
import { reportOf } from "./top-up-report.js";

/** Pauses between questions: most payments are confirmed within seconds, the others not sooner for being asked often. */
const PAUSES_MS = [1_000, 1_000, 1_000, 2_000, 2_000, 3_000, 5_000, 5_000, 10_000, 10_000, 15_000, 15_000, 20_000, 30_000];
/** A method that confirms later takes hours or days: half a minute of questions is enough. */
const PROCESSING_QUESTIONS = 10;
const FAILURES_IN_A_ROW = 4;

/**
 * Follows a top-up after the customer comes back from Stripe's page, until it is settled.
 *
 * @param {import("./api.js").Api} api
 * @param {{ onPaid: () => void, onSettled: () => void, onSessionEnd: (error: SignInRequired) => void }} on
 */
export function createTopUpStatus(api, { onPaid, onSettled, onSessionEnd }) {
  const place = byId("top-up-status", HTMLElement);
  // Rises with each top-up that is followed, so that an older question that is still on its way is not shown.
  let round = 0;

  /** @param {string} topUpId */
  async function follow(topUpId) {
    remember("following", topUpId);
    round++;
    const mine = round;
    const again = () => follow(topUpId);
    let failures = 0;
    let processing = 0;
    /** @type {import("./top-up-report.js").Report | undefined} */
    let last;
    show({ tone: "plain", title: "Looking at your payment", detail: "One moment.", settled: false }, "busy");
    for (const pauseMs of PAUSES_MS) {
      try {
        const topUp = await api.topUp(topUpId);
        if (mine !== round) return;
        failures = 0;
        last = reportOf(topUp);
        if (last.settled) {
          forget("following");
          show(last, "done");
          return onSettled();
        }
        if (topUp.state === "processing") processing++;
        show(last, "busy");
        if (processing === PROCESSING_QUESTIONS) break;
      } catch (error) {
        if (mine !== round) return;
        if (error instanceof SignInRequired) return onSessionEnd(error);
        failures++;
        const unknown = error instanceof Problem && error.code === "top_up.not_found";
        if (unknown) forget("following");
        if (unknown || failures === FAILURES_IN_A_ROW) return place.replaceChildren(problemNotice(error, unknown ? undefined : again));
      }
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
      if (mine !== round) return;
    }
    const stopped =
      processing > 0 && last
        ? last
        : {
            tone: /** @type {const} */ ("warning"),
            title: "The payment is not confirmed yet",
            detail: "If you have paid, the money is added as soon as Stripe confirms it, also when this page is closed.",
            settled: false,
          };
    show(stopped, "stopped", again);
  }

  function dismiss() {
    round++;
    forget("following");
    place.replaceChildren();
  }

  /** @type {{ words: string, notice: HTMLElement } | undefined} */
  let shown;
  /**
   * @param {import("./top-up-report.js").Report} about
   * @param {"busy" | "stopped" | "done"} phase
   * @param {() => void} [again]
   */
  function show({ tone, title, detail }, phase, again) {
    // Set again, the same words would be read out again.
    const words = JSON.stringify([title, phase]);
    if (shown?.words === words && shown.notice === place.firstElementChild) return;
    const notice = element(
      "div",
      { class: `notice notice-${tone}${phase === "busy" ? " notice-busy" : ""}` },
      element("p", { class: "notice-title" }, title),
      element("p", {}, detail),
      phase === "busy" ? null : actions(again ? element("button", { type: "button", onclick: again }, "Check again") : null),
    );
    shown = { words, notice };
    place.replaceChildren(notice);
  }

  /** @param {HTMLElement | null} first */
  const actions = (first) =>
    element("div", { class: "actions" }, first, element("button", { type: "button", class: "quiet", onclick: dismiss }, "Dismiss"));

  /** Back from Stripe without having paid, so says the address; the top-up itself knows better. */
  async function returnUnpaid() {
    const topUpId = currentIntent()?.topUpId;
    if (!topUpId) return;
    try {
      const topUp = await api.topUp(topUpId);
      if (topUp.state !== "open" && topUp.state !== "created") {
        forgetIntent();
        return await follow(topUpId);
      }
      round++;
      place.replaceChildren(
        element(
          "div",
          { class: "notice notice-plain" },
          element("p", { class: "notice-title" }, `You left before paying ${formatMoney(topUp.amountMinor, topUp.currency)}`),
          element("p", {}, "Nothing was added to your wallet."),
          actions(topUp.url ? element("a", { class: "button", href: topUp.url }, "Back to payment") : null),
        ),
      );
    } catch (error) {
      if (error instanceof SignInRequired) return onSessionEnd(error);
      place.replaceChildren(problemNotice(error, returnUnpaid));
    }
  }

  /** Back from Stripe after paying. */
  async function returnPaid() {
    onPaid();
    const topUpId = currentIntent()?.topUpId;
    if (topUpId) {
      // Noted first: a reload in between must still find one of the two.
      remember("following", topUpId);
      forgetIntent();
      return follow(topUpId);
    }
    show(
      {
        tone: "plain",
        title: "Thank you",
        detail: "If you have paid, the money appears in the statement as soon as Stripe confirms it.",
        settled: true,
      },
      "done",
    );
  }

  return {
    follow,
    /** Takes up what the address says about a return from Stripe, or what a reload interrupted. */
    async resume() {
      const query = new URLSearchParams(location.search);
      const [paid, cancelled] = [query.has("paid"), query.has("cancelled")];
      if (paid || cancelled) {
        query.delete("paid");
        query.delete("cancelled");
        history.replaceState(null, "", query.size > 0 ? `/?${query}` : "/");
        return paid ? returnPaid() : returnUnpaid();
      }
      const topUpId = /** @type {string | undefined} */ (recall("following"));
      if (topUpId) return follow(topUpId);
    },
  };
}
