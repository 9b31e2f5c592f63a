import { Button, Skeleton } from "@mantine/core";
import { IconClockPlay } from "@tabler/icons-react";
import { useState } from "react";
import { Card } from "../../../components/card.tsx";
import { Empty } from "../../../components/empty.tsx";
import { ProblemNotice } from "../../../components/problem-notice.tsx";
import { Segments } from "../../../components/segments.tsx";
import { useMessages } from "../../../i18n/language.tsx";
import styles from "../operator.module.css";
import { EarlierRuns } from "./earlier-runs.tsx";
import { RunCounts, RunHead } from "./run-head.tsx";
import { runMessages } from "./run-messages.ts";
import { RunOutcome } from "./run-outcome.tsx";
import runStyles from "./runs.module.css";
import { isUnderWay, type Runs } from "./use-runs.ts";

/** One kind of look at the whole: what the last one came to, and a button for another. */
export function RunCard({ runs: { kind, query, runs, shown, choose, start } }: { readonly runs: Runs }) {
  const { kinds, none, noneText } = useMessages(runMessages);
  const { title, lead } = kinds[kind];
  return (
    <Card title={title} flush>
      <p className={styles.lead}>{lead}</p>
      {query.isPending && (
        <div className={styles.aside}>
          <Skeleton height={148} />
        </div>
      )}
      {query.error && (
        <div className={styles.aside}>
          <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />
        </div>
      )}
      {query.data && !shown && (
        <Empty icon={IconClockPlay} title={none}>
          {noneText}
        </Empty>
      )}
      <div className={runStyles.run}>
        {shown && <RunHead run={shown} />}
        {shown && <RunOutcome run={shown} />}
        {shown && <RunCounts run={shown} />}
        {query.data && <Start kind={kind} runs={runs} start={start} />}
        {start.error && <ProblemNotice error={start.error} onRetry={() => start.variables && start.mutate(start.variables)} />}
      </div>
      {shown && <EarlierRuns runs={runs} shown={shown} onChoose={choose} />}
    </Card>
  );
}

function Start({ kind, runs, start }: Pick<Runs, "kind" | "runs" | "start">) {
  const messages = useMessages(runMessages);
  const [full, setFull] = useState(false);
  // A schedule's run is nobody's to wait for: it may look at less.
  const [latest] = runs.filter(({ requestedBy }) => requestedBy !== "schedule");
  const waits = latest !== undefined && latest.state === "queued" && latest.error !== null;
  const busy = start.isPending || (latest !== undefined && isUnderWay(latest) && !waits);
  const action = busy ? messages.running : waits ? messages.tryNow : messages.runNow;
  return (
    <div className={runStyles.start}>
      <Button
        variant="default"
        aria-disabled={busy}
        aria-label={messages.runKind(action, messages.kinds[kind].title)}
        onClick={() => !busy && start.mutate({ full, key: crypto.randomUUID() })}
      >
        {action}
      </Button>
      {kind === "ledger_verification" && (
        <Segments
          small
          label={messages.scope}
          value={full ? "whole" : "recent"}
          onChange={(value) => setFull(value === "whole")}
          options={[
            { value: "recent", label: messages.recent },
            { value: "whole", label: messages.whole },
          ]}
        />
      )}
    </div>
  );
}
