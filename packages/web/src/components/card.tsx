import type { ReactNode } from "react";
import styles from "./card.module.css";

interface Props {
  readonly title?: ReactNode;
  /** Beside the title. */
  readonly tools?: ReactNode;
  /** Content that reaches the edges, such as a table. */
  readonly flush?: boolean;
  readonly children: ReactNode;
  readonly label?: string;
}

/** A sheet of the page with one thing on it. */
export function Card({ title, tools, flush = false, children, label }: Props) {
  return (
    <section className={styles.card} aria-label={label ?? (typeof title === "string" ? title : undefined)}>
      {(title || tools) && (
        <div className={styles.head}>
          {title && <h2>{title}</h2>}
          {tools && <div className={styles.tools}>{tools}</div>}
        </div>
      )}
      <div className={styles.body} data-flush={flush || undefined}>
        {children}
      </div>
    </section>
  );
}
