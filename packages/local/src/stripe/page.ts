import { escapeHtml } from "../escape-html.ts";
import { readPageFile } from "../sandbox/page-file.ts";
import { formatAmount } from "./currencies.ts";
import { StripeFault } from "./fault.ts";
import type { Session } from "./objects.ts";
import type { StripeState } from "./state.ts";
import type { Switches } from "./switches.ts";

const STYLE_PATH = "/c/checkout.css";
const PAGE_PATH = /^\/c\/pay\/([^/]+)$/;

/** Forms may go to the sandbox itself and, by the redirect after paying, to where the merchant wants the customer back. */
function contentSecurityPolicy(session: Session | undefined): string {
  const origins = [session?.success_url, session?.cancel_url].filter((url) => typeof url === "string").map((url) => new URL(url).origin);
  return [
    "default-src 'none'",
    "style-src 'self'",
    "img-src data:",
    `form-action ${["'self'", ...new Set(origins)].join(" ")}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

function htmlResponse(status: number, title: string, content: string, session?: Session): Response {
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${STYLE_PATH}">
</head>
<body>
<p class="notice">Sandbox: no real money moves.</p>
<main>
<div class="card">
${content}
</div>
</main>
</body>
</html>
`;
  return new Response(html, {
    status,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": contentSecurityPolicy(session),
      "cache-control": "no-store",
      "referrer-policy": "same-origin",
      "x-content-type-options": "nosniff",
    },
  });
}

const button = (action: string, label: string, primary = false) =>
  `<form method="post"><input type="hidden" name="action" value="${action}"><button${primary ? ' class="primary"' : ""}>${label}</button></form>`;

const backLink = (session: Session, label: string) =>
  session.cancel_url === null ? "" : `<a class="button back" href="${escapeHtml(session.cancel_url)}">${label}</a>`;

const amountOf = (session: Session) => formatAmount(session.currency ?? "usd", session.amount_total ?? 0);

const heading = (state: StripeState, session: Session) => {
  const names = (state.store.details.get(session.id)?.lineItems ?? []).map((line) => line.description ?? "").join(", ");
  const email = session.customer_details?.email;
  return `<h1>${escapeHtml(names)}</h1>
<p class="amount">${escapeHtml(amountOf(session))}</p>
${email ? `<p class="quiet">For ${escapeHtml(email)}</p>` : ""}`;
};

function openPage(state: StripeState, session: Session, error?: string): Response {
  const amount = escapeHtml(amountOf(session));
  const content = `${heading(state, session)}
${error === undefined ? "" : `<p class="error" role="alert">${escapeHtml(error)}</p>`}
${button("card", `Pay ${amount} by card`, true)}
<h2>Or try how else it can go</h2>
${button("decline", "Pay by a card that is declined")}
${button("async_succeed", "Pay by bank debit that succeeds later")}
${button("async_fail", "Pay by bank debit that fails later")}
${button("expire", "Let this page expire")}
${backLink(session, "Back without paying")}`;
  // A declined card is an answer like any other, yet not a success: Stripe's own API answers it 402.
  return htmlResponse(error === undefined ? 200 : 402, `Pay ${amountOf(session)} (sandbox)`, content, session);
}

/** A session that can't be paid any more says why. */
function closedPage(state: StripeState, session: Session): Response {
  const underWay = state.store.details.get(session.id)?.settles !== undefined;
  const [title, sentence] =
    session.status === "expired"
      ? ["This page has expired", "Nothing was paid. Start again where you came from."]
      : session.payment_status === "paid"
        ? ["Paid", "This payment is complete. You can close this page."]
        : underWay
          ? ["Payment under way", "The bank debit was accepted and will settle soon."]
          : ["Payment submitted", "The bank debit has not paid. Its outcome is with the merchant."];
  return htmlResponse(
    200,
    `${title} (sandbox)`,
    `${heading(state, session)}<p role="status">${title}. ${sentence}</p>${backLink(session, "Back")}`,
    session,
  );
}

const seeOther = (location: string) => new Response(null, { status: 303, headers: { location, "cache-control": "no-store" } });

/** Where the customer goes after paying. Stripe replaces the placeholder wherever it stands, also percent-encoded. */
export const successUrl = (session: Session): string =>
  (session.success_url ?? "").replaceAll(/\{CHECKOUT_SESSION_ID\}|%7BCHECKOUT_SESSION_ID%7D/gi, session.id);

function act(state: StripeState, switches: Switches, session: Session, action: string | null): Response {
  const afterMs = switches.get().settleAfterMs;
  switch (action) {
    case "card":
      return seeOther(successUrl(state.pay(session.id, "card")));
    case "async_succeed":
      return seeOther(successUrl(state.pay(session.id, "async", { outcome: "succeed", afterMs })));
    case "async_fail":
      return seeOther(successUrl(state.pay(session.id, "async", { outcome: "fail", afterMs })));
    case "decline":
      return openPage(state, session, `${state.decline(session.id).message} Please try a different card.`);
    case "expire":
      return closedPage(state, state.expire(session.id));
    default:
      return htmlResponse(400, "Unknown action", "<h1>Unknown action</h1><p>Go back and use one of the buttons.</p>", session);
  }
}

/**
 * The checkout page at `/c/pay/{session}`, plain HTML forms. Answers undefined for a path that is not its own.
 */
export async function handlePage(state: StripeState, switches: Switches, request: Request): Promise<Response | undefined> {
  const { pathname } = new URL(request.url);
  if (pathname === STYLE_PATH)
    return new Response(readPageFile(new URL("./page.css", import.meta.url)), {
      headers: { "content-type": "text/css; charset=utf-8", "x-content-type-options": "nosniff" },
    });
  const id = PAGE_PATH.exec(pathname)?.[1];
  if (id === undefined) return undefined;
  state.advance();
  const session = state.store.sessions.get(id);
  if (!session) return htmlResponse(404, "No such page", "<h1>No such page</h1><p>There is no checkout session at this address.</p>");
  if (request.method === "GET" || request.method === "HEAD")
    return session.status === "open" ? openPage(state, session) : closedPage(state, session);
  if (request.method !== "POST") return new Response(null, { status: 405, headers: { allow: "GET, HEAD, POST" } });
  // Another site's page must not press the buttons.
  if (request.headers.get("sec-fetch-site") === "cross-site")
    return htmlResponse(403, "Refused", "<h1>Refused</h1><p>Use the buttons of this page.</p>");
  const action = new URLSearchParams(await request.text()).get("action");
  try {
    return session.status === "open" ? act(state, switches, session, action) : closedPage(state, session);
  } catch (error) {
    if (error instanceof StripeFault) return closedPage(state, state.store.sessions.get(id)!);
    throw error;
  }
}
