import type { Icon } from "@tabler/icons-react";
import type { ReactNode } from "react";
import styles from "./empty.module.css";

interface Props {
  readonly icon: Icon;
  readonly title: string;
  /** What to do next. */
  readonly children: ReactNode;
  readonly action?: ReactNode;
}

/** A place with nothing in it yet, and what would fill it. */
export function Empty({ icon: Mark, title, children, action }: Props) {
  return (
    <div className={styles.empty}>
      <span className={styles.mark} aria-hidden="true">
        <Mark size={26} stroke={1.5} />
      </span>
      <p className={styles.title}>{title}</p>
      <p className={styles.text}>{children}</p>
      {action}
    </div>
  );
}
