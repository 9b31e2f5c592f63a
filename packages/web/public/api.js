import { Problem, SignInRequired } from "./problem.js";

/**
 * @typedef {import("zod/mini").infer<typeof import("@aira/contract").BalanceOutput>} Balances
 * @typedef {import("zod/mini").infer<typeof import("@aira/contract").Transaction>} Transaction
 * @typedef {import("zod/mini").infer<typeof import("@aira/contract").TransactionsOutput>} StatementPage
 * @typedef {import("zod/mini").infer<typeof import("@aira/contract").CreateCheckoutSessionOutput>} CheckoutSession
 * @typedef {import("zod/mini").infer<typeof import("@aira/contract").TopUp>} TopUp
 * @typedef {{ query?: Record<string, string | undefined>, body?: unknown, idempotencyKey?: string, signal?: AbortSignal | undefined }} RequestParts
 */

/** The API itself gives up after 30 seconds. */
const TIMEOUT_MS = 35_000;

/** @param {import("./session.js").Session} session */
export function createApi(session) {
  /**
   * @param {"GET" | "POST"} method
   * @param {string} path
   * @param {RequestParts} [parts]
   */
  async function request(method, path, parts = {}) {
    const token = await session.accessToken();
    let response = await send(method, path, token, parts);
    if (response.status === 401) response = await send(method, path, await session.accessToken(token), parts);
    if (response.status === 401) {
      session.expire();
      throw new SignInRequired();
    }
    if (response.ok) return response.json();
    throw await problemOf(response);
  }

  return {
    /** @returns {Promise<Balances>} */
    balances: () => request("GET", "/api/wallet/balance"),

    /**
     * @param {{ currency: string | undefined, cursor: string | undefined, limit: number, signal?: AbortSignal }} page
     * @returns {Promise<StatementPage>}
     */
    transactions: ({ currency, cursor, limit, signal }) =>
      request("GET", "/api/wallet/transactions", { query: { limit: String(limit), currency, cursor }, signal }),

    /**
     * @param {{ currency: string, amountMinor: number, successUrl: string, cancelUrl: string }} input
     * @param {string} idempotencyKey
     * @returns {Promise<CheckoutSession>}
     */
    createCheckoutSession: (input, idempotencyKey) =>
      request("POST", "/api/payment/create-checkout-session", { body: input, idempotencyKey }),

    /** @param {string} topUpId @returns {Promise<TopUp>} */
    topUp: (topUpId) => request("GET", `/api/payment/top-ups/${encodeURIComponent(topUpId)}`),
  };
}

/** @typedef {ReturnType<typeof createApi>} Api */

/**
 * @param {string} method
 * @param {string} path
 * @param {string} token
 * @param {RequestParts} parts
 */
async function send(method, path, token, { query = {}, body, idempotencyKey, signal }) {
  const url = new URL(path, location.origin);
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value);
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  /** @type {Record<string, string>} */
  const headers = { Accept: "application/json", Authorization: `Bearer ${token}` };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (idempotencyKey !== undefined) headers["Idempotency-Key"] = idempotencyKey;
  try {
    return await fetch(url, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      cache: "no-store",
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new Problem(
      timeout.aborted
        ? { title: "No answer yet", detail: "Aira took too long to answer. It is safe to try again." }
        : { title: "Aira cannot be reached", detail: "Check the connection and try again." },
      { cause },
    );
  }
}

/** @param {Response} response */
async function problemOf(response) {
  const body = await response.json().catch(() => ({}));
  const retryAfter = Number(response.headers.get("Retry-After") ?? Number.NaN);
  return new Problem({
    title: body.title ?? "Aira could not answer",
    detail: body.detail ?? `The answer had the status ${response.status}.`,
    code: body.code,
    // An answer that is not Aira's own carries the gateway's id only.
    requestId: body.requestId ?? response.headers.get("x-request-id") ?? response.headers.get("apigw-requestid") ?? undefined,
    fields: body.errors,
    ...(Number.isFinite(retryAfter) ? { retryAfterMs: retryAfter * 1_000 } : {}),
  });
}
