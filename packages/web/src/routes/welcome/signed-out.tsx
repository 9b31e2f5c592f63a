import { Button } from "@mantine/core";
import { IconArrowRight, IconChecks, IconLock, IconReceipt } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { Link, useLocation } from "react-router";
import { Account } from "../../app/account.tsx";
import { Brand } from "../../app/brand.tsx";
import { shellMessages } from "../../app/messages.ts";
import { Notice } from "../../components/notice.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { useMessages } from "../../i18n/language.tsx";
import type { SignInFailed } from "../../session/session.ts";
import { useSession } from "../../session/use-session.ts";
import { welcomeMessages } from "./messages.ts";
import { SampleStatement } from "./sample-statement.tsx";
import styles from "./welcome.module.css";

interface Props {
  /** There was a session: signing in leads back to where it ended. */
  readonly expired: boolean;
  readonly failure: SignInFailed | undefined;
}

/** In place of every page for whoever has not signed in. Signing in leads back to the address that was asked for. */
export function SignedOut({ expired, failure }: Props) {
  const messages = useMessages(welcomeMessages);
  const shell = useMessages(shellMessages);
  useEffect(() => {
    document.title = `${messages.page} · Aira`;
  }, [messages]);
  return (
    <div className={styles.page}>
      <header className={styles.bar}>
        <Brand />
        <Account person={undefined} />
      </header>
      <main className={styles.main}>
        <div className={styles.top}>
          <div className={styles.intro}>
            <h1 className={styles.title}>{expired ? messages.expiredTitle : messages.title}</h1>
            <p className={styles.lead}>{expired ? messages.expiredLead : messages.lead}</p>
            {failure && !expired && (
              <Notice tone="warning" title={shell.signInFailed}>
                <p lang="en">{failure.message}</p>
              </Notice>
            )}
            <SignInButton label={expired ? messages.signInAgain : messages.signIn} />
          </div>
          {!expired && <SampleStatement />}
        </div>
        {!expired && <Points />}
        <p className={styles.docs}>
          <Link to="/docs">{messages.docs}</Link>
        </p>
      </main>
    </div>
  );
}

function SignInButton({ label }: { readonly label: string }) {
  const messages = useMessages(welcomeMessages);
  const session = useSession();
  const { pathname, search } = useLocation();
  const [leaving, setLeaving] = useState(false);
  const [error, setError] = useState<unknown>();
  useEffect(() => {
    // Back from the identity provider by the browser's own button: the page wakes up as it was left.
    const wake = (event: PageTransitionEvent) => event.persisted && setLeaving(false);
    addEventListener("pageshow", wake);
    return () => removeEventListener("pageshow", wake);
  }, []);
  const signIn = async () => {
    setLeaving(true);
    setError(undefined);
    try {
      await session.signIn(`${pathname}${search}`);
    } catch (cause) {
      setLeaving(false);
      setError(cause);
    }
  };
  return (
    <>
      {error !== undefined && <ProblemNotice error={error} />}
      <Button
        size="md"
        className={styles.signIn}
        onClick={leaving ? undefined : signIn}
        aria-disabled={leaving}
        rightSection={<IconArrowRight size={18} aria-hidden="true" />}
      >
        {leaving ? messages.opening : label}
      </Button>
    </>
  );
}

function Points() {
  const { points } = useMessages(welcomeMessages);
  const rows = [
    { icon: IconChecks, title: points.credit, detail: points.creditDetail },
    { icon: IconLock, title: points.held, detail: points.heldDetail },
    { icon: IconReceipt, title: points.statement, detail: points.statementDetail },
  ];
  return (
    <ul className={styles.points}>
      {rows.map(({ icon: Mark, title, detail }) => (
        <li key={title}>
          <Mark size={22} stroke={1.6} aria-hidden="true" />
          <h2>{title}</h2>
          <p>{detail}</p>
        </li>
      ))}
    </ul>
  );
}
