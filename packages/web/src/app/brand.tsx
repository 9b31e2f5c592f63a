import styles from "./shell.module.css";

/** The name with its mark: an A whose bar is a level line, as in a ledger. */
export function Brand() {
  return (
    <span className={styles.brand}>
      <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
        <rect width="32" height="32" rx="9" className={styles.brandMark} />
        <path d="M9 23 16 8.5 23 23" fill="none" stroke="#fff" strokeWidth="2.75" strokeLinecap="round" strokeLinejoin="round" />
        <path d="M12.4 18.4h7.2" stroke="#fff" strokeWidth="2.75" strokeLinecap="round" />
      </svg>
      Aira
    </span>
  );
}
