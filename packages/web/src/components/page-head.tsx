import { type ReactNode, useEffect, useRef } from "react";
import styles from "./page-head.module.css";

interface Props {
  readonly title: string;
  readonly lead?: string;
  readonly actions?: ReactNode;
}

/** The heading of a page. It names the window, and takes the focus when one comes from another page. */
export function PageHead({ title, lead, actions }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Aira`;
  }, [title]);
  useEffect(() => {
    // On the first page of a visit the browser's own beginning is the right place.
    if (history.state?.idx > 0) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <div className={styles.head}>
      <div>
        <h1 ref={heading} tabIndex={-1} className={styles.title}>
          {title}
        </h1>
        {lead && <p className={styles.lead}>{lead}</p>}
      </div>
      {actions && <div className={styles.actions}>{actions}</div>}
    </div>
  );
}
