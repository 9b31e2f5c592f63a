import { createHash } from "node:crypto";
import { escapeHtml } from "./escape-html.ts";

/** Who can sign in with one click. Any other name works too. */
export const DEMO_USERS = [
  { name: "demo", about: "a customer" },
  { name: "asha", about: "another customer" },
  { name: "operator", about: "in the operators group" },
] as const;

/** What a user may be called: the owner of a wallet is this name. */
export const USER_NAME = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/;

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { margin: 0; min-height: 100vh; display: grid; place-items: center }
main { width: min(22rem, 90vw); padding: 2rem; border: 1px solid #8886; border-radius: .75rem }
h1 { margin: 0 0 .25rem; font-size: 1.5rem }
p { margin: 0 0 1.25rem }
button, input { font: inherit; box-sizing: border-box; width: 100%; padding: .6rem .8rem; border-radius: .5rem; border: 1px solid #8888 }
button { margin-bottom: .6rem; text-align: left; cursor: pointer }
button:hover, button:focus-visible { border-color: currentColor }
form + form { margin-top: .6rem; padding-top: 1.2rem; border-top: 1px solid #8884 }
label { display: block; margin-bottom: .3rem }
input { margin-bottom: .6rem }
small { opacity: .75 }`;

/** The page's own policy: its one style by hash, and forms that lead on to the app. */
export const loginPolicy = (appOrigins: readonly string[]): string =>
  `default-src 'none'; style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'; form-action 'self' ${appOrigins.join(" ")}; frame-ancestors 'none'; base-uri 'none'`;

/** The page on which a person says who they are. `query` is the authorization request, which the choice is added to. */
export function loginPage(query: URLSearchParams): string {
  const hidden = [...query]
    .map(([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`)
    .join("");
  const users = DEMO_USERS.map(
    ({ name, about }) => `<button name="login_hint" value="${name}"><strong>${name}</strong> <small>${about}</small></button>`,
  );
  return page(
    "Sign in to Aira",
    `<h1>Sign in to Aira</h1>
<p><small>This identity provider runs on this machine only. There are no passwords.</small></p>
<form>${hidden}${users.join("")}</form>
<form>${hidden}<label for="user">Somebody else</label>
<input id="user" name="login_hint" required maxlength="64" pattern="[A-Za-z0-9][A-Za-z0-9._@\\-]*" autocomplete="username" autocapitalize="none" spellcheck="false">
<button>Sign in</button></form>`,
  );
}

/** What is wrong with an authorization request that cannot be answered by a redirect. */
export const refusalPage = (sentence: string): string => page("Cannot sign in", `<h1>Cannot sign in</h1><p>${escapeHtml(sentence)}</p>`);

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title>
<style>${STYLE}</style></head><body><main>${body}</main></body></html>
`;
}
