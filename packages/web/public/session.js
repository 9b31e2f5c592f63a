import { Problem, SignInRequired } from "./problem.js";
import { forget, forgetAll, recall, remember } from "./tab-storage.js";

/**
 * Sign-in by OpenID Connect: authorization code flow with PKCE, as a public client. Tokens live in this tab only.
 *
 * @typedef {{ issuer: string, clientId: string, scope: string }} IdentityConfig
 * @typedef {{ issuer: string, authorization_endpoint: string, token_endpoint: string, end_session_endpoint?: string }} Provider
 * @typedef {{ sub: string, name: string }} Owner
 * @typedef {{ accessToken: string, refreshToken?: string | undefined, idToken: string, expiresAtMs: number, owner: Owner }} Tokens
 * @typedef {{ state: string, nonce: string, verifier: string, returnTo: string }} SignInAttempt
 */

/** Renewed this long before the end, so that a token does not expire on its way. */
const EARLY_MS = 30_000;
const CLOCK_LEEWAY_MS = 300_000;
const TIMEOUT_MS = 20_000;

const redirectUri = () => `${location.origin}/`;

/** @param {Uint8Array} bytes */
const base64url = (bytes) =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");

/** 256 random bits. */
const secret = () => base64url(crypto.getRandomValues(new Uint8Array(32)));

/** @param {string} token @returns {Record<string, unknown>} */
function claimsOf(token) {
  const payload = (token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/");
  return JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(payload), (character) => character.charCodeAt(0))));
}

/**
 * The checks that OpenID Connect Core 3.1.3.7 asks of a client that got the token from the token endpoint itself; the
 * connection vouches for the signature.
 *
 * @param {string} idToken
 * @param {{ issuer: string, clientId: string, nonce: string }} expected
 * @returns {Owner}
 */
function verifyIdToken(idToken, { issuer, clientId, nonce }) {
  const claims = claimsOf(idToken);
  const refuse = (/** @type {string} */ detail) => new Problem({ title: "The sign-in could not be verified", detail });
  if (claims.iss !== issuer) throw refuse("The answer comes from another identity provider.");
  if (![claims.aud].flat().includes(clientId)) throw refuse("The answer is meant for another application.");
  if (claims.nonce !== nonce) throw refuse("The answer belongs to another sign-in.");
  if (Number(claims.exp) * 1_000 + CLOCK_LEEWAY_MS < Date.now())
    throw refuse("The answer has expired by the clock of this device. Check its date and time.");
  const sub = String(claims.sub);
  return { sub, name: String(claims.email ?? claims.name ?? claims.preferred_username ?? sub) };
}

/** @param {IdentityConfig} config */
export function createSession(config) {
  const issuer = config.issuer.replace(/\/$/, "");
  /** @type {Promise<Provider> | undefined} */
  let discovery;
  /** @type {Promise<Tokens> | undefined} */
  let renewal;

  const tokens = () => /** @type {Tokens | undefined} */ (recall("tokens"));

  /** @returns {Promise<Provider>} */
  function discover() {
    discovery ??= getJson(`${issuer}/.well-known/openid-configuration`).then(
      (found) => {
        if (String(found.issuer).replace(/\/$/, "") !== issuer)
          throw new Problem({ title: "Sign-in is not set up", detail: `${issuer} describes itself as ${found.issuer}.` });
        return found;
      },
      (error) => {
        discovery = undefined;
        throw error;
      },
    );
    return discovery;
  }

  /**
   * @param {Record<string, string>} form
   * @param {(answer: { access_token: string, refresh_token?: string, id_token?: string, expires_in?: number }) => Tokens} toTokens
   */
  async function requestTokens(form, toTokens) {
    const { token_endpoint } = await discover();
    const answer = await getJson(token_endpoint, {
      method: "POST",
      body: new URLSearchParams({ ...form, client_id: config.clientId }),
    });
    const received = toTokens(answer);
    remember("tokens", received);
    return received;
  }

  /** @param {{ expires_in?: number }} answer */
  const expiry = ({ expires_in }) => Date.now() + (expires_in ?? 300) * 1_000;

  /** @param {Tokens} old */
  async function renew(old) {
    if (!old.refreshToken) throw expired();
    try {
      return await requestTokens({ grant_type: "refresh_token", refresh_token: old.refreshToken }, (answer) => ({
        ...old,
        accessToken: answer.access_token,
        refreshToken: answer.refresh_token ?? old.refreshToken,
        idToken: answer.id_token ?? old.idToken,
        expiresAtMs: expiry(answer),
      }));
    } catch (error) {
      // A provider that cannot be reached has not ended the session.
      if (error instanceof Problem && error.code === "invalid_grant") throw expired();
      throw error;
    }
  }

  function expired() {
    forget("tokens");
    return new SignInRequired();
  }

  return {
    /** Whose wallet this is, or undefined when nobody is signed in. */
    owner: () => tokens()?.owner,

    /**
     * Leaves for the identity provider.
     *
     * @param {string} returnTo Path and query to come back to.
     */
    async begin(returnTo) {
      const { authorization_endpoint } = await discover();
      /** @type {SignInAttempt} */
      const attempt = { state: secret(), nonce: secret(), verifier: secret(), returnTo };
      remember("sign-in", attempt);
      const challenge = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(attempt.verifier));
      const url = new URL(authorization_endpoint);
      for (const [name, value] of Object.entries({
        response_type: "code",
        client_id: config.clientId,
        redirect_uri: redirectUri(),
        scope: `openid ${config.scope}`,
        state: attempt.state,
        nonce: attempt.nonce,
        code_challenge: base64url(new Uint8Array(challenge)),
        code_challenge_method: "S256",
      }))
        url.searchParams.set(name, value);
      location.assign(url);
    },

    /**
     * Finishes a sign-in when the page was opened by the identity provider's redirect, and puts the address back to where
     * the customer was. Without such a redirect it does nothing.
     */
    async complete() {
      const answer = new URLSearchParams(location.search);
      const state = answer.get("state");
      if (state === null || !(answer.has("code") || answer.has("error"))) return;
      const attempt = /** @type {SignInAttempt | undefined} */ (recall("sign-in"));
      forget("sign-in");
      const known = attempt?.state === state;
      // A code works once: it must not stay in the address, where a reload would send it again.
      history.replaceState(null, "", known ? attempt.returnTo : "/");
      if (!known) {
        if (tokens()) return;
        throw new Problem({ title: "This sign-in was not started in this tab", detail: "Please sign in again." });
      }
      if (answer.has("error"))
        throw new Problem({ title: "The sign-in was not completed", detail: answer.get("error_description") ?? answer.get("error") ?? "" });
      const provider = await discover();
      await requestTokens(
        {
          grant_type: "authorization_code",
          code: answer.get("code") ?? "",
          redirect_uri: redirectUri(),
          code_verifier: attempt.verifier,
        },
        (received) => ({
          accessToken: received.access_token,
          refreshToken: received.refresh_token,
          idToken: received.id_token ?? "",
          expiresAtMs: expiry(received),
          owner: verifyIdToken(received.id_token ?? "", { issuer: provider.issuer, clientId: config.clientId, nonce: attempt.nonce }),
        }),
      );
    },

    /**
     * An access token that is still good, renewed when it has to be. Throws `SignInRequired` when the session has ended.
     *
     * @param {string} [refused] A token that the API has just refused, whatever its expiry says.
     */
    async accessToken(refused) {
      const current = tokens();
      if (!current) throw new SignInRequired();
      if (current.accessToken !== refused && current.expiresAtMs - EARLY_MS > Date.now()) return current.accessToken;
      // Renewed once for all requests that wait: a provider that rotates refresh tokens takes each of them once.
      renewal ??= renew(current).finally(() => {
        renewal = undefined;
      });
      return (await renewal).accessToken;
    },

    /** The API refuses a token that was only just renewed: signing in again is all that is left. */
    expire: () => {
      forget("tokens");
    },

    /** Forgets everything this tab knows and ends the session at the identity provider too. */
    async end() {
      const idToken = tokens()?.idToken;
      forgetAll();
      const { end_session_endpoint } = await discover();
      if (!end_session_endpoint) return location.assign("/");
      const url = new URL(end_session_endpoint);
      url.searchParams.set("client_id", config.clientId);
      url.searchParams.set("post_logout_redirect_uri", redirectUri());
      // Cognito's own name for the same thing.
      url.searchParams.set("logout_uri", redirectUri());
      if (idToken) url.searchParams.set("id_token_hint", idToken);
      location.assign(url);
    },
  };
}

/** @typedef {ReturnType<typeof createSession>} Session */

/**
 * JSON from the identity provider, or its error as a `Problem` whose code is OAuth's.
 *
 * @param {string} url
 * @param {RequestInit} [init]
 */
async function getJson(url, init) {
  /** @type {Response} */
  let response;
  try {
    response = await fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch (cause) {
    throw new Problem(
      {
        title: "The sign-in service cannot be reached",
        detail: `No answer from ${new URL(url).origin}. Check the connection and try again.`,
      },
      { cause },
    );
  }
  const body = await response.json().catch(() => ({}));
  if (response.ok) return body;
  throw new Problem({
    title: "The sign-in service refused the request",
    detail: body.error_description ?? body.error ?? `It answered with status ${response.status}.`,
    code: body.error,
  });
}
