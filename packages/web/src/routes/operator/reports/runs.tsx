import { useMessages } from "../../../i18n/language.tsx";
import { RunCard } from "./run-card.tsx";
import { RunFindings } from "./run-findings.tsx";
import { runMessages } from "./run-messages.ts";
import styles from "./runs.module.css";
import type { Runs as RunsOfKind } from "./use-runs.ts";

/** The looks at the whole: whether the ledger keeps its own rules, and whether Stripe and Twilio agree with it; below them what was found. */
export function Runs({ all }: { readonly all: readonly RunsOfKind[] }) {
  const { section } = useMessages(runMessages);
  return (
    <>
      <ul className={styles.cards} aria-label={section}>
        {all.map((runs) => (
          <li key={runs.kind}>
            <RunCard runs={runs} />
          </li>
        ))}
      </ul>
      {all.map(({ kind, shown }) => shown && <RunFindings key={kind} run={shown} />)}
    </>
  );
}
