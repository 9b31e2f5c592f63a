import { element } from "./element.js";

/** Something that the customer should read: what went wrong, and what identifies it. */
export class Problem extends Error {
  /**
   * @param {{ title: string, detail?: string, code?: string, requestId?: string, retryAfterMs?: number,
   *   fields?: { field: string, detail: string }[] }} about
   * @param {ErrorOptions} [options]
   */
  constructor({ title, detail, code, requestId, retryAfterMs, fields = [] }, options) {
    super(title, options);
    this.name = "Problem";
    this.title = title;
    this.detail = detail;
    this.code = code;
    this.requestId = requestId;
    this.retryAfterMs = retryAfterMs;
    this.fields = fields;
  }
}

/** Nobody is signed in, or no longer: only signing in again helps. */
export class SignInRequired extends Error {
  constructor() {
    super("Sign in to continue.");
    this.name = "SignInRequired";
  }
}

/**
 * A problem as the page shows it.
 *
 * @param {unknown} error
 * @param {(() => void) | undefined} [retry] Without it there is no button.
 * @param {string} [retryLabel]
 */
export function problemNotice(error, retry, retryLabel = "Try again") {
  const problem = error instanceof Problem ? error : new Problem({ title: "This page failed", detail: String(error) });
  if (problem !== error) console.error(error);
  return element(
    "div",
    { class: "notice notice-problem", role: "alert" },
    element("p", { class: "notice-title" }, problem.title),
    problem.detail && problem.detail !== problem.title ? element("p", {}, problem.detail) : null,
    problem.fields.length > 0
      ? element("ul", {}, ...problem.fields.map(({ field, detail }) => element("li", {}, element("code", {}, field), ` ${detail}`)))
      : null,
    problem.requestId ? element("p", { class: "fine" }, "Request ", element("code", {}, problem.requestId)) : null,
    retry ? element("div", { class: "actions" }, element("button", { type: "button", onclick: retry }, retryLabel)) : null,
  );
}
