import { type Client, createClient } from "@aira/contract/client";
import type { Session } from "../session/session.ts";
import { SignInRequired } from "../session/session.ts";
import { Unreachable } from "./unreachable.ts";

/** The API itself gives up after 30 seconds. */
const TIMEOUT_MS = 35_000;

/** The contract's client over this tab's session: a refused token is renewed once, then the session has ended. */
export function createApiClient(session: Session): Client {
  return createClient({
    baseUrl: "",
    token: () => session.accessToken(),
    fetch: (input, init) => call(session, String(input), init ?? {}),
  });
}

async function call(session: Session, url: string, init: RequestInit): Promise<Response> {
  const answer = await send(url, init);
  const sent = new Headers(init.headers);
  const token = sent.get("authorization")?.replace(/^Bearer /, "");
  if (answer.status !== 401 || token === undefined) return answer;
  sent.set("authorization", `Bearer ${await session.accessToken(token)}`);
  const again = await send(url, { ...init, headers: sent });
  if (again.status !== 401) return again;
  session.expire();
  throw new SignInRequired();
}

async function send(url: string, init: RequestInit): Promise<Response> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  try {
    return await fetch(url, { ...init, cache: "no-store", signal: init.signal ? AbortSignal.any([init.signal, timeout]) : timeout });
  } catch (cause) {
    if (init.signal?.aborted) throw cause;
    throw new Unreachable(timeout.aborted, cause);
  }
}
