/** A search is waited for by a person, and read again if its connection failed. */
const READ_TIMEOUT_MS = 5_000;

/** A purchase that is given up leaves money held until somebody has looked, so it gets more time. */
const WRITE_TIMEOUT_MS = 10_000;

/** Before a read is tried once more. */
const RETRY_AFTER_MS = 250;

export interface TwilioClientOptions {
  readonly accountSid: string;
  readonly authToken: string;
  /** The way to get there, for tests in process. */
  readonly fetch?: typeof fetch | undefined;
  readonly wait?: ((ms: number) => Promise<void>) | undefined;
}

/** As much of a request as the SDK's resources say. */
interface Call {
  readonly method: string;
  readonly uri: string;
  readonly params?: object;
  readonly data?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Answer {
  readonly statusCode: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** As much of the SDK's client as its resources call. */
export interface TwilioClient {
  request(call: Call): Promise<Answer>;
}

/** Twilio answered something else than was asked for. Its own sentence is left out, since it may quote a number: code and request id tell. */
export class TwilioError extends Error {
  override readonly name = "TwilioError";
  readonly statusCode: number;
  /** Twilio's error code, or undefined if the answer was not Twilio's JSON. */
  readonly code: string | undefined;
  readonly requestId: string | undefined;

  constructor({ statusCode, body, headers }: Answer) {
    const code = errorCode(body);
    super(`Twilio answered ${statusCode}, error code ${code ?? "none"}`);
    this.statusCode = statusCode;
    this.code = code;
    this.requestId = headers["twilio-request-id"];
  }
}

/**
 * Carries the SDK's requests. A read has 5 seconds and is tried once more if its connection failed or Twilio was too busy; everything
 * else has 10 seconds and is sent exactly once, because a purchase that is sent twice may be made twice. Connections are kept alive.
 * Any answer but a 2xx is a `TwilioError`; no answer is whatever `fetch` says.
 */
export function createTwilioClient({ accountSid, authToken, fetch: fetchLike, wait = pause }: TwilioClientOptions): TwilioClient {
  const authorization = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString("base64")}`;

  async function ask({ method, uri, params, data, headers }: Call, timeoutMs: number): Promise<Answer> {
    const url = new URL(uri);
    for (const [name, value] of form(params)) url.searchParams.append(name, value);
    const response = await (fetchLike ?? fetch)(url, {
      method: method.toUpperCase(),
      headers: { accept: "application/json", "user-agent": "aira", ...headers, authorization },
      signal: AbortSignal.timeout(timeoutMs),
      // A redirect that is followed would send a purchase again.
      redirect: "manual",
      ...(data === undefined ? {} : { body: form(data) }),
    });
    return { statusCode: response.status, body: await response.text(), headers: Object.fromEntries(response.headers) };
  }

  return {
    async request(call) {
      if (call.method.toLowerCase() !== "get") return accepted(await ask(call, WRITE_TIMEOUT_MS));
      const first = await ask(call, READ_TIMEOUT_MS).catch(connectionFailed);
      if (first !== undefined && !isBusy(first)) return accepted(first);
      await wait(RETRY_AFTER_MS);
      return accepted(await ask(call, READ_TIMEOUT_MS));
    },
  };
}

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** A timeout is not tried again: the caller has waited long enough. */
function connectionFailed(error: unknown): undefined {
  if (error instanceof Error && error.name === "TimeoutError") throw error;
}

const isBusy = ({ statusCode }: Answer): boolean => statusCode === 429 || statusCode >= 500;

function accepted(answer: Answer): Answer {
  if (answer.statusCode < 200 || answer.statusCode > 299) throw new TwilioError(answer);
  return answer;
}

function form(fields: object = {}): URLSearchParams {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) form.append(name, String(value));
  return form;
}

function errorCode(body: string): string | undefined {
  try {
    const { code } = JSON.parse(body);
    return typeof code === "number" || typeof code === "string" ? String(code) : undefined;
  } catch {
    // A proxy's page, or nothing: the status alone tells.
    return undefined;
  }
}
