import { StateBadge } from "../../../components/badge.tsx";
import { useFormats } from "../../../i18n/formats.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { usePerson } from "../../../session/use-session.ts";
import { runMessages } from "./run-messages.ts";
import styles from "./runs.module.css";
import type { Run } from "./use-runs.ts";

const TONES = { queued: "plain", running: "plain", finished: "good", failed: "problem", stalled: "warning" } as const;

/** How a run stands, since when, and who asked for it. */
export function RunHead({ run }: { readonly run: Run }) {
  const { states } = useMessages(runMessages);
  const formats = useFormats();
  const at = run.finishedAt ?? run.updatedAt;
  const tone = run.state === "finished" && run.findingCount > 0 ? "warning" : TONES[run.state];
  return (
    <p className={styles.who}>
      <StateBadge tone={tone}>{states[run.state]}</StateBadge>
      <time dateTime={at}>{formats.moment(new Date(at))}</time>
      <RunAuthor run={run} />
    </p>
  );
}

export function RunAuthor({ run: { requestedBy } }: { readonly run: Run }) {
  const messages = useMessages(runMessages);
  const { sub } = usePerson();
  const operator = requestedBy.replace(/^operator:/, "");
  if (requestedBy === "schedule") return <span>{messages.bySchedule}</span>;
  return <span>{operator === sub ? messages.byYou : messages.byOperator(operator)}</span>;
}

/** What a run has counted so far, or in all. */
export function RunCounts({ run }: { readonly run: Run }) {
  const messages = useMessages(runMessages);
  const formats = useFormats();
  const { counts, kind, findingCount } = run;
  const counted = COUNTED[kind].flatMap((name) => (counts[name] === undefined ? [] : [[messages.counts[name], counts[name]] as const]));
  if (counted.length === 0) return null;
  return (
    <dl className={styles.counts}>
      {[...counted, [messages.found[kind], findingCount] as const].map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{formats.number(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

/** In the order in which they are read; behind them what was found. */
const COUNTED = {
  ledger_verification: ["wallets", "entries"],
  payment_reconciliation: ["reconciled", "topUps"],
  number_reconciliation: ["provided", "held"],
} as const;
