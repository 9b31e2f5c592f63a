import { expandAll } from "./expand.ts";
import { noSuch, ParameterFault, StripeFault } from "./fault.ts";
import { decodeForm, type FormValue } from "./form.ts";
import { claimKey, fingerprintOf, freeKey, keepAnswer } from "./idempotency.ts";
import { pageOf } from "./lists.ts";
import { API_VERSION, type StripeObject } from "./objects.ts";
import { type PARAMETERS, type Parameters, parseParameters } from "./parameters.ts";
import type { StripeState } from "./state.ts";
import { createSwitches, type Switches } from "./switches.ts";

/** The one key that the sandbox accepts. It opens nothing but the sandbox. */
export const SANDBOX_SECRET_KEY = "sk_test_sandbox";

const MAX_BODY_CHARACTERS = 1_000_000;
const EVENTS_LISTED_SECONDS = 30 * 24 * 60 * 60;

interface Call {
  readonly state: StripeState;
  /** The id in the path, or "". */
  readonly id: string;
  readonly path: string;
}

interface Route {
  readonly method: "GET" | "POST";
  readonly path: RegExp;
  readonly answer: (call: Call, form: { [key: string]: FormValue }) => object;
}

/** A route whose parameters are of this name: parsed first, then answered, then expanded. */
function route<Name extends keyof typeof PARAMETERS>(
  method: Route["method"],
  path: string,
  parameters: Name,
  answer: (call: Call, parameters: Parameters<Name>) => object,
): Route {
  return {
    method,
    path: new RegExp(`^${path.replace("{id}", "([^/]+)")}$`),
    answer: (call, form) => {
      const parsed = parseParameters(parameters, form);
      return expandAll(call.state.store, answer(call, parsed), parsed.expand);
    },
  };
}

type Gettable = "customers" | "sessions" | "intents" | "charges" | "refunds" | "disputes" | "balanceTransactions" | "events";

const get = (path: string, collection: Gettable, what: string) =>
  route("GET", `${path}/{id}`, "none", ({ state, id }) => {
    const found: StripeObject | object | undefined = state.store[collection].get(id);
    if (!found) throw noSuch(what, id);
    return found;
  });

/** Whether a filter is absent or met. */
const is = (wanted: string | undefined, actual: string | null | undefined) => wanted === undefined || wanted === actual;

const paymentReference = ({ charge, payment_intent: intent }: Parameters<"createRefund">) => {
  if (charge !== undefined && intent === undefined) return { charge };
  if (intent !== undefined && charge === undefined) return { paymentIntent: intent };
  throw new ParameterFault(
    undefined,
    "parameter_missing",
    "Exactly one of the following params should be passed for this request: charge, payment_intent.",
  );
};

const ACCOUNT = {
  id: "acct_sandbox",
  object: "account",
  business_type: "company",
  charges_enabled: true,
  country: "US",
  default_currency: "usd",
  details_submitted: true,
  email: "operator@example.com",
  payouts_enabled: true,
  type: "standard",
};

const ROUTES: readonly Route[] = [
  route("GET", "/v1/account", "none", () => ACCOUNT),
  route("POST", "/v1/customers", "createCustomer", ({ state }, parameters) => state.createCustomer(parameters)),
  route("GET", "/v1/customers", "listCustomers", ({ state, path }, p) =>
    pageOf(state.store.customers, p, path, (c) => is(p.email, c.email)),
  ),
  get("/v1/customers", "customers", "customer"),
  route("POST", "/v1/checkout/sessions", "createSession", ({ state }, parameters) => state.createSession(parameters)),
  route("GET", "/v1/checkout/sessions", "listSessions", ({ state, path }, p) =>
    pageOf(
      state.store.sessions,
      p,
      path,
      (s) => is(p.status, s.status) && is(p.payment_intent, s.payment_intent) && is(p.customer, s.customer),
    ),
  ),
  get("/v1/checkout/sessions", "sessions", "checkout.session"),
  route("POST", "/v1/checkout/sessions/{id}/expire", "none", ({ state, id }) => state.expire(id)),
  route("GET", "/v1/payment_intents", "listIntents", ({ state, path }, p) =>
    pageOf(state.store.intents, p, path, (i) => is(p.customer, i.customer)),
  ),
  get("/v1/payment_intents", "intents", "payment_intent"),
  route("GET", "/v1/charges", "listCharges", ({ state, path }, p) =>
    pageOf(state.store.charges, p, path, (c) => is(p.payment_intent, c.payment_intent) && is(p.customer, c.customer)),
  ),
  get("/v1/charges", "charges", "charge"),
  route("POST", "/v1/refunds", "createRefund", ({ state }, parameters) =>
    state.refund(paymentReference(parameters), {
      metadata: parameters.metadata,
      ...(parameters.amount !== undefined && { amountMinor: parameters.amount }),
      ...(parameters.reason !== undefined && { reason: parameters.reason }),
      ...(parameters.instructions_email !== undefined && { instructionsEmail: parameters.instructions_email }),
    }),
  ),
  route("GET", "/v1/refunds", "listByPayment", ({ state, path }, p) =>
    pageOf(state.store.refunds, p, path, (r) => is(p.charge, r.charge) && is(p.payment_intent, r.payment_intent)),
  ),
  get("/v1/refunds", "refunds", "refund"),
  route("POST", "/v1/refunds/{id}/cancel", "none", ({ state, id }) => state.cancelRefund(id)),
  route("GET", "/v1/disputes", "listByPayment", ({ state, path }, p) =>
    pageOf(state.store.disputes, p, path, (d) => is(p.charge, d.charge) && is(p.payment_intent, d.payment_intent)),
  ),
  get("/v1/disputes", "disputes", "dispute"),
  route("GET", "/v1/balance_transactions", "listBalanceTransactions", ({ state, path }, p) =>
    pageOf(state.store.balanceTransactions, p, path, (t) => is(p.currency, t.currency) && is(p.source, t.source) && is(p.type, t.type)),
  ),
  get("/v1/balance_transactions", "balanceTransactions", "balance_transaction"),
  route("GET", "/v1/events", "listEvents", ({ state, path }, p) =>
    pageOf(
      state.store.events,
      p,
      path,
      (e) => is(p.type, e.type) && (p.types?.includes(e.type) ?? true) && e.created > state.store.now() - EVENTS_LISTED_SECONDS,
    ),
  ),
  get("/v1/events", "events", "event"),
];

function authenticate(request: Request, secretKey: string): void {
  const [scheme = "", credentials = ""] = (request.headers.get("authorization") ?? "").split(" ");
  // Stripe takes the key as the user name of basic authentication too; `curl -u` does that.
  const basic = scheme.toLowerCase() === "basic";
  const key = basic ? Buffer.from(credentials, "base64").toString().split(":")[0] : credentials;
  if (key === secretKey && (basic || scheme.toLowerCase() === "bearer")) return;
  throw new StripeFault(
    401,
    "invalid_request_error",
    key
      ? `Invalid API Key provided: ${key.slice(0, 8)}****`
      : "You did not provide an API key. Provide it as Authorization: Bearer YOUR_SECRET_KEY.",
  );
}

function checkVersion(request: Request): void {
  const version = request.headers.get("stripe-version");
  if (version !== null && version !== API_VERSION)
    throw new ParameterFault(
      undefined,
      undefined,
      `Invalid Stripe API version: ${version.slice(0, 40)}. The sandbox speaks ${API_VERSION}.`,
    );
}

/** Waits as long as the caller does, and then fails as a broken connection does. */
const neverAnswer = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const fail = () => reject(signal.reason ?? new DOMException("The request was aborted.", "AbortError"));
    if (signal.aborted) fail();
    else signal.addEventListener("abort", fail, { once: true });
  });

const after = (delayMs: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, delayMs);
    signal.addEventListener("abort", () => resolve(clearTimeout(timer)), { once: true });
  });

/** Stripe turns these away before it begins, so it keeps nothing under the idempotency key. A plain 500 it keeps. */
const TURNED_AWAY = new Set([429, 502, 503, 504]);

const injected = (status: number): StripeFault =>
  status === 429
    ? new StripeFault(429, "invalid_request_error", "Too many requests hit the API too quickly. Use an exponential backoff.", {
        code: "rate_limit",
      })
    : new StripeFault(status, "api_error", "An unknown error occurred.");

export interface ApiOptions {
  /** Default: `SANDBOX_SECRET_KEY`. */
  readonly secretKey?: string;
  /** Where calls that are to fail are announced. Default: none fail. */
  readonly switches?: Switches;
}

/**
 * Stripe's REST API over a state: form-encoded requests in, JSON out, with authentication, validation, idempotency keys, lists and `expand`.
 * The returned function never throws for a bad request; it rejects only when the caller gives up on a call that is made to hang.
 */
export function createApi(state: StripeState, options: ApiOptions = {}): (request: Request) => Promise<Response> {
  const { secretKey = SANDBOX_SECRET_KEY, switches = createSwitches() } = options;
  const { store } = state;
  let requests = 0;

  /** Runs the call and gives its status and body; `keep` says whether Stripe keeps the answer under an idempotency key. */
  function perform(requestId: string, key: string | null, work: () => object) {
    // What the clock brings about is not the doing of this request.
    state.advance();
    store.request = { id: requestId, idempotency_key: key };
    try {
      return { status: 200, body: JSON.stringify(work()), keep: true };
    } catch (error) {
      if (!(error instanceof StripeFault)) throw error;
      return {
        status: error.status,
        body: JSON.stringify(error),
        keep: !(error instanceof ParameterFault) && !TURNED_AWAY.has(error.status),
      };
    } finally {
      store.request = undefined;
    }
  }

  function dispatch(method: string, path: string, form: string): object {
    for (const candidate of ROUTES) {
      const match = candidate.method === method ? candidate.path.exec(path) : null;
      if (!match) continue;
      return candidate.answer({ state, path, id: match[1] ?? "" }, decodeForm(form));
    }
    throw new StripeFault(
      404,
      "invalid_request_error",
      `Unrecognized request URL (${method}: ${path}). The sandbox models what Aira uses.`,
    );
  }

  async function answer(request: Request, requestId: string): Promise<Response> {
    const { pathname: path, search } = new URL(request.url);
    const { method } = request;
    const key = method === "POST" ? request.headers.get("idempotency-key") : null;
    const respond = (status: number, body: string, headers: Record<string, string> = {}) =>
      new Response(body, {
        status,
        headers: {
          "content-type": "application/json",
          "request-id": requestId,
          "stripe-version": API_VERSION,
          ...(key !== null && { "idempotency-key": key }),
          ...headers,
        },
      });

    let claimed = false;
    try {
      authenticate(request, secretKey);
      checkVersion(request);
      const form = method === "POST" ? await request.text() : search.slice(1);
      if (form.length > MAX_BODY_CHARACTERS) throw new StripeFault(413, "invalid_request_error", "The request is too large.");
      if (key !== null) {
        const kept = claimKey(store, key, fingerprintOf(method, path, form));
        if (kept) return respond(kept.status, kept.body, { "idempotent-replayed": "true", "original-request": kept.requestId });
        claimed = true;
      }
      const failure = switches.takeFailure(method, path);
      if (failure?.delayMs !== undefined) await after(failure.delayMs, request.signal);
      if (failure?.status === "timeout") {
        if (key !== null) freeKey(store, key);
        claimed = false;
        return await neverAnswer(request.signal);
      }
      const { status, body, keep } = perform(requestId, key, () => {
        if (typeof failure?.status === "number") throw injected(failure.status);
        return dispatch(method, path, form);
      });
      if (key !== null && keep) keepAnswer(store, key, { requestId, status, body });
      if (key !== null && !keep) freeKey(store, key);
      claimed = false;
      if (failure?.status === "timeout_after") return await neverAnswer(request.signal);
      // A kept failure would only be replayed: Stripe tells the client not to try the same again.
      return respond(status, body, status === 500 && keep ? { "stripe-should-retry": "false" } : {});
    } catch (error) {
      if (claimed && key !== null) freeKey(store, key);
      if (error instanceof StripeFault) return respond(error.status, JSON.stringify(error));
      throw error;
    }
  }

  return (request) => {
    requests += 1;
    return answer(request, `req_${store.nowMs().toString(36)}${requests.toString(36).padStart(6, "0")}`);
  };
}

/** The API as a `fetch`, for `Stripe.createFetchHttpClient(sandboxFetch(state))`: the SDK then needs no socket. */
export function sandboxFetch(state: StripeState, options: ApiOptions = {}): typeof fetch {
  const handle = createApi(state, options);
  return (input, init) => handle(new Request(input, init));
}
