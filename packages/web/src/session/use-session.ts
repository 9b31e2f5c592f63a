import { createContext, use, useSyncExternalStore } from "react";
import type { Person, Session, SessionState } from "./session.ts";

export const SessionContext = createContext<Session | undefined>(undefined);

export function useSession(): Session {
  const session = use(SessionContext);
  if (!session) throw new Error("there is a session above every page");
  return session;
}

export function useSessionState(): SessionState {
  const session = useSession();
  return useSyncExternalStore(session.subscribe, session.state);
}

/** Whose page this is. Only below a page that asks for sign-in. */
export function usePerson(): Person {
  const state = useSessionState();
  if (state.status === "signed_out") throw new Error("this page is for those who have signed in");
  return state.person;
}
