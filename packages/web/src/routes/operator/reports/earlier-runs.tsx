import { StateBadge } from "../../../components/badge.tsx";
import { useFormats } from "../../../i18n/formats.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { RunAuthor } from "./run-head.tsx";
import { runMessages } from "./run-messages.ts";
import styles from "./runs.module.css";
import type { Run } from "./use-runs.ts";

interface Props {
  readonly runs: readonly Run[];
  readonly shown: Run;
  readonly onChoose: (runId: string) => void;
}

/** The runs before, each to be looked at: an hourly schedule soon stands before what an operator has found. */
export function EarlierRuns({ runs, shown, onChoose }: Props) {
  const { earlier } = useMessages(runMessages);
  if (runs.length < 2) return null;
  return (
    <details className={styles.earlier}>
      <summary>{earlier}</summary>
      <ul>
        {runs.map((run) => (
          <li key={run.runId}>
            <button type="button" aria-current={run.runId === shown.runId || undefined} onClick={() => onChoose(run.runId)}>
              <RunLine run={run} />
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}

function RunLine({ run }: { readonly run: Run }) {
  const messages = useMessages(runMessages);
  const formats = useFormats();
  return (
    <>
      <span>
        {formats.moment(new Date(run.finishedAt ?? run.updatedAt))} <RunAuthor run={run} />
      </span>
      {run.state === "finished" ? (
        <StateBadge tone={run.findingCount === 0 ? "good" : "warning"}>
          {run.findingCount === 0 ? messages.nothing : messages.findingCount(formats.number(run.findingCount))}
        </StateBadge>
      ) : (
        <StateBadge tone={run.state === "failed" ? "problem" : "plain"}>{messages.states[run.state]}</StateBadge>
      )}
    </>
  );
}
