import { VisuallyHidden } from "@mantine/core";
import { IconSettings } from "@tabler/icons-react";
import { lazy, Suspense } from "react";
import { useAfterIdle } from "../components/use-after-idle.ts";
import { useMessages } from "../i18n/language.tsx";
import type { Person } from "../session/session.ts";
import { shellMessages } from "./messages.ts";
import styles from "./shell.module.css";

const AccountMenu = lazy(() => import("./account-menu.tsx"));

interface Props {
  readonly person: Person | undefined;
}

/** The account's menu, which comes after the page: until then its face stands there. */
export function Account({ person }: Props) {
  const rested = useAfterIdle();
  const face = (
    <span className={styles.account}>
      <AccountFace person={person} />
    </span>
  );
  return rested ? (
    <Suspense fallback={face}>
      <AccountMenu person={person} />
    </Suspense>
  ) : (
    face
  );
}

/** The first letter, and the name where there is room; for a screen reader always what it is. */
export function AccountFace({ person }: Props) {
  const messages = useMessages(shellMessages);
  return (
    <>
      <VisuallyHidden>{person ? messages.account : messages.appearance} </VisuallyHidden>
      <span className={styles.initial} aria-hidden="true">
        {person ? person.name.slice(0, 1).toUpperCase() : <IconSettings size={18} />}
      </span>
      {person && <span className={styles.name}>{person.name}</span>}
    </>
  );
}
