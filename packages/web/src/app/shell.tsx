import { IconBook2 } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Link, NavLink } from "react-router";
import { Notices } from "../components/notices/notices.tsx";
import { useMessages } from "../i18n/language.tsx";
import type { Person } from "../session/session.ts";
import { Account } from "./account.tsx";
import { Brand } from "./brand.tsx";
import { shellMessages } from "./messages.ts";
import { OfflineBar } from "./offline-bar.tsx";
import type { Page } from "./pages.ts";
import styles from "./shell.module.css";

interface Props {
  readonly person: Person | undefined;
  /** What the navigation leads to. */
  readonly pages: readonly Page[];
  readonly children: ReactNode;
}

/** The frame of every page: a rail beside it on a desk, a bar above and, with several pages, a bar below it on a phone. */
export function Shell({ person, pages, children }: Props) {
  const messages = useMessages(shellMessages);
  return (
    <div className={styles.shell} data-tabs={pages.length > 1 || undefined}>
      <a className={styles.skip} href="#content">
        {messages.skip}
      </a>
      <header className={styles.rail}>
        <Link to="/" className={styles.home}>
          <Brand />
        </Link>
        {pages.length > 0 && (
          <nav className={styles.pages} aria-label={messages.navigation}>
            {pages.map(({ path, name, icon: Mark }) => (
              <NavLink key={path} to={path} className={styles.page ?? ""}>
                <Mark size={20} stroke={1.75} aria-hidden="true" />
                {messages[name]}
              </NavLink>
            ))}
          </nav>
        )}
        <div className={styles.foot}>
          <NavLink to="/docs" className={styles.docs ?? ""}>
            <IconBook2 size={20} stroke={1.75} aria-hidden="true" />
            <span>{messages.docs}</span>
          </NavLink>
          {person && <Notices />}
          <Account person={person} />
        </div>
      </header>
      <main className={styles.main} id="content" tabIndex={-1}>
        <OfflineBar />
        {children}
      </main>
    </div>
  );
}
