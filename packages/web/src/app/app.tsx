import { QueryClientProvider } from "@tanstack/react-query";
import { useMemo } from "react";
import { BrowserRouter, Navigate, Route, Routes, useLocation } from "react-router";
import { createApiClient } from "../api/client.ts";
import { ApiContext, createQueryClient } from "../api/use-api.ts";
import { SignedOut } from "../routes/welcome/signed-out.tsx";
import type { Session, SignInFailed } from "../session/session.ts";
import { SessionContext, useSessionState } from "../session/use-session.ts";
import { NotFound } from "./not-found.tsx";
import { PageFrame } from "./page-frame.tsx";
import { type Page, pages } from "./pages.ts";
import { Shell } from "./shell.tsx";

interface Props {
  readonly session: Session;
  readonly signInFailure: SignInFailed | undefined;
}

/** The dashboard of whoever is signed in. */
export function App({ session, signInFailure }: Props) {
  const api = useMemo(() => createApiClient(session), [session]);
  return (
    <SessionContext value={session}>
      <ApiContext value={api}>
        <BrowserRouter>
          <Routed signInFailure={signInFailure} />
        </BrowserRouter>
      </ApiContext>
    </SessionContext>
  );
}

function Routed({ signInFailure }: Pick<Props, "signInFailure">) {
  const state = useSessionState();
  const { pathname, search } = useLocation();
  const person = state.status === "signed_in" ? state.person : undefined;
  // What one person has loaded is not the next one's to see.
  const sub = person?.sub;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new cache for each person is the point.
  const queries = useMemo(createQueryClient, [sub]);
  const open = pages.filter(({ access }) => access === "anybody" || (person && (access === "customer" || person.groups.includes(access))));
  const isOpen = open.some(({ path }) => isBelow(pathname, path));
  const signedOut = <SignedOut expired={state.status === "expired"} failure={signInFailure} />;
  if (!person && !isOpen) return signedOut;
  return (
    <QueryClientProvider client={queries}>
      <Shell person={person} pages={open.filter(({ listed }) => listed)}>
        <Routes>
          <Route path="/" element={<Navigate to={{ pathname: "/funds", search }} replace />} />
          {open.map((page: Page) => (
            <Route key={page.path} path={`${page.path}/*`} element={<PageFrame page={page} />} />
          ))}
          <Route path="*" element={<NotFound />} />
        </Routes>
      </Shell>
    </QueryClientProvider>
  );
}

const isBelow = (pathname: string, path: string): boolean => pathname === path || pathname.startsWith(`${path}/`);
