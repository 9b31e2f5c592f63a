import { getExpectedTwilioSignature } from "twilio/lib/webhooks/webhooks.js";
import { ApplicationError } from "./alerts.ts";
import type { Parameters } from "./parameters.ts";
import type { Method } from "./twiml-verbs.ts";

export interface Fetched {
  /** Lower case, without its parameters. */
  readonly contentType: string;
  readonly body: string;
}

export interface SignedPost {
  readonly url: string;
  readonly method: Method;
  readonly parameters: Parameters;
  readonly authToken: string;
  /** The same for every copy of one webhook. */
  readonly token: string;
  /** Changed behind the signature. */
  readonly tamper: Parameters;
  readonly signal: AbortSignal;
}

const MAX_DOCUMENT_BYTES = 64 * 1024;
const NO_CONNECTION = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "UND_ERR_CONNECT_TIMEOUT"]);

/** What came of a request. */
export type Answer = { readonly status: number; readonly contentType: string; readonly body: string } | { readonly failure: string };

/** Where a request really goes: parameters of a GET in the query, no fragment. */
function targetOf({ url, method, parameters }: Pick<SignedPost, "url" | "method" | "parameters">): string {
  const target = new URL(url);
  target.hash = "";
  if (method === "GET") for (const [name, value] of Object.entries(parameters)) target.searchParams.append(name, value);
  return target.href;
}

const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && "code" in error.cause ? String(error.cause.code) : error.name;
};

/** Whether nobody listened at the address. */
export const neverConnected = (answer: Answer): boolean => "failure" in answer && NO_CONNECTION.has(answer.failure);

/** Sends one request as Twilio does, signed by the official SDK's own function. Never rejects. */
export async function postSigned(request: SignedPost): Promise<Answer> {
  const { method, parameters, tamper, authToken, token, signal } = request;
  const target = targetOf(request);
  const post = method === "POST";
  const sent = { ...parameters, ...tamper };
  try {
    const response = await fetch(post ? target : targetOf({ ...request, parameters: sent }), {
      method,
      headers: {
        accept: "*/*",
        "user-agent": "TwilioProxy/1.1",
        "x-twilio-signature": getExpectedTwilioSignature(authToken, target, post ? parameters : {}),
        "i-twilio-idempotency-token": token,
        ...(post && { "content-type": "application/x-www-form-urlencoded; charset=UTF-8" }),
      },
      ...(post && { body: new URLSearchParams(sent).toString() }),
      // Followed, a redirect would hide a wrong address, and the signature would not fit.
      redirect: "manual",
      signal,
    });
    const [contentType = ""] = (response.headers.get("content-type") ?? "").toLowerCase().split(";");
    return { status: response.status, contentType: contentType.trim(), body: await response.text() };
  } catch (error) {
    return { failure: reasonOf(error) };
  }
}

/** The document that an answer is. Throws `ApplicationError` if it is none. */
export function documentOf(answer: Answer): Fetched {
  if ("failure" in answer) {
    throw new ApplicationError(neverConnected(answer) ? 11205 : 11200, `No answer: ${answer.failure}`);
  }
  const { status, contentType, body } = answer;
  if (status < 200 || status > 299) throw new ApplicationError(11200, `The answer was ${status}`);
  if (Buffer.byteLength(body) > MAX_DOCUMENT_BYTES) throw new ApplicationError(11750, "The answer is larger than 64 kB");
  return { contentType, body };
}
