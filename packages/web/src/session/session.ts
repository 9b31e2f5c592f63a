import { ErrorResponse, ErrorTimeout, User, UserManager, WebStorageStateStore } from "oidc-client-ts";
import { Unreachable } from "../api/unreachable.ts";
import { claimsOf, groupsOf } from "./claims.ts";
import type { DeploymentConfig } from "./config.ts";
import { connectPeers } from "./peers.ts";
import { forgetAll, recall, remember } from "./tab-storage.ts";

export interface Person {
  /** The owner of the wallet. */
  readonly sub: string;
  readonly name: string;
  readonly groups: readonly string[];
}

export type SessionState =
  | { readonly status: "signed_out" }
  | { readonly status: "signed_in"; readonly person: Person }
  /** Only signing in again helps; what was begun waits. */
  | { readonly status: "expired"; readonly person: Person };

/** Nobody is signed in, or no longer. */
export class SignInRequired extends Error {
  override readonly name = "SignInRequired";
}

/** The identity provider answered a sign-in with a refusal, or with something that cannot be trusted. */
export class SignInFailed extends Error {
  override readonly name = "SignInFailed";
}

export interface Session {
  readonly state: () => SessionState;
  readonly subscribe: (listener: () => void) => () => void;
  /** Leaves for the identity provider, to come back to this path and query. */
  signIn(returnTo: string): Promise<void>;
  /** Ends the session in every tab and at the identity provider. */
  signOut(): Promise<void>;
  /** A token that is still good, renewed when it has to be; `refused`: one that the API has just refused, whatever its expiry says. */
  accessToken(refused?: string): Promise<string>;
  /** The API refuses a token that was only just renewed. */
  expire(): void;
}

/** Renewed this long before the end, so that a token does not expire on its way. */
const EARLY_SECONDS = 30;
const CLOCK_LEEWAY_SECONDS = 300;
const RENEWAL_LOCK = "aira.session.renewal";

const personOf = (user: User): Person => {
  const { sub, email, name, preferred_username: username } = user.profile;
  return { sub, name: email ?? name ?? username ?? sub, groups: groupsOf(user.access_token) };
};

/**
 * Sign-in by OpenID Connect: code flow with PKCE, as a public client. Tokens live in this tab's session storage and in the memory of
 * the browser's other tabs, never in local storage. Completes a sign-in when the address is the identity provider's answer.
 */
export async function startSession(config: DeploymentConfig): Promise<{ session: Session; failure: SignInFailed | undefined }> {
  const store = new WebStorageStateStore({ store: sessionStorage, prefix: "aira.oidc." });
  const home = `${location.origin}/`;
  const manager = new UserManager({
    authority: config.issuer,
    client_id: config.clientId,
    redirect_uri: home,
    post_logout_redirect_uri: home,
    scope: `openid ${config.scope}`,
    userStore: store,
    stateStore: store,
    automaticSilentRenew: false,
    requestTimeoutInSeconds: 20,
  });
  let user: User | undefined;
  let state: SessionState = { status: "signed_out" };
  const listeners = new Set<() => void>();

  const become = (next: User | undefined, ended: "signed_out" | "expired" = "signed_out") => {
    const person = state.status === "signed_out" ? undefined : state.person;
    user = next;
    if (next) state = { status: "signed_in", person: personOf(next) };
    else state = ended === "expired" && person ? { status: "expired", person } : { status: "signed_out" };
    for (const listener of listeners) listener();
  };
  const adopt = async (stored: string) => {
    const theirs = User.fromStorageString(stored);
    await manager.storeUser(theirs);
    become(theirs);
  };
  const isNewer = (theirs: User) => !user || (theirs.profile.sub === user.profile.sub && (theirs.expires_at ?? 0) > (user.expires_at ?? 0));
  const expire = () => {
    void manager.removeUser();
    become(undefined, "expired");
  };

  const peers = connectPeers({
    current: () => user?.toStorageString(),
    onRenewal: (stored) => {
      const theirs = User.fromStorageString(stored);
      if (state.status !== "signed_out" && state.person.sub === theirs.profile.sub && isNewer(theirs)) void adopt(stored);
    },
    onLateAnswer: (stored) => {
      if (state.status === "signed_out") void adopt(stored);
    },
    onEnd: () => {
      forgetAll();
      become(undefined);
    },
  });

  /** One renewal at a time in the whole browser: a provider that rotates refresh tokens takes each of them once. */
  const renew = (refused: string) =>
    navigator.locks.request(RENEWAL_LOCK, async () => {
      if (user && user.access_token !== refused) return user.access_token;
      const stored = await peers.ask();
      if (stored !== undefined && isNewer(User.fromStorageString(stored))) {
        await adopt(stored);
        return user?.access_token ?? "";
      }
      if (!user?.refresh_token) {
        expire();
        throw new SignInRequired();
      }
      try {
        const renewed = await manager.signinSilent();
        if (!renewed) throw new SignInRequired();
        become(renewed);
        peers.announceRenewal(renewed.toStorageString());
        return renewed.access_token;
      } catch (error) {
        // A provider that cannot be reached has not ended the session.
        if (!(error instanceof ErrorResponse)) throw reachable(error);
        expire();
        throw new SignInRequired();
      }
    });
  let renewal: Promise<string> | undefined;

  const session: Session = {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async signIn(returnTo) {
      const nonce = crypto.randomUUID();
      remember("nonce", nonce);
      await manager.signinRedirect({ state: { returnTo }, nonce }).catch((error: unknown) => {
        throw reachable(error);
      });
    },
    async signOut() {
      const idToken = user?.id_token;
      peers.announceEnd();
      forgetAll();
      // `logout_uri` and `client_id` are Cognito's names.
      const extraQueryParams = { client_id: config.clientId, logout_uri: home };
      const leave = manager.signoutRedirect({ extraQueryParams, ...(idToken ? { id_token_hint: idToken } : {}) });
      // Without the identity provider this browser is signed out all the same.
      await leave.catch(async () => {
        await manager.removeUser();
        location.assign("/");
      });
    },
    async accessToken(refused) {
      if (!user) throw new SignInRequired();
      const { access_token: token, expires_in: left } = user;
      if (token !== refused && (left === undefined || left > EARLY_SECONDS)) return token;
      renewal ??= renew(token).finally(() => {
        renewal = undefined;
      });
      return renewal;
    },
    expire,
  };

  const failure = await complete().catch((error: unknown) => new SignInFailed(messageOf(error)));
  const known = user ?? (await manager.getUser());
  if (known) become(known);
  else if (!failure) {
    const stored = await peers.ask();
    if (stored !== undefined) await adopt(stored);
  }
  return { session, failure };

  /** A code works once: it must not stay in the address, where a reload would send it again. */
  async function complete(): Promise<undefined> {
    const answer = new URLSearchParams(location.search);
    if (!answer.has("state") || !(answer.has("code") || answer.has("error"))) return;
    const address = location.href;
    history.replaceState(null, "", "/");
    const signedIn = await manager.signinRedirectCallback(address);
    verify(signedIn);
    const { returnTo } = (signedIn.state ?? {}) as { returnTo?: string };
    if (returnTo?.startsWith("/") && !returnTo.startsWith("//")) history.replaceState(null, "", returnTo);
    become(signedIn);
  }

  /** What OpenID Connect Core 3.1.3.7 asks beyond what the library checks; the connection vouches for the signature. */
  function verify({ id_token: idToken }: User): void {
    const { iss, aud, exp, nonce } = claimsOf(idToken ?? "");
    const trusted =
      String(iss).replace(/\/$/, "") === config.issuer.replace(/\/$/, "") &&
      [aud].flat().includes(config.clientId) &&
      nonce === recall("nonce") &&
      Number(exp) + CLOCK_LEEWAY_SECONDS > Date.now() / 1_000;
    if (!trusted) {
      void manager.removeUser();
      throw new SignInFailed("The identity provider's answer could not be verified.");
    }
  }
}

/** The library throws what `fetch` throws. */
const reachable = (error: unknown): unknown =>
  error instanceof TypeError || error instanceof ErrorTimeout ? new Unreachable(error instanceof ErrorTimeout, error) : error;

const messageOf = (error: unknown): string =>
  error instanceof ErrorResponse
    ? (error.error_description ?? error.error ?? error.message)
    : error instanceof Error
      ? error.message
      : String(error);
