import styles from "./badge.module.css";

interface Props {
  readonly tone: "plain" | "good" | "warning" | "problem";
  readonly children: string;
}

/** A state, in a word. */
export function StateBadge({ tone, children }: Props) {
  return (
    <span className={styles.badge} data-tone={tone}>
      {children}
    </span>
  );
}
