import { Dropped } from "../sandbox/server.ts";
import { checkActive } from "./account.ts";
import { notFound, TwilioFault } from "./fault.ts";
import { settlePrices } from "./late-prices.ts";
import { createRequestLog, type RequestLog } from "./request-log.ts";
import { type Answer, type Call, ROUTES, type Route } from "./routes.ts";
import type { TwilioState } from "./state.ts";
import { createSwitches, type FailNext, type Switches } from "./switches.ts";
import { createWaiting, type Waiting } from "./waiting.ts";

/** Goes with `SANDBOX_ACCOUNT_SID`. It opens nothing but the sandbox, and signs what the sandbox sends. */
export const SANDBOX_AUTH_TOKEN = "5a4db0c570cea4b0".repeat(2);

const MAX_BODY_CHARACTERS = 100_000;

export interface ApiOptions {
  /** Default: `SANDBOX_AUTH_TOKEN`. */
  readonly authToken?: string;
  /** Where calls that are to fail are announced. Default: none fail. */
  readonly switches?: Switches;
  readonly log?: RequestLog;
  /** Where calls wait that are to be slow or held. */
  readonly waiting?: Waiting;
}

const RECORDING = /\/Recordings\/RE[0-9a-f]{32}(\.wav)?$/;

function authenticate(request: Request, accountSid: string, authToken: string): void {
  const [scheme = "", credentials = ""] = (request.headers.get("authorization") ?? "").split(" ");
  const given = Buffer.from(credentials, "base64").toString();
  if (scheme.toLowerCase() !== "basic" || given !== `${accountSid}:${authToken}`) throw new TwilioFault(20003);
}

/** The account that a path names must be the one that asks. */
function checkAccount(path: string, accountSid: string): void {
  const [, named] = /^\/2010-04-01\/Accounts\/([^/]+)/.exec(path) ?? [];
  if (named !== undefined && named !== accountSid) throw new TwilioFault(20003);
}

function routeOf(method: string, path: string): { readonly route: Route; readonly id: string; readonly type: string } {
  const here = ROUTES.flatMap((route) => {
    const match = route.path.exec(path);
    return match ? [{ route, id: decode(match.groups?.id), type: match.groups?.type ?? "" }] : [];
  });
  const found = here.find(({ route }) => route.method === method);
  if (found) return found;
  throw here.length > 0 ? new TwilioFault(20004) : notFound(path.replace(/^\/v\d/, ""));
}

function decode(text = ""): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A stray percent sign names nothing that exists.
    return text;
  }
}

/** The number that a call is about: one that a parameter names, or the one behind the SID in the path. */
function numberOf({ store, form, id }: Call): string | null {
  const named = form.get("PhoneNumber");
  if (named !== null && named !== "") return named.replaceAll(/[^\d+*]/g, "");
  return store.numbers.get(id)?.phone_number ?? store.departed.get(id)?.number.phone_number ?? null;
}

const injected = (answer: number | { readonly code: number }): TwilioFault | Answer => {
  if (typeof answer === "object") return new TwilioFault(answer.code);
  if (answer === 429) return new TwilioFault(20429);
  if (answer === 500) return new TwilioFault(20500);
  if (answer === 503) return new TwilioFault(20503);
  // What stands in front of Twilio's API answers these, and not in Twilio's words.
  return { status: answer };
};

const respond = ({ status, body, sound }: Answer): Response => {
  if (sound) return new Response(sound, { status, headers: { "content-type": "audio/x-wav" } });
  if (body) return new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });
  return new Response(null, { status });
};

const refusal = (fault: TwilioFault): Response => {
  const response = respond({ status: fault.status, body: fault.toJSON() });
  if (fault.status === 401) response.headers.set("www-authenticate", 'Basic realm="Twilio API"');
  return response;
};

/**
 * Twilio's REST API over a state: form-encoded requests in, JSON out. The returned function never throws for a bad request; it
 * rejects with `Dropped` when the connection is to end without an answer.
 */
export function createApi(state: TwilioState, options: ApiOptions = {}): (request: Request) => Promise<Response> {
  const { authToken = SANDBOX_AUTH_TOKEN, switches = createSwitches(), log = createRequestLog(), waiting = createWaiting() } = options;
  const { store } = state;
  let requests = 0;

  async function callOf(request: Request): Promise<Call & { readonly route: Route }> {
    const { pathname: path, searchParams, origin } = new URL(request.url);
    // A recording's own address is its secret, as at Twilio unless the account asks for more: a page that plays it has no token.
    if (!(request.method === "GET" && RECORDING.test(path))) authenticate(request, store.accountSid, authToken);
    checkAccount(path, store.accountSid);
    const found = routeOf(request.method, path);
    const text = request.method === "POST" ? await request.text() : undefined;
    if (text !== undefined && text.length > MAX_BODY_CHARACTERS) throw new TwilioFault(20413);
    const form = text === undefined ? searchParams : new URLSearchParams(text);
    return { store, switches: switches.get(), path, origin, form, ...found };
  }

  async function suffer({ delayMs, hold }: FailNext): Promise<void> {
    await waiting.forMs(delayMs);
    if (hold) await waiting.untilReleased();
  }

  /** What is answered instead of the truth. */
  async function falsehood(answer: NonNullable<FailNext["answer"]>, caller: AbortSignal): Promise<Answer> {
    if (answer === "reset") throw new Dropped();
    if (answer === "timeout") return await waiting.forEver(caller);
    const instead = answer === "taken" ? new TwilioFault(21422) : injected(answer);
    if (instead instanceof TwilioFault) throw instead;
    return instead;
  }

  function perform(call: Call & { readonly route: Route }): Answer {
    settlePrices(store);
    // A suspended account may still ask what it owes.
    if (call.route.operation !== "balance.fetch") checkActive({ store, switches });
    return call.route.answer({ ...call, switches: switches.get() });
  }

  async function run(call: Call & { readonly route: Route }, caller: AbortSignal): Promise<Answer> {
    await waiting.forMs(switches.get().delayMs);
    const number = numberOf(call);
    const failure = switches.takeFailure(call.route.operation, number);
    if (!failure) return perform(call);
    if (failure.when === "after") {
      const truth = perform(call);
      await suffer(failure);
      return failure.answer === undefined ? truth : await falsehood(failure.answer, caller);
    }
    await suffer(failure);
    if (failure.answer === "taken" && number !== null && !state.ownedNumber(number)) state.takeAway(number);
    return failure.answer === undefined || failure.answer === "taken" ? perform(call) : await falsehood(failure.answer, caller);
  }

  return async (request) => {
    requests += 1;
    const requestId = `RQ${requests.toString(16).padStart(32, "0")}`;
    let entry: number | undefined;
    const answered = (response: Response) => {
      response.headers.set("twilio-request-id", requestId);
      if (entry !== undefined) log.finish(entry, response.status);
      return response;
    };
    try {
      const call = await callOf(request);
      entry = log.begin({ atMs: store.nowMs(), operation: call.route.operation, number: numberOf(call) });
      return answered(respond(await run(call, request.signal)));
    } catch (error) {
      if (error instanceof TwilioFault) return answered(refusal(error));
      if (entry !== undefined) log.finish(entry, "dropped");
      throw error;
    }
  };
}

/** The API as a `fetch`, for a client that takes one: it then needs no socket. A dropped connection fails as `fetch` fails. */
export function sandboxFetch(state: TwilioState, options: ApiOptions = {}): typeof fetch {
  const handle = createApi(state, options);
  return async (input, init) => {
    const request = new Request(input, init);
    const gaveUp = Promise.withResolvers<never>();
    const give = () => gaveUp.reject(request.signal.reason);
    if (request.signal.aborted) give();
    request.signal.addEventListener("abort", give, { once: true });
    try {
      // The call goes on when its caller has given up, as it does at the other end of a wire.
      return await Promise.race([handle(request), gaveUp.promise]);
    } catch (error) {
      throw error instanceof Dropped ? new TypeError("fetch failed", { cause: error }) : error;
    } finally {
      request.signal.removeEventListener("abort", give);
    }
  };
}
